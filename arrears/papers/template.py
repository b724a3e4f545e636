"""Reading a Word template: fields, loops and conditions, in paragraphs and in the rows of tables.

It is read once into lists of what stands in it; word.py writes them out as often as loops ask. Every paragraph knows its
place, so that a fault names it. A `{% for %}` that fills a paragraph repeats the paragraphs up to its
`{% endfor %}`; one that fills a row of a table repeats rows.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from docx.document import Document as Docx
from docx.oxml.ns import qn
from jinja2 import nodes

from arrears.papers.marks import TemplateFault, fault, parsed
from arrears.papers.markup import opened

P, R, TBL, TR, TC, BODY = (qn(f"w:{name}") for name in ("p", "r", "tbl", "tr", "tc", "body"))
FLOW = frozenset({P, TBL, TR, TC})
OPENS, CLOSES = re.compile(r"\{[{%#]"), {"{{": "}}", "{%": "%}", "{#": "#}"}
STRAY = re.compile(r"\}\}|%\}")
OF_ROWS = re.compile(r"(?:p|tr)\s")  # {%p for … %}, {%tr for … %}: what other programs' templates write
FOR = re.compile(r"for\s+(?P<name>\w+)\s+in\s+(?P<list>.+)", re.DOTALL)


@dataclass
class Branch:
    test: nodes.Expr | None  # None: else
    body: list["Item"]
    place: str


@dataclass
class If:
    branches: list[Branch]


@dataclass
class For:
    name: str
    over: nodes.Expr
    body: list["Item"]
    place: str


@dataclass
class Leaf:
    """What is written out: an element of the document, or inside a paragraph a text or a field with its run."""

    what: Any
    place: str
    run: Any = None


Item = If | For | Leaf


@dataclass
class Template:
    """A document read into items: `flows` for what contains paragraphs or rows, `lines` for paragraphs with marks."""

    document: Docx
    flows: dict[Any, list[Item]] = field(default_factory=dict)
    lines: dict[Any, list[Item]] = field(default_factory=dict)


def read(docx: bytes) -> Template:
    """Raises TemplateFault with everything that cannot be read."""
    template, faults = Template(opened(docx)), []
    read_flow(template, template.document.element.body, "", faults)
    if faults:
        raise TemplateFault(faults)
    return template


def read_flow(template: Template, container: Any, place: str, faults: list[str]) -> None:
    """The children of a body, table, row or cell, nested as their controls say."""
    builder = Builder()
    numbers = {P: 0, TBL: 0, TR: 0, TC: 0}
    for child in container:
        if child.tag not in FLOW:
            continue
        numbers[child.tag] += 1
        where = placed(place, child.tag, numbers[child.tag], container.tag)
        try:
            control = only_control(child)
            if control is not None:
                builder.control(control, where)
                continue
            builder.add(Leaf(child, where))
            if child.tag == P:
                read_line(template, child, where)
        except TemplateFault as error:
            faults += error.faults
        if child.tag != P:
            read_flow(template, child, where, faults)
    try:
        template.flows[container] = builder.done()
    except TemplateFault as error:
        faults += error.faults


def placed(above: str, tag: str, number: int, container: str) -> str:
    if tag == P:
        return above if container == TC else _("第%(n)s段") % {"n": number}
    words = {TBL: _("第%(n)s个表格"), TR: _("%(above)s第%(n)s行"), TC: _("%(above)s第%(n)s格")}
    return words[tag] % {"above": above, "n": number}


def only_control(element: Any) -> str | None:
    """The control that fills the paragraph or the row, and nothing else stands in it."""
    if element.tag not in (P, TR):
        return None
    text = text_of(element).strip()
    if not text.startswith("{%") or text.find("%}") != len(text) - 2:
        return None
    return OF_ROWS.sub("", text[2:-2], count=1) if OF_ROWS.match(text[2:-2]) else text[2:-2]


def text_of(element: Any) -> str:
    return "".join(node.text or "" for node in element.iter(qn("w:t")))


class Builder:
    """Nests items: a stack of open loops and conditions."""

    def __init__(self) -> None:
        self.top: list[Item] = []
        self.stack: list[tuple[For | If, list[Item], str]] = []
        self.here = self.top

    def add(self, item: Item) -> None:
        self.here.append(item)

    def control(self, text: str, place: str) -> None:
        text = text.strip().strip("-").strip()
        word = text.split(None, 1)[0] if text else ""
        if word == "for":
            found = FOR.fullmatch(text)
            if not found:
                raise fault(place, _("循环写作 {%% for 项 in 列表 %%}，看不懂“%(text)s”。") % {"text": text[:60]})
            self.open(For(found["name"], parsed(found["list"], place), [], place), place)
        elif word == "if":
            self.open(If([Branch(parsed(text[2:], place), [], place)]), place)
        elif word in ("elif", "else"):
            self.branch(None if word == "else" else parsed(text[4:], place), place)
        elif word in ("endfor", "endif"):
            self.close(For if word == "endfor" else If, word, place)
        else:
            raise fault(place, _("不认识 {%% %(text)s %%}。可以用 for、if、elif、else、endif、endfor。") % {"text": text[:60]})

    def open(self, item: For | If, place: str) -> None:
        self.here.append(item)
        self.stack.append((item, self.here, place))
        self.here = item.body if isinstance(item, For) else item.branches[0].body

    def branch(self, test: nodes.Expr | None, place: str) -> None:
        if not self.stack or not isinstance(self.stack[-1][0], If):
            raise fault(place, _("else 前面没有 if。"))
        branch = Branch(test, [], place)
        self.stack[-1][0].branches.append(branch)
        self.here = branch.body

    def close(self, kind: type, word: str, place: str) -> None:
        if not self.stack or not isinstance(self.stack[-1][0], kind):
            raise fault(place, _("%(word)s 前面没有与它配对的 %(begin)s。") % {"word": word, "begin": word.removeprefix("end")})
        self.here = self.stack.pop()[1]

    def done(self) -> list[Item]:
        if self.stack:
            item, _here, place = self.stack[-1]
            word = "for" if isinstance(item, For) else "if"
            raise fault(place, _("%(begin)s 没有 %(end)s。") % {"begin": word, "end": f"end{word}"})
        return self.top


def read_line(template: Template, paragraph: Any, place: str) -> None:
    """A paragraph with marks. Word cuts a text into runs wherever it likes, so marks are looked for in the whole."""
    pieces = [(run, run_text(run)) for run in paragraph.iter(R)]
    whole = "".join(text for _run, text in pieces)
    if "{" not in whole and "}" not in whole:
        return
    owners = [run for run, text in pieces for _mark in text]
    builder, end = Builder(), 0
    for start, stop in tags(whole, place):
        add_text(builder, whole, owners, end, start, place)
        end, inside = stop, whole[start + 2 : stop - 2]
        if whole.startswith("{{", start):
            builder.add(Leaf(parsed(inside, place), place, owners[start]))
        elif whole.startswith("{%", start):
            builder.control(inside, place)
    add_text(builder, whole, owners, end, len(whole), place)
    template.lines[paragraph] = builder.done()


def tags(whole: str, place: str) -> Iterator[tuple[int, int]]:
    """Where each mark begins and ends; once through the text, however many braces somebody puts in."""
    end = 0
    while opening := OPENS.search(whole, end):
        stop = whole.find(CLOSES[opening[0]], opening.end())
        if stop < 0:
            raise fault(place, _("花括号没有配对：“%(text)s”。") % {"text": whole[opening.start() :].strip()[:60]})
        end = stop + 2
        yield opening.start(), end


def add_text(builder: Builder, whole: str, owners: list[Any], start: int, end: int, place: str) -> None:
    if STRAY.search(whole, start, end):
        raise fault(place, _("花括号没有配对：“%(text)s”。") % {"text": whole[start:end].strip()[:60]})
    while start < end:
        stop = start
        while stop < end and owners[stop] is owners[start]:
            stop += 1
        builder.add(Leaf(whole[start:stop], place, owners[start]))
        start = stop


BREAKS = {qn("w:tab"): "\t", qn("w:noBreakHyphen"): "-", qn("w:cr"): "\n"}


def run_text(run: Any) -> str:
    text = ""
    for child in run:
        if child.tag == qn("w:t"):
            text += child.text or ""
        elif child.tag == qn("w:br"):
            text += "\f" if child.get(qn("w:type")) == "page" else "\n"
        else:
            text += BREAKS.get(child.tag, "")
    return text
