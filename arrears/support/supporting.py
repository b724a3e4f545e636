"""Who stands behind: chosen with a reason, and each gets a referral of its own once the case is approved."""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from arrears import referrals
from arrears.history import hold, record
from arrears.lifecycle import REFERRAL
from arrears.models import Applicant, Authority, Evidence, Referral, SupportCase, Supporting
from arrears.papers.forms import WORDS
from arrears.partners import supplements
from arrears.permits import find, may_refer, require
from arrears.support.lifecycle import SHAPES, SUPPORT
from arrears.support.permits import may_support
from arrears.support.standing import defendant_of, event_facts
from arrears.support.table import REASONS, SUPPORTERS
from grid import tasklist
from grid.days import day_of
from grid.models import Body, Person
from grid.refused import Refused
from grid.tasklist import TaskKind

HOUSE = "zh-hans"
ADOPT = "send_application"
tasklist.add_kinds((
    TaskKind(
        ADOPT, gettext_noop("送支持起诉申请：%(number)s"),
        gettext_noop("%(body)s已有案件 %(number)s 的移送，正在等补充材料。请把支持起诉申请和签字材料随补充一起送去，写明请它支持起诉。"),
    ),
))  # fmt: skip


def bodies_for(case: SupportCase) -> QuerySet[Body]:
    """Bodies of the claim's county and city that can support it."""
    kinds = {kind for row in SUPPORTERS.values() for kind in row.bodies}
    return referrals.bodies_for(case.claim).filter(kind__in=kinds)


def choose(case: SupportCase, person: Person, supporter: str, body: Body, why: str, *, now: datetime) -> Supporting:
    """Raises Refused: those of `may_support`, unknown_supporter, no_reason, chosen_already, those of referrals.check_body; of a
    case that was handed over already also those of referrals.refer."""
    row = SUPPORTERS.get(supporter)
    if row is None or body.kind not in row.bodies:
        raise Refused("unknown_supporter", _("所选单位不能作为这种支持主体，请核对。"))
    if not why.strip():
        raise Refused("no_reason", _("请写明为什么选它。"))
    referrals.check_body(case.claim, row.kind, body)
    with transaction.atomic():
        claim = hold(case.claim)
        case = SupportCase.objects.get(pk=case.pk)
        case.claim = claim
        require(may_support(find(SUPPORT, "choose"), case, person, day_of(now)))
        if case.supporters.filter(body=body).exists():
            raise Refused("chosen_already", _("%(body)s已经选过。") % {"body": body.name})
        chosen = Supporting.objects.create(case=case, supporter=supporter, body=body, why=why.strip()[:300], chosen_by=person, chosen_at=now)
        record(claim, "support", person, now=now, **event_facts(case, "choose", body=body.name, reason=chosen.why))
        if case.state == "handed_over":
            hand_to(case, person, now)
    return chosen


def drop(case: SupportCase, person: Person, chosen: Supporting, *, now: datetime) -> None:
    """Not yet handed over: somebody else is asked instead. Raises Refused: those of `may_support`, handed_already."""
    with transaction.atomic():
        claim = hold(case.claim)
        require(may_support(find(SUPPORT, "choose"), case, person, day_of(now)))
        gone, _rows = Supporting.objects.filter(pk=chosen.pk, case=case, referral=None).delete()
        if not gone:
            raise Refused("handed_already", _("已经送出，不能删去；请在移送页面撤回。"))
        record(claim, "support", person, now=now, **event_facts(case, "drop", body=chosen.body.name))


def hand_to(case: SupportCase, person: Person | None, now: datetime) -> list[Referral]:
    """A referral for each that has none yet; one that is under way to the same body already is taken instead, and the application
    goes there as a supplement."""
    assert person is not None, "somebody hands over"
    applying, papers, sent = list(case.applicants.values_list("claimant", flat=True)), papers_for(case), []
    for row in case.supporters.filter(referral=None).select_related("body"):
        kind = SUPPORTERS[row.supporter].kind
        referral = Referral.objects.filter(claim=case.claim, body=row.body, kind=kind).filter(state__in=REFERRAL.open_states).first()
        if referral is None:
            referral = referrals.refer(
                case.claim, person, now=now, kind=kind, body=row.body, summary=summary_of(case, row), evidence=papers, only=applying
            )  # fmt: skip
            row.referral = referral
            row.save(update_fields=["referral"])
        else:
            row.referral = referral
            row.save(update_fields=["referral"])
            adopt(case, row, papers, person, now)
        sent.append(referral)
    return sent


def adopt(case: SupportCase, row: Supporting, papers: Iterable[Evidence], person: Person, now: datetime) -> None:
    """The body has a referral of the claim from before: it hears that it is asked to support, for whom and why, and gets the papers.
    Where it waits for something it asked for, whoever sent that referral answers with the application, and is asked to."""
    referral, words = row.referral, summary_of(case, row)
    assert referral is not None
    can_be_sent = not supplements.is_asked(referral) and may_refer(find(REFERRAL, supplements.move_of(referral)), referral, person, day_of(now))
    record(case.claim, "support", person, now=now, **event_facts(case, "adopt" if can_be_sent else "adopt_later", body=row.body.name))
    if can_be_sent:
        supplements.send(referral, person, now=now, note=words, evidence=papers)
        return
    owner = referrals.sender_of(referral) or person
    tasklist.add(
        owner, ADOPT, key=f"adopt:{row.pk}", now=now, facts={"number": case.claim.number, "body": row.body.name},
        path=f"/referrals/{referral.pk}/supplement/", subject_id=case.claim_id, region_code=case.claim.region_id,
    )  # fmt: skip


OF_ONE_WORKER = ("identity", "signature")


def papers_for(case: SupportCase) -> list[Evidence]:
    """What goes with the application. Of papers of a single worker those of who applies: what they signed. Nobody has written down
    whose an identity paper is; it goes along where everybody applies."""
    papers = list(Evidence.objects.filter(claim=case.claim, replaced_by=None).exclude(scan="infected"))
    applying = case.applicants.values("claimant")
    if not case.claim.claimants.filter(same_as=None).exclude(pk__in=applying).exists():
        return papers
    own = {*case.applicants.values_list("paper", flat=True)}
    own |= {*Authority.objects.filter(claimant__in=applying, ended_at=None).values_list("paper", flat=True)}
    return [paper for paper in papers if paper.kind not in OF_ONE_WORKER or paper.pk in own]


def widen(referral: Referral, joined: Iterable[Applicant]) -> None:
    """It is about them too from now on."""
    if referral.only is None:
        return
    referral.only = [*referral.only, *(one.claimant_id for one in joined if one.claimant_id not in referral.only)]
    Referral.objects.filter(pk=referral.pk).update(only=referral.only)


def narrow(case: SupportCase, left: Iterable[str], now: datetime) -> None:
    """These have withdrawn: the bodies go on for the others. What was sent before stays on record as it was sent."""
    applying = [str(pk) for pk in case.applicants.values_list("claimant", flat=True)]
    for row in case.supporters.exclude(referral=None).select_related("referral__claim", "referral__body"):
        if row.referral.is_open:
            Referral.objects.filter(pk=row.referral_id).update(only=applying)
            row.referral.only = applying
            referrals.advance(row.referral, "narrow", None, now=now, left=list(left))


def tell_who_joined(case: SupportCase, joined: Iterable[Applicant], person: Person, now: datetime) -> list[Referral]:
    """A supplement for each body that has the case already, with the papers that are new. Those the person may not send one to
    come back, for whoever sent the referral; so do those that asked for something: who joins goes along with the answer, and is none."""
    left, rows = [], list(joined)
    note = _("补充申请支持起诉的劳动者：%(names)s") % {"names": _("、").join(row.claimant.name for row in rows)}
    for row in case.supporters.exclude(referral=None).select_related("referral__claim", "referral__body"):
        referral = row.referral
        if not referral.is_open:
            continue
        widen(referral, rows)
        if supplements.is_asked(referral) or not may_refer(find(REFERRAL, supplements.move_of(referral)), referral, person, day_of(now)):
            left.append(referral)
            continue
        supplements.send(referral, person, now=now, note=note, evidence=[one.paper for one in rows if one.paper])
    return left


def recall_open(case: SupportCase, reason: str, now: datetime) -> None:
    """The worker has withdrawn: nobody works on it any more."""
    for row in case.supporters.exclude(referral=None).select_related("referral__claim", "referral__body"):
        if row.referral.is_open:
            referrals.advance(row.referral, "recall", None, now=now, reason=reason or _("劳动者撤回支持起诉申请。"))


def summary_of(case: SupportCase, row: Supporting) -> str:
    """The request in words, in the house's language: the body keeps it on file."""
    with override(HOUSE):
        return "\n".join(lines_of(case, row))


def lines_of(case: SupportCase, row: Supporting) -> Collection[str]:
    applicants = list(case.applicants.select_related("claimant"))
    defendant, total = defendant_of(case.claim), sum(one.amount for one in applicants)
    names = _("、").join(one.claimant.name for one in applicants[:5])
    people = names if len(applicants) <= 5 else _("%(names)s等 %(n)s 人") % {"names": names, "n": len(applicants)}
    lines = [
        _("%(people)s申请支持起诉，被告%(defendant)s，请求支付劳动报酬 %(total)s 元。")
        % {"people": people, "defendant": str(defendant or "—"), "total": f"{total:,.2f}"},
        _("难以单独起诉：%(reasons)s。%(why)s") % {"reasons": _("、").join(REASONS[one].name for one in case.reasons if one in REASONS), "why": case.why},
        _("起诉方式：%(shape)s。") % {"shape": _(dict(SHAPES)[case.shape])},
        _("请贵单位支持的理由：%(why)s") % {"why": row.why},
        _("支持文书名称：%(title)s。劳动者是原告，贵单位依照%(article)s支持起诉。")
        % {"title": WORDS["SUPPORT-TITLE"].value, "article": SUPPORTERS[row.supporter].citation()},
    ]  # fmt: skip
    return lines
