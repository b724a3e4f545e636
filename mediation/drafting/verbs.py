"""The verbs of a draft: it is saved, and it is signed. All raise Refused; then nothing has changed."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from arrears.history import hold, record
from arrears.permits import Denied, require
from grid.days import day_of
from grid.models import Person
from grid.refused import Refused
from mediation import hearings
from mediation.drafting.case import case_of, workers_of
from mediation.drafting.lint import Finding, lint
from mediation.drafting.terms import Terms, kept, read
from mediation.lifecycle import SITTING
from mediation.models import AgreementDraft, Mediation
from mediation.permits import mediation_posts

DRAFTED = gettext_noop("起草调解协议")
Signed = dict[str, Any]


def may_draft(mediation: Mediation, person: Person, today: date) -> Denied | bool:
    """From the acceptance on: a mediator comes to the hearing with a paper."""
    if not any(post.role.name in SITTING for post in mediation_posts(mediation, person, today)):
        return Denied("not_your_role", _("您的岗位不能进行这项操作。"))
    if not mediation.is_open:
        return Denied("wrong_state", _("这次调解已经结束，协议不能再改。要改的，请重新申请调解，另签一份。"))
    return True


def draft_of(mediation: Mediation) -> AgreementDraft | None:
    return AgreementDraft.objects.select_related("edited_by").filter(mediation=mediation).first()


def keep(mediation: Mediation, said: Mapping[str, Any], person: Person, *, now: datetime, version: int) -> AgreementDraft:
    """`version`: of the draft as the page showed it; 0: there was none. Raises Refused: not_your_role, wrong_state, stale."""
    require(may_draft(mediation, person, day_of(now)))
    with transaction.atomic():
        claim = hold(mediation.claim)
        fresh = Mediation.objects.get(pk=mediation.pk)
        fresh.claim = claim
        require(may_draft(fresh, person, day_of(now)))
        told = kept(said, [worker.id for worker in workers_of(claim)])
        if version:
            rows = AgreementDraft.objects.filter(mediation=mediation, version=version)
            if not rows.update(told=told, version=F("version") + 1, edited_by=person, edited_at=now):
                raise stale(mediation)
        else:
            begin(mediation, told, person, now)
            record(claim, "mediation", person, now=now, move="draft", move_msgid=DRAFTED, mediation=str(mediation.pk))
    return AgreementDraft.objects.select_related("edited_by").get(mediation=mediation)


def begin(mediation: Mediation, told: dict[str, Any], person: Person, now: datetime) -> None:
    try:
        with transaction.atomic():
            AgreementDraft.objects.create(mediation=mediation, told=told, edited_by=person, edited_at=now)
    except IntegrityError as error:
        raise stale(mediation) from error


def stale(mediation: Mediation) -> Refused:
    found = draft_of(mediation)
    who = str(found.edited_by) if found and found.edited_by else ""
    return Refused("stale", _("%(who)s刚刚保存过这份草稿，您的页面不是最新的。您填的都还在下面；请对照后再保存。") % {"who": who})


def findings(mediation: Mediation, terms: Terms, today: date, takes_effect_on: date | None = None) -> list[Finding]:
    return lint(terms, case_of(mediation.claim, today, takes_effect_on))


def sign(
    mediation: Mediation, person: Person, *, now: datetime, version: int, effective_on: date, how: str = "paper", **signed: bool
) -> Mediation:  # fmt: skip
    """What the draft says was signed and sealed. Raises Refused: no_draft, stale, the code of the first hard finding, and as
    hearings.advance."""
    with transaction.atomic():
        hold(mediation.claim)
        draft = draft_of(mediation)
        if draft is None:
            raise Refused("no_draft", _("还没有协议草稿，请先起草并保存。"))
        if draft.version != version:
            raise Refused("stale", _("%(who)s刚刚改过这份草稿。请重新核对草稿和签过字的协议一致，再登记签署。") % {"who": draft.edited_by})
        terms = read(draft.told)
        for finding in findings(mediation, terms, day_of(now), effective_on):
            if finding.is_hard:
                raise Refused(finding.code, finding.phrase.text(_))
        return hearings.advance(mediation, "agree", person, now=now, **answers_of(terms), effective_on=effective_on, how=how, **signed)


def answers_of(terms: Terms) -> Signed:
    """What the move asks, as the draft says it."""
    return {
        "total": terms.total, "manner": terms.manner, "terms": terms.terms, "default_clause": terms.default_clause, "payee": terms.payee,
        "less_reason": terms.less_reason, "accelerates": terms.accelerates, "instalments": terms.plan, "signer": terms.signer,
        "signer_post": terms.signer_post, "shares": {worker: (share.amount, share.consent) for worker, share in terms.shares.items()},
    }  # fmt: skip
