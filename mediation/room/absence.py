"""Who did not come, and that they had been called: one rule for the door of the room, the page of the result and the API.

Nobody is absent without a word on how they were called and what proves it: said at the door, or served through this house, or said with the
result. Who could not be reached is no default of theirs: it is said at the door, the hearing is adjourned, and the service made good.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from grid.models import Person
from grid.refused import Refused
from mediation.models import Attendance, Hearing
from mediation.room import calling, verbs
from mediation.room.quorum import ABSENT, UNCALLED


@dataclass(frozen=True)
class Away:
    absent: tuple[Attendance, ...]  # called, and did not come
    uncalled: tuple[Attendance, ...]  # nobody could call them

    @property
    def ids(self) -> list[Any]:
        return [one.party_id for one in (*self.absent, *self.uncalled)]

    @property
    def names(self) -> list[str]:
        return [one.name for one in self.absent]


def away_of(hearing: Hearing, answers: Mapping[str, Any], person: Person | None, now: datetime) -> Away:
    """`answers`: absent (left out: as the door says), called_by, called_proof. Raises Refused: no_such_party, here_at_door, away_at_door,
    not_called."""
    rows = list(hearing.attendances.select_related("presence").order_by("id"))
    state = {one.pk: getattr(getattr(one, "presence", None), "state", None) for one in rows}
    gone, uncalled = ([one for one in rows if state[one.pk] == value] for value in (ABSENT, UNCALLED))
    chosen = gone if answers.get("absent") is None else named(rows, answers["absent"])
    refuse("not_called", [one for one in chosen if one in uncalled], _("会场登记%(names)s没有通知到，不算缺席，请不要勾选：休会，依法补送通知以后再定时间。"))
    refuse("here_at_door", [one for one in chosen if state[one.pk] not in (None, ABSENT)], _("会场登记%(names)s已经到场。登记有误的，请先在会场更改。"))
    refuse("away_at_door", [one for one in gone if one not in chosen], _("会场登记%(names)s没有到场，这里却没有勾选。后来到了的，请先在会场更改。"))
    unsaid = [one for one in chosen if state[one.pk] is None]
    proofs = {one.attendance.pk: one.proof for one in calling.calls(hearing, unsaid)} if unsaid else {}
    told = (answers.get("called_by") or "", (answers.get("called_proof") or "").strip())
    lacks = [one for one in unsaid if not all(told) and not all(proofs[one.pk])]
    refuse("not_called", lacks if person else unsaid, _(NOT_PROVED))
    for one in unsaid:
        assert person is not None
        how, proof = told if all(told) else proofs[one.pk]
        verbs.check_in(hearing, one, person, now=now, said=verbs.Came(ABSENT, called_by=how, called_proof=proof))
    return Away(tuple(chosen), tuple(uncalled))


NOT_PROVED = gettext_noop("请写明%(names)s是怎样通知的、有什么证明（如回证、通话时间、短信截图）：没有依法通知的，不能算缺席。没有通知到的，请在会场登记“没有通知到”，再休会、补送通知。")


def named(rows: Collection[Attendance], ids: Collection[Any]) -> list[Attendance]:
    wanted = {str(one) for one in ids}
    if wanted - {str(one.party_id) for one in rows}:
        raise Refused("no_such_party", _("这位当事人不在这场调解会里，请刷新后再操作。"))
    return [one for one in rows if str(one.party_id) in wanted]


def refuse(code: str, rows: Collection[Attendance], sentence: str) -> None:
    if rows:
        raise Refused(code, sentence % {"names": _("、").join(one.name for one in rows)})


def take_back(hearing: Hearing) -> None:
    """The result was a mistake, and what was said of absence together with it too; what the door had said before stays."""
    of_it = hearing.mediation.claim.events.filter(kind="mediation", facts__hearing=str(hearing.pk), facts__move__in=("hold", "no_show"))
    result = of_it.order_by("-seq").first()
    if result is not None:
        hearing.presences.filter(state=ABSENT, entered_at=result.at).delete()
