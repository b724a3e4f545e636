"""The clause library as values, and a clause filled from what the draft says. Django-free; read and corrected like the other
tables of law (XINAN_RULES)."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from arrears.rules.tables import LawRow, own_file, read_section, refuse

TABLE = Path(__file__).with_name("clauses.toml")
TERMS, DEFAULT = "terms", "default"
ONCE, PLAN = "once", "plan"
WORDS = ("总额", "大写", "付款日", "各期", "方式", "收款", "欠付", "此前已付", "申请人", "被申请人", "案号", "＿")
BLANK = "＿＿＿＿"
MARK = re.compile(r"【([^】]*)】")


@dataclass(frozen=True, kw_only=True)
class Clause(LawRow):
    name: str
    name_en: str
    part: str
    wording: str  # Chinese: it is what will be signed
    usual: bool
    fits: str = ""
    accelerates: bool = False

    def faults(self) -> Iterator[str]:
        if self.part not in (TERMS, DEFAULT):
            yield f"part {self.part} is unknown ({TERMS}, {DEFAULT})"
        if self.fits not in ("", ONCE, PLAN):
            yield f"fits {self.fits} is unknown ({ONCE}, {PLAN})"
        if unknown := set(MARK.findall(self.wording)) - set(WORDS):
            yield f"nothing fills {', '.join(sorted(unknown))}"

    def filled(self, words: Mapping[str, str]) -> str:
        """What nobody has said yet stays a blank to write in."""
        return MARK.sub(lambda found: words.get(found[1]) or BLANK, self.wording)


def read_clauses(override: Path | None = None) -> dict[str, Clause]:
    clauses = {}
    for row_id, row in read_section("clauses", TABLE, override=override).items():
        clause = Clause.of("clauses", row_id, row)
        refuse(f"clauses {row_id}", clause.faults())
        clauses[row_id] = clause
    return clauses


CLAUSES: Mapping[str, Clause] = read_clauses(own_file())


def usual_for(parts: int) -> list[str]:
    """Those ticked in a fresh draft of so many instalments."""
    fits = PLAN if parts > 1 else ONCE
    return [clause.id for clause in CLAUSES.values() if clause.usual and clause.fits in ("", fits)]


def written(chosen: Collection[str], part: str, words: Mapping[str, str]) -> str:
    """The chosen clauses of one part in the table's order, numbered when there are several."""
    texts = [clause.filled(words) for clause in CLAUSES.values() if clause.id in chosen and clause.part == part]
    return texts[0] if len(texts) == 1 else "\n".join(f"{number}．{text}" for number, text in enumerate(texts, 1))
