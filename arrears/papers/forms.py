"""Which papers there are: on what each rests, who issues it, what is asked when it is issued, to which packets it belongs.

Rows of forms.toml, read by a lawyer; an installation corrects them in its own file (XINAN_RULES). Django-free.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from arrears.moves import Ask
from arrears.papers.asks import ASKS
from arrears.rules.tables import CONFIDENCES, LAWS, LawRow, column_faults, own_file, read_section, refuse

CLAIM, WORKER, PARTY = "claim", "worker", "party"
PER = (CLAIM, WORKER, PARTY)
ONE, MANY = "one", "many"
KINDS_OF_PACKET = ("support", "arbitration", "suit", "payment_order", "confirmation", "preservation", "enforcement", "criminal", "legal_aid")


@dataclass(frozen=True, kw_only=True)
class Form(LawRow):
    """One row of the table. `must`: fields that an article asks for (※ of law.md §13); `usual`: usual practice nobody has
    checked. `only`: for one worker's claim, or for that of several. `also`: what else it rests on."""

    name: str
    name_en: str
    who: str
    who_en: str
    per: str = CLAIM
    only: str = ""
    seal: bool = False
    questions: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()
    must: tuple[str, ...] = ()
    usual: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    by_agreement: bool = False  # where the parties agreed on a sum, it asks for that one
    full_numbers: bool = False  # it carries whole ID numbers, so that issuing it is logged as a look at them
    note: str = ""
    note_en: str = ""
    packets: tuple[str, ...] = ()  # from the table of packets

    @property
    def asks(self) -> tuple[Ask, ...]:
        """What the officer is asked when it is issued."""
        return tuple(ASKS[name] for name in self.questions)

    def fits(self, workers: int) -> bool:
        return not self.only or (self.only == ONE) == (workers == 1)


@dataclass(frozen=True, kw_only=True)
class Packet:
    """The papers that go together to one body, in the order in which they lie in the bundle."""

    id: str
    name: str
    name_en: str
    forms: tuple[str, ...]

    def text(self, column: str, language: str = "zh-hans") -> str:
        return str(getattr(self, f"{column}_en" if language.startswith("en") else column))


@dataclass(frozen=True, kw_only=True)
class Word:
    """A word of the papers that differs from place to place, and where it was read."""

    id: str
    value: str
    source: str
    source_en: str
    confidence: str

    @property
    def verified(self) -> bool:
        return self.confidence in ("T", "P")


def load(table: Path, override: Path | None = None) -> tuple[dict[str, Form], dict[str, Packet], dict[str, Word]]:
    """Raises BadRules."""
    forms = {row_id: Form.of("paper", row_id, row) for row_id, row in read_section("papers", table, override=override).items()}
    packets = {row_id: packet_of(row_id, row) for row_id, row in read_section("packets", table, override=override).items()}
    words = {row_id: word_of(row_id, row) for row_id, row in read_section("paper_words", table, override=override).items()}
    for form in forms.values():
        refuse(f"paper {form.id}", form_faults(form))
    for packet in packets.values():
        refuse(f"packet {packet.id}", packet_faults(packet, forms))
    belongs = {form_id: tuple(packet.id for packet in packets.values() if form_id in packet.forms) for form_id in forms}
    return {form_id: replace(form, packets=belongs[form_id]) for form_id, form in forms.items()}, packets, words


def form_faults(form: Form) -> Iterator[str]:
    if form.per not in PER:
        yield f"per {form.per} is unknown ({', '.join(PER)})"
    if form.only not in ("", ONE, MANY):
        yield f"only {form.only} is unknown ({ONE}, {MANY})"
    if form.packets:
        yield "packets are named in the table of packets"
    yield from (f"there is no question {name}" for name in form.questions if name not in ASKS)
    yield from (f"also {text} begins with no law of the table of laws" for text in form.also if text.split(" ")[0] not in LAWS)


def packet_of(row_id: str, row: Mapping[str, Any]) -> Packet:
    refuse(f"packet {row_id}", column_faults(row, Packet, given={"id"}))
    return Packet(**{**row, "id": row_id, "forms": tuple(row["forms"])})


def packet_faults(packet: Packet, forms: Mapping[str, Form]) -> Iterator[str]:
    if packet.id not in KINDS_OF_PACKET:
        yield f"there is no such packet ({', '.join(KINDS_OF_PACKET)})"
    yield from (f"there is no paper {form}" for form in packet.forms if form not in forms)


def word_of(row_id: str, row: Mapping[str, Any]) -> Word:
    refuse(f"word {row_id}", column_faults(row, Word, given={"id"}))
    refuse(f"word {row_id}", (f"confidence {row['confidence']} is unknown" for _row in (row,) if row["confidence"] not in CONFIDENCES))
    return Word(**{**row, "id": row_id})


FORMS: Mapping[str, Form]
FORMS, PACKETS, WORDS = load(Path(__file__).with_name("forms.toml"), own_file())
