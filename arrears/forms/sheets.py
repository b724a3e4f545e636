"""Handing in a wage sheet, and saying what its columns are."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from arrears.ledger.cells import BadCell
from arrears.sheet_columns import Columns, heads_of
from arrears.sheet_kept import LACKING, Kept, lacking
from arrears.sheets.cells import read_period
from arrears.sheets.choice import Choice, TableChoice, make_choice
from arrears.sheets.fields import BY_NAME, FIELDS
from arrears.sheets.header import fields_of, header_at
from arrears.sheets.table import Cell

LONGEST_PASTE = 2_000_000


class UploadForm(forms.Form):
    """One of the two; a file before a text."""

    file = forms.FileField(label=_("选择文件"), required=False, allow_empty_file=True, max_length=200)
    text = forms.CharField(label=_("或者粘贴表格内容"), required=False, max_length=LONGEST_PASTE)

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if not self.errors and not said.get("file") and not said.get("text"):
            self.add_error("file", _("请选择一个文件，或把表格内容粘贴到下面的框里。"))
        return said

    @property
    def data_and_name(self) -> tuple[bytes, str]:
        if file := self.cleaned_data["file"]:
            return file.read(), file.name
        return self.cleaned_data["text"].encode(), gettext("粘贴的工资表") + ".txt"


class ColumnsForm:
    """Which tables, their header and month, and the meaning of each head. Names are made of numbers, as heads are
    anybody's words; the head itself comes along, so that a number never means another column."""

    def __init__(self, kept: Kept, posted: Mapping[str, str] | None, today: date) -> None:
        self.kept, self.posted, self.today = kept, posted, today
        self.errors: list[str] = []
        self.choice = kept.choice if posted is None else self.read(posted)
        self.columns = Columns(kept.tables, self.choice)

    def read(self, posted: Mapping[str, str]) -> Choice:
        tables, was = self.kept.tables, self.kept.choice
        chosen: dict[int, TableChoice] = {}
        for number, table in enumerate(tables):
            if len(tables) == 1 or posted.get(f"use-{number}"):
                line = as_number(posted.get(f"line-{number}", ""), table.lines[-1].number)
                depth = 2 if posted.get(f"depth-{number}") == "2" and line else 1 if line else 0
                chosen[number] = TableChoice(line, depth, posted.get(f"period-{number}", "").strip()[:60])
        fields: dict[str, str] = {}
        for name, head in posted.items():
            if name.startswith("head-") and (meant := posted.get(f"field-{name[5:]}", "")) in BY_NAME:
                fields[head] = meant
        known = {head for name, head in posted.items() if name.startswith("head-")}
        for number, one in chosen.items():
            if number not in was.tables or (one.line, one.depth) != (was.tables[number].line, was.tables[number].depth):
                guessed = fields_of(header_at(tables[number], one.line, one.depth).heads)
                fields |= {head: name for head, name in guessed.items() if head not in known and name not in fields.values()}
        made = make_choice(
            tables, chosen, fields, with_hidden=bool(posted.get("with_hidden")), same_name=bool(posted.get("same_name"))
        )
        self.check(made)
        return made

    def check(self, choice: Choice) -> None:
        if self.has_new_heads(choice):
            self.errors = [gettext("表头换了，请再核对一遍各列。")]
            return
        self.errors = columns_faults(choice, self.today)

    @property
    def is_valid(self) -> bool:
        return self.posted is not None and not self.errors

    def has_new_heads(self, choice: Choice) -> bool:
        """A header was moved, or another table taken: its columns have to be looked at first."""
        known = {head for name, head in self.posted.items() if name.startswith("head-")} if self.posted else set()
        return not set(heads_of(choice)) <= known

    @property
    def options(self) -> list[tuple[str, str]]:
        return [("", gettext("不用这一列")), *((field.name, gettext(field.label)) for field in FIELDS)]


def columns_faults(choice: Choice, today: date) -> list[str]:
    """Sentences about columns that nobody chose, or somebody chose twice, and about months that cannot be read."""
    found = [gettext(LACKING[code]) for code in lacking(choice)]
    for number, one in choice.tables.items():
        names = [choice.fields[head] for head in choice.heads[number].heads if choice.fields.get(head)]
        for name in sorted({name for name in names if names.count(name) > 1}):
            found.append(gettext("有两列都选成了“%(field)s”，请只留一列。") % {"field": gettext(BY_NAME[name].label)})
        try:
            read_period(Cell(one.period), today)
        except BadCell as bad:
            found.append(bad.cause.text(gettext))
    return found


def as_number(text: str, most: int) -> int:
    text = text.strip()
    return min(int(text), most) if text.isascii() and text.isdigit() and len(text) < 8 else 0
