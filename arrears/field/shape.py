"""The phone's short form, field by field, and where each stands among the steps of intake.

A draft of the server may hold more than the phone asks (further workers, lines): what the phone sends is laid over it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from arrears.drafts import Typed

Typeds = Mapping[str, Typed]  # by step


def _(text: str) -> str:
    """Marks a label for the catalogues; whoever shows it translates it."""
    return text


@dataclass(frozen=True)
class Asked:
    """`name` on the phone, which is short; `typed` in the step."""

    name: str
    label: str
    step: str
    typed: str
    otherwise: str = ""  # what is meant when nothing was chosen


ASKED = (
    Asked("name", _("姓名"), "who", "who-0-name"),
    Asked("phone", _("电话"), "who", "who-0-phone"),
    Asked("id_number", _("身份证号"), "who", "who-0-id_number"),
    Asked("contact_rule", _("怎样联系劳动者才安全？"), "who", "contact_rule", "open"),
    Asked("firm", _("名称"), "whom", "whom-0-legal_name"),
    Asked("called", _("别名、绰号、车牌等线索"), "whom", "whom-0-aliases"),
    Asked("role", _("在用工链条中的角色"), "whom", "whom-0-role", "employer"),
    Asked("region", _("乡镇（街道）、村（社区）"), "where", "region"),
    Asked("site", _("工程项目（工地）名称"), "where", "site_name"),
    Asked("last_day", _("最后工作日"), "where", "last_working_day"),
    Asked("received", _("收到投诉的日期"), "where", "received_other"),
    Asked("amount", _("单价或总额（元）"), "money", "money-0-rate"),
    Asked("story", _("事实经过"), "story", "story"),
)
BY_TYPED = {asked.typed: asked for asked in ASKED} | {"received_on": next(a for a in ASKED if a.name == "received")}
# What belongs to a row of the short form without being asked.
ALWAYS = {
    "who": {"who-TOTAL_FORMS": ["1"], "who-INITIAL_FORMS": ["0"]},
    "whom": {"whom-TOTAL_FORMS": ["1"], "whom-INITIAL_FORMS": ["0"]},
    "where": {"received_on": ["other"]},
    "money": {"money-TOTAL_FORMS": ["1"], "money-INITIAL_FORMS": ["0"], "money-0-worker": ["0"], "money-0-unit": ["lump"]},
    "story": {},
}  # fmt: skip


def cleaned(fields: Mapping[str, Any]) -> dict[str, str]:
    """What the phone sent, reduced to what it may send: a line of text for each field, trimmed, without NUL and without halves of
    characters, as keyboards leave behind where an emoji is cut in two."""
    said = {asked.name: fields.get(asked.name) for asked in ASKED}
    return {name: plain(value) if isinstance(value, str) else "" for name, value in said.items()}


def plain(value: str) -> str:
    return value.replace("\x00", "").encode("utf-8", "ignore").decode("utf-8").strip()


def laid_over(fields: Mapping[str, str], known: Typeds) -> dict[str, dict[str, list[str]]]:
    """The steps with the phone's answers in them."""
    steps = {step: {**always, **known.get(step, {})} for step, always in ALWAYS.items()}
    steps["where"]["received_on"] = ["other"]
    for asked in ASKED:
        steps[asked.step][asked.typed] = [fields.get(asked.name) or asked.otherwise]
    return steps


def taken_out(steps: Typeds) -> dict[str, str]:
    """The phone's fields as the steps have them."""
    found = {asked.name: ((steps.get(asked.step, {}).get(asked.typed) or [""])[0] or "").strip() for asked in ASKED}
    day = (steps.get("where", {}).get("received_on") or [""])[0]
    if day and day != "other":
        found["received"] = day
    return found


def differing(mine: Mapping[str, str], theirs: Mapping[str, str]) -> list[str]:
    """Names of the fields in which the two say something else; a choice left alone says what it means."""
    return [
        asked.name
        for asked in ASKED
        if (mine.get(asked.name) or asked.otherwise) != (theirs.get(asked.name) or asked.otherwise)
    ]
