"""Filling a Word template (read by template.py) with facts, and reading nothing else."""

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from arrears.papers.blocks import blocks_of
from arrears.papers.marks import Reading, TemplateFault, Turn, fault, value_of, written
from arrears.papers.markup import opened, template_of
from arrears.papers.packing import packed
from arrears.papers.template import BODY, FLOW, TC, For, Item, Leaf, P, R, Template, read

__all__ = ["Filled", "TemplateFault", "blocks_of", "fill", "template_of"]
NO_XML = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
MOST_CHARACTERS = 4_000_000
Scope = Mapping[str, Any]


@dataclass(frozen=True)
class Filled:
    docx: bytes
    gaps: list[str]
    used: frozenset[str]  # of the facts: those the paper speaks of


@lru_cache(maxsize=32)
def known(docx: bytes) -> Template:
    return read(docx)


def fill(docx: bytes, facts: Mapping[str, Any], template: Template | None = None) -> Filled:
    """The template with the facts in it. Raises TemplateFault: a sentence naming field and place."""
    template = template or known(docx)
    reading = Reading(facts)
    writer = Writer(template, reading)
    old = template.document.element.body
    new = writer.flow(old, facts)
    document = opened(docx)
    body = document.element.body
    body.getparent().replace(body, new)
    return Filled(packed(document), list(reading.gaps), frozenset(reading.used & facts.keys()))


@dataclass
class Writer:
    template: Template
    reading: Reading
    characters: int = 0

    def flow(self, element: Any, scope: Scope) -> Any:
        """A copy of a body, table, row or cell, its paragraphs and rows written out."""
        copy = element.makeelement(element.tag, dict(element.attrib), element.nsmap)
        items = self.template.flows[element]
        before = True
        for child in element:
            if child.tag not in FLOW:
                if not before or child.tag == qn("w:sectPr"):
                    continue
                copy.append(deepcopy(child))
            else:
                before = False
        for leaf, inner in self.chosen(items, scope):
            copy.append(self.line(leaf.what, inner) if leaf.what.tag == P else self.flow(leaf.what, inner))
        if element.tag == BODY and (section := element.find(qn("w:sectPr"))) is not None:
            copy.append(deepcopy(section))
        if element.tag == TC and (not len(copy) or copy[-1].tag != P):
            copy.append(OxmlElement("w:p"))  # Word wants one at the end of a cell
        return copy

    def chosen(self, items: list[Item], scope: Scope) -> Iterator[tuple[Leaf, Scope]]:
        """The leaves in the order in which they are printed, each with what its names mean there."""
        for item in items:
            if isinstance(item, Leaf):
                yield item, scope
            elif isinstance(item, For):
                for inner in self.turns(item, scope):
                    yield from self.chosen(item.body, inner)
            else:
                for branch in item.branches:
                    if branch.test is None or value_of(branch.test, scope, self.reading, branch.place).value:
                        yield from self.chosen(branch.body, scope)
                        break

    def turns(self, item: For, scope: Scope) -> Iterator[Scope]:
        found = value_of(item.over, scope, self.reading, item.place)
        if found.value is None:
            return
        if not isinstance(found.value, (list, tuple)):
            raise fault(item.place, _("“%(field)s”不是列表，不能用 for。") % {"field": found.path})
        self.reading.lists[item.name] = self.reading.path_of(found.path)
        for at, one in enumerate(found.value, 1):
            self.reading.count()
            yield {**scope, item.name: one, "loop": Turn(at, len(found.value))}

    def line(self, paragraph: Any, scope: Scope) -> Any:
        items = self.template.lines.get(paragraph)
        if items is None:
            return deepcopy(paragraph)
        copy = paragraph.makeelement(P, dict(paragraph.attrib), paragraph.nsmap)
        if (properties := paragraph.find(qn("w:pPr"))) is not None:
            copy.append(deepcopy(properties))
        waiting, run = [], None
        for leaf, inner in self.chosen(items, scope):
            text = leaf.what if isinstance(leaf.what, str) else written(leaf.what, inner, self.reading, leaf.place)
            self.characters += len(text)
            if self.characters > MOST_CHARACTERS:
                raise TemplateFault([_("模板的循环太多，生成的内容过大。请减少套在一起的 for。")], "template_large")
            if waiting and leaf.run is not run:
                copy.append(run_of("".join(waiting), run))
                waiting = []
            if text:
                waiting.append(text)
                run = leaf.run
        if waiting:
            copy.append(run_of("".join(waiting), run))
        return copy


def run_of(text: str, like: Any) -> Any:
    """A run with this text in the looks of another."""
    run = like.makeelement(R, {}, like.nsmap)
    if (looks := like.find(qn("w:rPr"))) is not None:
        run.append(deepcopy(looks))
    for piece in re.split(r"([\t\n\f])", text.replace("\r\n", "\n").replace("\r", "\n")):
        if piece == "\t":
            run.append(OxmlElement("w:tab"))
        elif piece in ("\n", "\f"):
            mark = OxmlElement("w:br")
            if piece == "\f":
                mark.set(qn("w:type"), "page")
            run.append(mark)
        elif clean := NO_XML.sub("", piece):
            words = OxmlElement("w:t")
            words.text = clean
            words.set(qn("xml:space"), "preserve")
            run.append(words)
    return run
