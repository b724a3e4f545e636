"""The verbs of the room: it is opened, people check in, their rights are read to them, minutes are written, closed and corrected.

Whoever may record the result of a hearing works in its room. Two who write the minutes at once: the text that comes second is refused
with both, and neither is lost. What is closed stays; a correction is the next version, with its reason.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from arrears.history import hold, record
from arrears.papers.fonts import faces_for
from grid.days import day_of
from grid.models import Person
from grid.refused import Refused
from mediation.lifecycle import LIVE, SITTING
from mediation.models import Attendance, Hearing, HearingRecord, Minutes, Presence
from mediation.models.room import AUTHORITIES, BY, CALLS, OTHERS, PAPERS, STATES
from mediation.permits import mediation_posts
from mediation.room import notes as sections
from mediation.room import pages
from mediation.room.people import ROLES, Role
from mediation.room.quorum import ABSENT, AGENT, AWAY, SELF, UNCALLED
from mediation.room.rights import RIGHTS, VERSION
from mediation.room.rights import text_of as text_of_rights
from mediation.room.writing import text_of

WORDS = {
    "present": gettext_noop("登记到场情况"), "rights_read": gettext_noop("宣读权利义务"), "minutes_closed": gettext_noop("笔录定稿"),
    "minutes_corrected": gettext_noop("更正笔录"),
}  # fmt: skip
MEDIATOR = "mediator"


class StaleNotes(Refused):
    """Somebody else has saved meanwhile: both texts, so that nothing is lost."""

    def __init__(self, mine: Mapping[str, str], record: HearingRecord) -> None:
        who, at = str(record.notes_by or ""), record.notes_at
        super().__init__("stale_notes", _("%(who)s刚刚保存了这份笔录。您写的还在下面，没有丢失：请对照两边，把要保留的合在一起再保存。") % {"who": who})
        self.mine, self.theirs, self.version, self.who, self.at = dict(mine), dict(record.notes), record.version, who, at

    @property
    def differ(self) -> list[str]:
        return sections.differ(self.mine, self.theirs)


def may_work(hearing: Hearing, person: Person, today: date) -> bool:
    return any(post.role.name in SITTING for post in mediation_posts(hearing.mediation, person, today))


def require_work(hearing: Hearing, person: Person, now: datetime) -> None:
    if not may_work(hearing, person, day_of(now)):
        raise Refused("not_your_role", _("您的岗位不能进行这项操作。"))


def held(hearing: Hearing, person: Person, now: datetime, *, while_live: bool = True) -> Hearing:
    """The hearing as it is now, its claim held. Raises Refused: not_your_role, not_live."""
    hold(hearing.mediation.claim)
    found = Hearing.objects.select_related("mediation__claim", "mediation__mediator", "room", "mediator").get(pk=hearing.pk)
    require_work(found, person, now)
    if found.state == "cancelled" or (while_live and found.state != LIVE):
        raise Refused("not_live", _("这场调解会已经登记结果或者取消。登记有误的，请先“更正误登结果”，再改到场情况和笔录。"))
    return found


def opened(hearing: Hearing, person: Person, now: datetime) -> HearingRecord:
    """The record of the hearing; the first who does something in its room opens it. Called with the claim held."""
    return HearingRecord.objects.get_or_create(hearing=hearing, defaults={"opened_at": now, "opened_by": person})[0]


def write(hearing: Hearing, move: str, person: Person, now: datetime, **facts: Any) -> None:
    record(
        hearing.mediation.claim, "mediation", person, now=now, move=move, move_msgid=WORDS[move], mediation=str(hearing.mediation_id),
        hearing=str(hearing.pk), **facts,
    )  # fmt: skip


# Who is here


@dataclass(frozen=True)
class Came:
    """What is said of somebody at the door."""

    state: str
    by: str = SELF
    stands_in: str = ""
    authority: str = ""
    paper: str = ""
    last_four: str = ""
    why: str = ""
    called_by: str = ""
    called_proof: str = ""
    credential: str = ""  # of somebody who is no party
    promised: bool = False


def check_in(hearing: Hearing, attendance: Attendance, person: Person, *, now: datetime, said: Came) -> Presence:
    """A party that was called. Said again, the last word holds; the history keeps both. Raises Refused: not_your_role, not_live,
    no_such_party, and those of check_came."""
    check_came(said)
    with transaction.atomic():
        hearing = held(hearing, person, now)
        attendance = hearing.attendances.filter(pk=attendance.pk).first() or not_called()
        opened(hearing, person, now)
        return enter(hearing, person, now, said, {"attendance": attendance}, capacity=attendance.party_kind, name=attendance.name)


def not_called() -> Attendance:
    raise Refused("no_such_party", _("这位当事人不在这场调解会里，请刷新后再操作。"))


def sign_in(hearing: Hearing, person: Person, *, now: datetime) -> Presence:
    """The mediator. Raises Refused: not_your_role, not_live, not_the_mediator."""
    with transaction.atomic():
        hearing = held(hearing, person, now)
        if hearing.mediator_id != person.pk:
            raise Refused("not_the_mediator", _("这场调解会的调解员是 %(name)s，由本人签到；要换人的，请先改期并另选调解员。") % {"name": hearing.mediator})
        opened(hearing, person, now)
        return enter(hearing, person, now, Came("came"), {"capacity": MEDIATOR}, name=str(person))


def add_person(
    hearing: Hearing, person: Person, *, now: datetime, capacity: str, name: str, said: Came, beside: Attendance | None = None
) -> Presence:
    """Somebody who is no party: an interpreter, a guardian, a witness, an observer. `beside`: the party they are there for. Raises Refused:
    no_name, no_party, no_credential, no_promise, no_such_party, and as check_in."""
    if capacity not in OTHERS:
        raise Refused("bad_input", _("请选择这个人的身份。"))
    if not name.strip():
        raise Refused("no_name", _("请写明到场人的姓名。"))
    check_role(ROLES[capacity], beside, said)
    check_came(said)
    with transaction.atomic():
        hearing = held(hearing, person, now)
        opened(hearing, person, now)
        name = name.strip()[:60]
        if beside is not None and not hearing.attendances.filter(pk=beside.pk).exists():
            not_called()
        return enter(hearing, person, now, said, {"attendance": None, "capacity": capacity, "name": name}, beside=beside)


def check_role(role: Role, beside: Attendance | None, said: Came) -> None:
    if role.needs_party and beside is None:
        raise Refused("no_party", _("请选择这个人是陪同、协助哪一位当事人的。"))
    if role.credential and not said.credential.strip():
        raise Refused("no_credential", _("请写明：%(what)s。") % {"what": _(role.credential)})
    if role.promise and not said.promised:
        raise Refused("no_promise", _("请先告知责任并由本人当场承诺，再勾选“%(what)s”。") % {"what": _(role.promise)})


def enter(hearing: Hearing, person: Person, now: datetime, said: Came, key: Mapping[str, Any], **facts: Any) -> Presence:
    before = Presence.objects.filter(hearing=hearing, **key).first()
    if before is not None and before.signatures.filter(refused_because="").exists():
        raise Refused("signed_at_door", _("%(name)s已经在笔录上签名，到场登记不能再改；确有错误的，请用“更正笔录”写明。") % {"name": before.signs_as})
    at = None if said.state in AWAY else before.at if before and before.at else now
    is_checked = bool(said.paper) and said.state not in AWAY
    same = before is not None and (before.paper, before.last_four) == (said.paper, said.last_four)
    facts |= {
        "state": said.state, "at": at, "by": said.by, "stands_in": said.stands_in.strip()[:60], "authority": said.authority if said.by == AGENT else "",
        "paper": said.paper if is_checked else "", "last_four": said.last_four.upper() if is_checked else "",
        "checked_by": (before.checked_by if same and before else person) if is_checked else None,
        "checked_at": (before.checked_at if same and before else now) if is_checked else None,
        "why": said.why.strip()[:200] if said.state in AWAY else "", "called_by": said.called_by if said.state == ABSENT else "",
        "called_proof": said.called_proof.strip()[:200] if said.state == ABSENT else "", "credential": said.credential.strip()[:200], "promised_at": now if said.promised else None,
        "entered_by": person, "entered_at": now,
    }  # fmt: skip
    made, _is_new = Presence.objects.update_or_create(hearing=hearing, **key, defaults=facts)
    write(hearing, "present", person, now, who=made.name, presence=made.state, stands_in=made.stands_in, called_by=made.called_by, note=made.called_proof)
    return made


def check_came(said: Came) -> None:
    """Raises Refused: bad_input, no_agent, no_authority, no_digits, bad_digits, not_called, no_why."""
    for value, choices in ((said.state, STATES), (said.by, BY)):
        if value not in dict(choices):
            raise Refused("bad_input", _("请选择是否到场、谁来的。"))
    if said.authority not in {"", *dict(AUTHORITIES)} or said.paper not in {"", *dict(PAPERS)} or said.called_by not in {"", *dict(CALLS)}:
        raise Refused("bad_input", _("填写的内容有误，请核对后再保存。"))
    if said.state == ABSENT:
        if not said.called_by or not said.called_proof.strip():
            raise Refused("not_called", _("没有到场的，请写明怎样通知的、有什么证明（如回证、通话时间、短信截图）：没有依法通知的，不能算无故缺席。没有通知到的，请选“没有通知到，没有来”。"))
        return
    if said.state == UNCALLED:
        if not said.why.strip():
            raise Refused("no_why", _("没有通知到的，请写明试过哪些办法、为什么没有通知到：这不算对方缺席，要补送通知。"))
        return
    if said.by != SELF and not said.stands_in.strip():
        raise Refused("no_agent", _("不是本人来的，请写明来人姓名。"))
    if said.by == AGENT and not said.authority:
        raise Refused("no_authority", _("请选择代理人的授权：一般授权不能代为达成协议。"))
    if said.paper and said.paper != "known" and not said.last_four:
        raise Refused("no_digits", _("请写下证件号码的末四位。"))
    if said.last_four and not (len(said.last_four) == 4 and said.last_four.isascii() and said.last_four.isalnum()):
        raise Refused("bad_digits", _("证件号码只写末四位数字（最后一位可以是 X），不要写全号。"))


def read_rights(hearing: Hearing, person: Person, *, now: datetime) -> HearingRecord:
    """They were read out and everybody has understood. Read again (somebody came late), the last time holds. Raises Refused: nobody_here, closed."""
    with transaction.atomic():
        hearing = held(hearing, person, now)
        kept = opened(hearing, person, now)
        if hearing.minutes_versions.exists():
            raise Refused("closed", _("笔录已经定稿，要改动的请用“更正笔录”，并写明理由。"))
        if not any(one.is_here for one in hearing.presences.exclude(capacity=MEDIATOR)):
            raise Refused("nobody_here", _("还没有当事人签到，请先登记谁到场，再宣读权利义务。"))
        kept.rights_version, kept.rights_text, kept.rights_at, kept.rights_by = VERSION, text_of_rights(RIGHTS), now, person
        kept.save(update_fields=["rights_version", "rights_text", "rights_at", "rights_by"])
        write(hearing, "rights_read", person, now, version=VERSION)
    return kept


# Minutes


def save_notes(hearing: Hearing, person: Person, *, now: datetime, notes: Mapping[str, object], version: int) -> HearingRecord:
    """`version`: what the page showed. The same text again changes nothing. Raises StaleNotes; Refused: too_long, closed, as `held`."""
    mine = sections.clean(notes)
    if long := sections.too_long(mine):
        raise Refused("too_long", _("%(names)s超过 %(most)s 字，请分开写或者另附材料。") % {"names": _("、").join(map(_, long)), "most": sections.LONGEST})
    with transaction.atomic():
        hearing = held(hearing, person, now)
        if hearing.minutes_versions.exists():
            raise Refused("closed", _("笔录已经定稿，要改动的请用“更正笔录”，并写明理由。"))
        kept = opened(hearing, person, now)
        if kept.version != version:
            if sections.clean(kept.notes) == mine:  # a save whose answer was lost on the way
                return kept
            raise StaleNotes(mine, kept)
        if sections.clean(kept.notes) == mine:
            return kept
        HearingRecord.objects.filter(pk=kept.pk).update(notes=mine, version=F("version") + 1, notes_by=person, notes_at=now)
        kept.notes, kept.version, kept.notes_by, kept.notes_at = mine, kept.version + 1, person, now
    return kept


def close(hearing: Hearing, person: Person, *, now: datetime, version: int) -> Minutes:
    """The minutes as they stand become version 1. Raises StaleNotes; Refused: closed, nothing_written, no_mediator, rights_unread,
    not_said, no_glyph."""
    with transaction.atomic():
        hearing = held(hearing, person, now)
        if hearing.minutes_versions.exists():
            raise Refused("closed", _("笔录已经定稿，要改动的请用“更正笔录”，并写明理由。"))
        kept = opened(hearing, person, now)
        if kept.version != version:
            raise StaleNotes(sections.clean(kept.notes), kept)
        check_complete(hearing, kept)
        made = freeze(hearing, kept, kept.notes, person, now, "")
        write(hearing, "minutes_closed", person, now, sha256=made.sha256)
    return made


def correct(hearing: Hearing, person: Person, *, now: datetime, notes: Mapping[str, object], reason: str, after: int) -> Minutes:
    """The next version. `after`: the version the page showed. Raises Refused: no_reason, stale, nothing_changed, too_long."""
    if not reason.strip():
        raise Refused("no_reason", _("请写明更正的理由。"))
    mine = sections.clean(notes)
    if long := sections.too_long(mine):
        raise Refused("too_long", _("%(names)s超过 %(most)s 字，请分开写或者另附材料。") % {"names": _("、").join(map(_, long)), "most": sections.LONGEST})
    with transaction.atomic():
        hearing = held(hearing, person, now, while_live=False)
        last = latest(hearing)
        if last is None or last.number != after:
            raise Refused("stale", _("笔录刚刚已有新的版本。您写的还在下面，请对照最新一版再更正。"))
        kept = opened(hearing, person, now)
        check_written(mine)
        made = freeze(hearing, kept, mine, person, now, reason.strip()[:300], last)
        write(hearing, "minutes_corrected", person, now, sha256=made.sha256, version=made.number, reason=made.reason)
    return made


def check_complete(hearing: Hearing, kept: HearingRecord) -> None:
    check_written(kept.notes)
    here = [one for one in hearing.presences.all() if one.is_here]
    if not any(one.capacity == MEDIATOR for one in here):
        raise Refused("no_mediator", _("调解员还没有签到，请先签到。"))
    if any(one.attendance_id for one in here) and kept.rights_at is None:
        raise Refused("rights_unread", _("还没有向到场的当事人宣读权利义务，请先宣读，再定稿笔录。"))
    if late := [one.signs_as for one in here if one.capacity != MEDIATOR and kept.rights_at and one.at and one.at > kept.rights_at]:
        raise Refused("rights_unheard", _("%(names)s在宣读权利义务以后才到场，请再宣读一次，再定稿笔录。") % {"names": _("、").join(late)})
    unsaid = hearing.attendances.filter(presence=None).values_list("name", flat=True)
    if unsaid:
        raise Refused("not_said", _("还没有登记是否到场：%(names)s。请先登记，再定稿笔录。") % {"names": _("、").join(unsaid)})


def check_written(notes: Mapping[str, str]) -> None:
    if lacks := sections.missing(notes):
        raise Refused("nothing_written", _("笔录还缺：%(names)s。") % {"names": _("、").join(map(_, lacks))})


def freeze(
    hearing: Hearing, kept: HearingRecord, notes: Mapping[str, str], person: Person, now: datetime, reason: str, last: Minutes | None = None
) -> Minutes:
    with translation.override("zh-hans"):  # the record, whatever language somebody works in
        text = sections.plain(text_of(hearing, kept, list(hearing.presences.select_related("beside")), notes))
        faces_for(text)  # what could not be printed is said before anybody signs it
        made = pages.of(text)
    rows = [{"text": page.text, "sha256": page.sha256} for page in made]
    sha256 = pages.whole(page.sha256 for page in made)
    if last is not None and last.sha256 == sha256:
        raise Refused("nothing_changed", _("内容和上一版完全一样，不用更正。"))
    return Minutes.objects.create(
        hearing=hearing, number=last.number + 1 if last else 1, notes=dict(notes), pages=rows, sha256=sha256, reason=reason, frozen_by=person,
        frozen_at=now,
    )  # fmt: skip


def latest(hearing: Hearing) -> Minutes | None:
    return hearing.minutes_versions.order_by("-number").first()
