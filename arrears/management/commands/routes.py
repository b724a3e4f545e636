"""manage.py routes: which roads are open on given facts, best first, each with its article.

    routes --json FILE      fact patterns in (FILE, or - for standard input), ranked roads out, as JSON on standard output
    routes --facts          the ids of the facts that can be given, with what they mean

The input is one pattern, a list of them, or {"cases": [...]}:

    {"id": "iou", "facts": ["iou", "construction"], "parties": {"labour": ["宏远劳务"]}, "owed": "8000.00", "unsettled": null, "lender": ""}

`facts`: ids of arrears/situation/facts.toml, and what a record shows by itself (agreement_fresh, arb_expired …). `parties`: names
by role of the chain; without them the worker has an ordinary employer. `lender`: in which role the unit stands whose name was lent.
Everything but `facts` may be left out. Works without a database.

The answer, one for each pattern in its order: {"id", "facts": everything that holds, "roads": [...], "beside": [...], "shut": [...],
"liable": [...]}; a road is {"id", "name", "law", "article", "confidence", "days", "most_days", "time", "cost", "act", "warnings"}, one that
is shut says `why`. Any fault refuses the whole input and says where it is and what it should be.
"""

import difflib
import json
import sys
from argparse import ArgumentParser
from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from arrears.liability import Liable, liable
from arrears.money import LARGEST, q
from arrears.routes import Door, Trap, doors
from arrears.situation.facts import KNOWN, ROLES, TICKS, Facts

COLUMNS = ("id", "facts", "parties", "owed", "unsettled", "lender")
SAID = (*TICKS, *(name for name in KNOWN if not name.startswith("has_")))
ORDINARY = {"employer": ["用人单位"]}  # of a pattern that names nobody
MOST = 10_000


class Command(BaseCommand):
    help = "The lawful roads on given facts, ranked, with articles."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        way = parser.add_mutually_exclusive_group(required=True)
        way.add_argument("--json", dest="file", metavar="FILE", help="fact patterns; - reads standard input")
        way.add_argument("--facts", action="store_true", help="print the ids of the facts and what they mean")

    def handle(self, *args: Any, file: str | None, facts: bool, **options: Any) -> None:
        if facts:
            language = get_language() or ""
            for name in SAID:
                self.stdout.write(f"{name}\t{TICKS[name].text('label', language) if name in TICKS else _(KNOWN[name])}")
            return
        patterns = patterns_in(text_of(file or ""))
        found = [answer(facts_in(pattern, place), pattern) for place, pattern in enumerate(patterns, 1)]
        self.stdout.write(json.dumps(found, ensure_ascii=False, indent=1))


def text_of(file: str) -> str:
    try:
        raw = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        return raw.decode("utf-8-sig")
    except OSError as error:
        raise CommandError(_("读不了文件 %(file)s：%(why)s") % {"file": file, "why": error.strerror}) from error
    except UnicodeDecodeError as error:
        raise CommandError(_("文件不是 UTF-8 编码，请另存为 UTF-8。")) from error


def patterns_in(text: str) -> list[Any]:
    try:
        read = json.loads(text)
    except ValueError as error:
        line, column = getattr(error, "lineno", 0), getattr(error, "colno", 0)
        raise CommandError(_("不是有效的 JSON：第 %(line)s 行第 %(column)s 列。") % {"line": line, "column": column}) from error
    except RecursionError as error:
        raise CommandError(_("JSON 嵌套太深。")) from error
    if isinstance(read, dict) and "cases" in read:
        if unknown := sorted(read.keys() - {"cases"}):
            raise CommandError(_("“cases”旁边不应有：%(names)s。") % {"names": "、".join(unknown)})
        read = read["cases"]
    patterns = [read] if isinstance(read, dict) else read
    if not isinstance(patterns, list) or not patterns:
        raise CommandError(_("应当是一个情形、情形的列表，或者 {\"cases\": [...]}，而且至少有一个。"))
    if len(patterns) > MOST:
        raise CommandError(_("一次最多 %(most)s 个情形，这里有 %(count)s 个。") % {"most": MOST, "count": len(patterns)})
    return patterns


def facts_in(pattern: Any, place: int) -> Facts:
    """Raises CommandError, which says in which pattern what is wrong."""
    where = Where(pattern, place)
    if not isinstance(pattern, dict):
        raise where.wrong(_("应当是对象，例如 {\"facts\": [\"iou\"]}。"))
    where.known(pattern, COLUMNS, _("没有“%(name)s”这一栏"))
    if "facts" not in pattern:
        raise where.wrong(_("缺少 facts（情形编号的列表，可以是空列表）。"))
    said = where.texts(pattern["facts"], "facts")
    where.known(said, SAID, _("facts 中没有“%(name)s”这一项情形"))
    parties = pattern.get("parties", {})
    if not isinstance(parties, dict):
        raise where.wrong(_("parties 应当是对象，例如 {\"labour\": [\"宏远劳务\"]}。"))
    where.known(parties, ROLES, _("parties 中没有“%(name)s”这一角色"))
    names = {role: where.texts(who, f"parties.{role}") for role, who in parties.items()}
    lender = pattern.get("lender") or ""
    where.known([lender] if lender else [], ROLES, _("lender 中没有“%(name)s”这一角色"))
    owed, unsettled = where.amount(pattern, "owed"), where.amount(pattern, "unsettled")
    return Facts.of(said, names or ORDINARY, owed or Decimal(0), unsettled, lender)


class Where:
    """In which pattern something is wrong."""

    def __init__(self, pattern: Any, place: int) -> None:
        name = pattern.get("id") if isinstance(pattern, dict) else None
        self.place, self.name = place, f"（{name}）" if name else ""

    def wrong(self, what: str) -> CommandError:
        return CommandError(_("第 %(place)s 个情形%(name)s：%(what)s") % {"place": self.place, "name": self.name, "what": what})

    def known(self, names: Iterable[Any], allowed: Collection[str], words: str) -> None:
        for name in names:
            if isinstance(name, str) and name in allowed:
                continue
            near = difflib.get_close_matches(str(name), list(allowed), n=1, cutoff=0.5)
            hint = _("，最接近的是“%(near)s”。") % {"near": near[0]} if near else _("，可以写：%(all)s。") % {"all": "、".join(allowed)}
            raise self.wrong(words % {"name": name} + hint)

    def texts(self, value: Any, column: str) -> list[str]:
        if not isinstance(value, list) or not all(isinstance(one, str) and one.strip() for one in value):
            raise self.wrong(_("%(column)s 应当是文字的列表。") % {"column": column})
        return [one.strip() for one in value]

    def amount(self, pattern: Mapping[str, Any], column: str) -> Decimal | None:
        value = pattern.get(column)
        if value is None:
            return None
        try:
            amount = Decimal(str(value)) if isinstance(value, (str, int, float)) and not isinstance(value, bool) else Decimal("NaN")
        except InvalidOperation:
            amount = Decimal("NaN")
        if not amount.is_finite() or not 0 <= amount <= LARGEST or amount != q(amount):
            raise self.wrong(_("%(column)s 应当是金额，最多两位小数，例如 \"8000.00\"。") % {"column": column})
        return amount


def answer(facts: Facts, pattern: Mapping[str, Any]) -> dict[str, Any]:
    found = doors(facts)
    return {
        "id": pattern.get("id"), "facts": sorted(facts.said), "roads": [road(door) for door in found.open], "beside": [road(door) for door in found.beside],
        "shut": [{**head(door), "why": [trap(one) for one in door.shut]} for door in found.shut], "liable": [payer(party) for party in liable(facts).parties],
    }  # fmt: skip


def head(door: Door) -> dict[str, Any]:
    language, row = get_language() or "", door.road
    return {
        "id": row.id, "name": row.text("name", language), "law": row.text("law", language), "article": row.text("article", language),
        "confidence": row.confidence,
    }  # fmt: skip


def road(door: Door) -> dict[str, Any]:
    language, (usual, most) = get_language() or "", door.road.days
    told = {column: door.road.text(column, language) for column in ("time", "cost", "act")}
    return {**head(door), "days": usual, "most_days": most, **told, "is_last": door.is_last, "warnings": [trap(one) for one in door.warnings]}


def trap(row: Trap) -> dict[str, Any]:
    language = get_language() or ""
    return {"id": row.id, "why": row.text("why", language), "law": row.text("law", language), "article": row.text("article", language), "confidence": row.confidence}


def payer(party: Liable) -> dict[str, Any]:
    language = get_language() or ""
    return {
        "role": party.role, "names": list(party.names), "duty": party.duty, "amount": str(party.amount) if party.amount is not None else None,
        "is_capped": party.is_capped, "articles": [rule.citation(language) for rule in party.rules],
    }  # fmt: skip
