"""The words of notices: those of the code (grid.kinds), or the version of them an administrator published last.

A notice keeps the version that was current when it was written; published versions never change, so a process reads
each of them once.
"""

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import translation
from django.utils.translation import get_language, gettext

from grid.authority import administers_city
from grid.days import day_of
from grid.kinds import GONE, KINDS, Kind
from grid.models import Notice, Person, Wording
from grid.refused import Refused

PLACE = re.compile(r"%\((\w+)\)s")
TOKEN = re.compile(rf"%%|{PLACE.pattern}")  # all that a percent sign may begin, read from the left as Python does
COMMON = frozenset({"by"})  # what every notice can say: who did it, else the system
MISSING = "—"  # a published wording may name what this notice does not have
LONGEST = {"title": 120, "short": 200, "title_en": 200, "short_en": 300}
ENGLISH = ("title_en", "text_en", "short_en")


@dataclass(frozen=True)
class Draft:
    """Both languages of the words of a kind. An empty `short` is the title."""

    title: str
    text: str
    short: str
    title_en: str
    text_en: str
    short_en: str


@dataclass(frozen=True)
class Said:
    """The words of one notice in one language."""

    title: str
    text: str
    short: str


NAMES = tuple(field.name for field in fields(Draft))
TELLS = re.compile(r"薪|工资|工钱|欠|讨|仲裁|wage|salar|arrear|unpaid|owed", re.IGNORECASE)  # not in what is to be discreet
_known: dict[UUID, Draft] = {}

logger = logging.getLogger(__name__)


def current() -> dict[str, UUID]:
    """By kind, the version new notices are written with; kinds that speak with the code's words are absent."""
    newest = Wording.objects.order_by("kind", "-version").distinct("kind")
    return dict(newest.values_list("kind", "pk"))


def say(notice: Notice) -> Said:
    """In the active language."""
    facts = readable(notice.facts)
    if notice.wording_id is None:
        return said_by_code(KINDS[notice.kind], facts)
    return said_by_draft(draft_of(notice.wording_id), facts)


def words(notice: Notice) -> tuple[str, str]:
    """Title and text in the active language, for a page: one row that cannot be worded must not take the page with it."""
    try:
        said = say(notice)
    except (LookupError, TypeError, ValueError) as error:
        logger.warning("notice %s (%s) has no words: %r", notice.pk, notice.kind, error)
        title, number = gettext(GONE.title), notice.facts.get("number")
        return gettext("%(number)s：%(title)s") % {"number": number, "title": title} if number else title, gettext(GONE.text)
    return said.title, said.text


def readable(given: Mapping[str, Any]) -> dict[str, Any]:
    """A fact x_msgid is translated; x_en stands in for x in English. What nobody did (`by` is empty) the system did."""
    facts = dict(given)
    for name, value in given.items():
        if name.endswith("_msgid"):
            facts[name.removesuffix("_msgid")] = gettext(value) if value else value
        elif name.endswith("_en") and is_english():
            facts[name.removesuffix("_en")] = value
    facts["by"] = facts.get("by") or gettext("本系统")
    return facts


def is_english() -> bool:
    return (get_language() or "").startswith("en")


def said_by_code(kind: Kind, facts: Mapping[str, Any]) -> Said:
    title = gettext(kind.title) % facts
    return Said(title, gettext(kind.text) % facts, gettext(kind.short) % facts if kind.short else title)


def said_by_draft(draft: Draft, facts: Mapping[str, Any]) -> Said:
    title, text, short = (draft.title_en, draft.text_en, draft.short_en) if is_english() else (draft.title, draft.text, draft.short)
    return Said(filled(title, facts), filled(text, facts), filled(short or title, facts))


def filled(text: str, facts: Mapping[str, Any]) -> str:
    """Never more than names put into places, whatever somebody published: no widths, no attributes, no error."""
    return TOKEN.sub(lambda found: str(facts.get(found[1], MISSING)) if found[1] else "%", text)


def named_in(text: str) -> list[str]:
    """The places of a text; in %%(name)s there is none."""
    return [name for name in TOKEN.findall(text) if name]


def draft_of(pk: UUID) -> Draft:
    if pk not in _known:
        _known[pk] = drafted(Wording.objects.get(pk=pk))
    return _known[pk]


def drafted(row: Wording) -> Draft:
    return Draft(*(getattr(row, name) for name in NAMES))


def versions(kind: str) -> list[Wording]:
    """Newest first."""
    return list(Wording.objects.filter(kind=kind).select_related("published_by"))


def words_of(kind: str, version: int = 0) -> Draft:
    """The words of a version, places unfilled; 0: the code's own. Raises Wording.DoesNotExist."""
    return drafted(Wording.objects.get(kind=kind, version=version)) if version else of_code(KINDS[kind])


def of_code(kind: Kind) -> Draft:
    told = {}
    for suffix, language in (("", "zh-hans"), ("_en", "en")):
        with translation.override(language):
            told |= {f"{name}{suffix}": gettext(msgid) if (msgid := getattr(kind, name)) else "" for name in ("title", "text", "short")}
    return Draft(**told)


def places(kind: str) -> frozenset[str]:
    """What a wording of this kind may name: what the code's own words name, and what every notice has."""
    own = KINDS[kind]
    return COMMON | {place for text in (own.title, own.text, own.short) for place in named_in(text)}


def preview(kind: str, draft: Draft, language: str) -> Said:
    """The draft with invented facts. Raises Refused, as `publish` would."""
    check(kind, draft)
    with translation.override(language):
        return said_by_draft(draft, readable(KINDS[kind].sample))


def check(kind: str, draft: Draft) -> None:
    known = places(kind)
    for name in NAMES:
        text = getattr(draft, name)
        if not text.strip() and "short" not in name:
            raise Refused("wording_empty", gettext("标题和正文的中文、英文都要填写。"))
        if len(text) > LONGEST.get(name, 2000):
            raise Refused("wording_too_long", gettext("文字太长：最多 %(most)s 个字。") % {"most": LONGEST.get(name, 2000)})
        if "%" in TOKEN.sub("", text):
            raise Refused("wording_malformed", gettext("有写错的占位符：要写成 %(example)s；百分号本身要写两个 %%。") % {"example": "%(number)s"})
        if KINDS[kind].is_discreet and TELLS.search(text):
            raise Refused(
                "wording_tells", gettext("这类短信发给不能让别人知道的劳动者，不能提到工资、欠薪或者仲裁：“%(text)s”。") % {"text": text},
            )
        if strange := [place for place in named_in(text) if place not in known]:
            raise Refused(
                "wording_unknown_place",
                gettext("这类通知没有这样的内容：%(strange)s。可以用：%(known)s。")
                % {"strange": listed(strange), "known": listed(sorted(known))},
            )  # fmt: skip


def listed(names: list[str]) -> str:
    return gettext("、").join(f"%({name})s" for name in names)


def publish(kind: str, person: Person, now: datetime, draft: Draft, *, note: str, base: int) -> Wording:
    """The next version, from now on. `base`: the version the draft was made from (0: the code's words).

    Raises Refused: not_administrator, wording_empty, wording_too_long, wording_malformed, wording_unknown_place,
    wording_no_note, wording_stale.
    """
    if not administers_city(person.scope(day_of(now))):
        raise Refused("not_administrator", gettext("通知的文字全市通用，只有市级系统管理员可以修改。"))
    check(kind, draft)
    if not note.strip():
        raise Refused("wording_no_note", gettext("请写明为什么修改。"))
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"wording:{kind}"])
        newest = Wording.objects.filter(kind=kind).order_by("-version").values_list("version", flat=True).first() or 0
        if newest != base:
            raise Refused("wording_stale", gettext("别人刚刚发布了新的版本，请在它的基础上修改。"))
        words = {name: getattr(draft, name).strip() for name in NAMES}
        return Wording.objects.create(
            kind=kind, version=newest + 1, note=note.strip()[:200], published_by=person, published_at=now, **words
        )
