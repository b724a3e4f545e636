"""Whether a Word file that somebody brings may be a template. Whatever its PDF could not carry is refused here, by name and
place: a picture or a text box that silently goes missing on a court paper is worse than a template that is sent back.
"""

import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from docx.oxml.ns import qn

from arrears.evidence_types import sniff
from arrears.invalid import Invalid
from arrears.papers.fonts import is_known
from arrears.papers.marks import Anything, Reading, TemplateFault, Turn, value_of, written
from arrears.papers.template import For, If, Item, Leaf, Template, placed, read
from arrears.papers.word import fill

LARGEST = 2 * 1024 * 1024
LARGEST_PART = 4 * 1024 * 1024  # of the text itself, unpacked
LARGEST_ALL = 16 * 1024 * 1024
MOST_FAULTS = 20  # told at once

# What a blocks-reader understands; everything else in the text is named and refused.
PLAIN = {
    "body": "p tbl sectPr bookmarkStart bookmarkEnd proofErr",
    "tbl": "tblPr tblGrid tr bookmarkStart bookmarkEnd",
    "tr": "trPr tblPrEx tc bookmarkStart bookmarkEnd",
    "tc": "tcPr p bookmarkStart bookmarkEnd",
    "p": "pPr r bookmarkStart bookmarkEnd proofErr",
    "r": "rPr t tab br cr noBreakHyphen lastRenderedPageBreak",
}
WORDS = {
    "drawing": gettext_lazy("图片或图形"), "pict": gettext_lazy("图片或文本框"), "object": gettext_lazy("嵌入的对象"),
    "AlternateContent": gettext_lazy("图形或文本框"), "hyperlink": gettext_lazy("超链接"), "fldSimple": gettext_lazy("域（自动内容）"),
    "fldChar": gettext_lazy("域（自动内容）"), "instrText": gettext_lazy("域（自动内容）"), "ins": gettext_lazy("修订（请先接受全部修订）"),
    "del": gettext_lazy("修订（请先接受全部修订）"), "sdt": gettext_lazy("内容控件"), "footnoteReference": gettext_lazy("脚注"),
    "endnoteReference": gettext_lazy("尾注"), "tbl": gettext_lazy("表格里的表格"), "altChunk": gettext_lazy("外来文档"),
    "numPr": gettext_lazy("自动编号（请改为手写编号）"), "commentReference": gettext_lazy("批注"), "oMath": gettext_lazy("公式"),
    "commentRangeStart": gettext_lazy("批注"), "commentRangeEnd": gettext_lazy("批注"), "sym": gettext_lazy("特殊符号"),
    "framePr": gettext_lazy("图文框"),
}  # fmt: skip
RELATIONS = re.compile(rb'TargetMode\s*=\s*["\']External', re.IGNORECASE)
DECLARED = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
EMBEDDED = re.compile(r"^word/(?:embeddings|activeX|media|charts|diagrams|controls|afchunk)", re.IGNORECASE)


@dataclass(frozen=True)
class Accepted:
    template: Template
    gaps: list[str]  # what the example facts leave empty
    warnings: list[str]


def accept(data: bytes, facts: Mapping[str, Any]) -> Accepted:
    """`facts` are those of an example, with every field the form may use. Raises TemplateFault with every fault found."""
    check_archive(data)
    template = read_with_fields(data, facts)
    gaps = fill(data, facts, template).gaps
    return Accepted(template, gaps, list(warnings_of(template)))


def check_archive(data: bytes) -> None:
    if len(data) > LARGEST:
        raise TemplateFault([_("模板超过 %(most)s MB。") % {"most": LARGEST // 1024 // 1024}], "template_large")
    try:
        if sniff(BytesIO(data)).ext != "docx":
            raise TemplateFault([_("请上传 .docx 文件（Word 里“另存为”选“Word 文档”）。")], "not_docx")
    except Invalid as error:
        raise TemplateFault([_(error.sentence)], error.code) from error
    with zipfile.ZipFile(BytesIO(data)) as archive:
        parts = archive.infolist()
        if sum(part.file_size for part in parts) > LARGEST_ALL:
            raise TemplateFault([_("模板解开后过大，不能接收。")], "template_large")
        if any(EMBEDDED.match(part.filename) for part in parts):
            raise TemplateFault([_("模板里有图片、图表或嵌入的对象，PDF 里不会出现，请删除后再上传。")], "template_embedded")
        for part in parts:
            check_part(part, archive.read(part))


def check_part(part: zipfile.ZipInfo, content: bytes) -> None:
    if not part.filename.endswith((".xml", ".rels")):
        return
    if part.filename == "word/document.xml" and len(content) > LARGEST_PART:
        raise TemplateFault([_("模板解开后过大，不能接收。")], "template_large")
    # UTF-16 would hide a declaration from the bytes; Word writes UTF-8
    if DECLARED.search(content.replace(b"\x00", b"")) or content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise TemplateFault([_("模板的内部文件不是 Word 写成的，不能接收。请用 Word 重新另存。")], "template_unsafe")
    if RELATIONS.search(content):
        raise TemplateFault([_("模板引用了外部文件或网址（超链接、链接的图片、附加模板），请取消后再上传。")], "template_external")


def read_with_fields(data: bytes, facts: Mapping[str, Any]) -> Template:
    try:
        template = read(data)
    except TemplateFault:
        raise
    except Exception as error:  # whatever python-docx and lxml make of a file that only looks like Word
        raise TemplateFault([_("这个文件不是完整的 Word 文档，请用 Word 重新另存。")], "template_broken") from error
    faults = [*foreign(template), *surveyed(template, facts)]
    if faults:
        raise TemplateFault(list(dict.fromkeys(faults))[:MOST_FAULTS])
    return template


def foreign(template: Template) -> Iterator[str]:
    """What stands in the text that the PDF could not carry."""
    yield from foreign_in(template.document.element.body, "")
    for section in template.document.sections:
        for name, part in ((_("页眉"), section.header), (_("页脚"), section.footer)):
            if not part.is_linked_to_previous and "".join(part._element.itertext()).strip():
                yield _("%(place)s：%(what)s不会印到 PDF 上，请删除。文号和页码由系统印上。") % {"place": name, "what": _("文字")}


def foreign_in(element: Any, place: str) -> Iterator[str]:
    known = {qn(f"w:{name}") for name in PLAIN[local(element)].split()}
    numbers: dict[str, int] = {}
    for child in element:
        if not isinstance(child.tag, str):
            continue
        numbers[child.tag] = numbers.get(child.tag, 0) + 1
        name = local(child)
        where = placed(place, child.tag, numbers[child.tag], element.tag) if name in ("p", "tbl", "tr", "tc") else place
        if child.tag not in known:
            yield not_carried(where, name)
        elif name == "pPr":
            yield from (not_carried(where, mark) for mark in ("numPr", "framePr") if child.find(qn(f"w:{mark}")) is not None)
        elif name in PLAIN:
            yield from foreign_in(child, where)


def not_carried(place: str, name: str) -> str:
    what = WORDS.get(name, name)
    return _("%(place)s：%(what)s不会印到 PDF 上，请删除或者改为普通文字。") % {"place": place or _("正文"), "what": what}


def local(element: Any) -> str:
    return element.tag.rsplit("}", 1)[-1]


def surveyed(template: Template, facts: Mapping[str, Any]) -> Iterator[str]:
    """Every field of every branch, also of those the facts would not take."""
    for element, items in template.flows.items():
        if local(element) == "body":
            yield from surveyed_items(template, items, facts, Reading(facts))


def surveyed_items(template: Template, items: list[Item], scope: Mapping[str, Any], reading: Reading) -> Iterator[str]:
    for item in items:
        if isinstance(item, For):
            values: list[Any] = []
            yield from told(lambda item=item, values=values: values.append(value_of(item.over, scope, reading, item.place).value))
            first = values[0][0] if values and isinstance(values[0], list) and values[0] else Anything()
            if values and values[0] and not isinstance(values[0], (list, tuple)):
                yield _("%(place)s：%(what)s") % {"place": item.place, "what": _("for 后面的不是列表。")}
            yield from surveyed_items(template, item.body, {**scope, item.name: first, "loop": Turn(1, 1)}, reading)
        elif isinstance(item, If):
            for branch in item.branches:
                if branch.test is not None:
                    yield from told(lambda branch=branch: value_of(branch.test, scope, reading, branch.place))
                yield from surveyed_items(template, branch.body, scope, reading)
        else:
            yield from surveyed_leaf(template, item, scope, reading)


def surveyed_leaf(template: Template, leaf: Leaf, scope: Mapping[str, Any], reading: Reading) -> Iterator[str]:
    if isinstance(leaf.what, str):
        return
    if leaf.run is not None:
        yield from told(lambda: written(leaf.what, scope, reading, leaf.place))
        return
    inside = template.lines.get(leaf.what) or template.flows.get(leaf.what) or []
    yield from surveyed_items(template, inside, scope, reading)


def told(look: Any) -> Iterator[str]:
    try:
        look()
    except TemplateFault as error:
        yield from error.faults


def warnings_of(template: Template) -> Iterator[str]:
    """Faces that the PDF replaces; the Word file keeps them."""
    faces: dict[str, None] = {}
    styles = template.document.styles.element
    for root in (styles, template.document.element.body):
        for fonts in root.iter(qn("w:rFonts")):
            faces |= {face: None for key, face in fonts.attrib.items() if key in FACES and face}
    unknown = [face for face in faces if not is_known(face)]
    if unknown:
        yield _("模板用了系统没有的字体：%(faces)s。PDF 里以宋体或者黑体代替，Word 文件不变。") % {"faces": "、".join(unknown)}


FACES = {qn(f"w:{script}") for script in ("ascii", "hAnsi", "eastAsia", "cs")}
