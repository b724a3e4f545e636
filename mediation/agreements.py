"""Recording an agreement: the gates before it and the rows of it. Called by the verb `agree` inside its transaction."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from arrears import casework
from arrears.lifecycle import CLAIM
from arrears.models import Claim
from grid.days import day_of
from grid.models import Person
from grid.refused import Refused
from mediation import instalments
from mediation.drafting import lint
from mediation.drafting.case import case_of, workers_word
from mediation.drafting.terms import IN_PERSON, Share, Terms
from mediation.models import Agreement, Instalment, Mediation, Signature
from mediation.models import Share as ShareRow

Answers = dict[str, Any]

# 调解仲裁法 第十四条第二款: the parties' and the mediator's signatures and the seal make it binding.
SIGNATURES = ("signed_by_parties", "signed_by_mediator", "sealed")
HANDLE, SETTLE = CLAIM.find("handle"), CLAIM.find("settle")


def three_signatures(mediation: Mediation, answers: Answers, now: datetime) -> None:
    if not all(answers.get(name) for name in SIGNATURES):
        raise Refused(
            "not_signed",
            _("协议尚未生效：须由双方当事人签名或盖章、调解员签名并加盖调解组织印章（劳动争议调解仲裁法第十四条）。"),
        )


def plan_adds_up(mediation: Mediation, answers: Answers, now: datetime) -> None:
    effective_on, today = answers["effective_on"], day_of(now)
    if effective_on > today:
        raise Refused("not_yet_effective", _("协议生效日期不能晚于今天。"))
    if effective_on < mediation.applied_on:
        raise Refused("effective_before_application", _("协议生效日期不能早于收到调解申请的日期。"))
    if answers["total"] <= 0:
        raise Refused("nothing_to_pay", _("协议支付总额须大于零。"))
    for fault in instalments.faults(plan_of(answers), answers["total"], effective_on):
        raise Refused(fault.code, fault.phrase.text(_))


def for_each_worker(mediation: Mediation, answers: Answers, now: datetime) -> None:
    """Less than was verified needs a reason; of several workers each has a sum of their own and has consented. Read with the
    claim locked: a worker or a verified sum may have come since the draft was looked at."""
    case = case_of(mediation.claim, day_of(now), answers["effective_on"])
    terms = terms_of(answers)
    for finding in (*lint.amounts(terms, case), *lint.shares(terms, case)):
        if finding.is_hard:
            raise Refused(finding.code, finding.phrase.text(_))


def terms_of(answers: Answers) -> Terms:
    said = answers.get("shares") or {}
    return Terms(
        total=answers["total"], is_total_typed=True, manner=answers["manner"], payee=answers.get("payee") or "", terms=answers["terms"],
        default_clause=answers.get("default_clause") or "", less_reason=answers.get("less_reason") or "", signer="", signer_post="",
        accelerates=bool(answers.get("accelerates")), clauses=(), parts=(),
        shares={worker: Share(worker, amount, consent) for worker, (amount, consent) in said.items()},
    )  # fmt: skip


def claim_in_hand(mediation: Mediation, answers: Answers, now: datetime) -> None:
    """The agreement settles the claim; a claim that was accepted but not begun is begun on the way."""
    claim = mediation.claim
    if claim.stage == CLAIM.initial:
        raise Refused("claim_not_accepted", _("案件尚未受理，请先在案件页面受理，再登记调解协议。"))
    if claim.stage not in (*HANDLE.sources, *SETTLE.sources):
        raise Refused(
            "claim_not_in_hand",
            _("案件当前为“%(stage)s”，不能登记调解协议。可终结本次调解，原因选“已另行解决”。")
            % {"stage": _(claim.state.label)},
        )


def plan_of(answers: Answers) -> Sequence[tuple[date, Decimal]]:
    """The instalments as (due_on, amount); given none, everything is due on the day of effect."""
    return [(due_on, amount) for due_on, amount in answers.get("instalments") or ()]


def write(mediation: Mediation, answers: Answers, person: Person | None, now: datetime) -> Agreement:
    """The agreement with its instalments, and the claim settled on it. What had been paid before stays counted."""
    # a payment recorded this very moment must be either before the agreement or under it
    paid_before = Claim.objects.select_for_update().get(pk=mediation.claim_id).paid
    agreement = Agreement.objects.create(
        mediation=mediation, number=next_number(mediation.claim), total=answers["total"], paid_before=paid_before,
        effective_on=answers["effective_on"], manner=answers["manner"], terms=answers["terms"],
        default_clause=answers.get("default_clause") or "", accelerates=bool(answers.get("accelerates")), payee=answers.get("payee") or "",
        less_reason=answers.get("less_reason") or "", **{name: True for name in SIGNATURES},
    )  # fmt: skip
    write_plan(agreement, plan_of(answers))
    write_shares(agreement, mediation.claim, answers.get("shares") or {})
    write_signatures(agreement, mediation, answers)
    settle_claim(mediation.claim, agreement, person, now)
    return agreement


def write_plan(agreement: Agreement, plan: Iterable[tuple[date, Decimal]]) -> None:
    Instalment.objects.bulk_create(
        Instalment(agreement=agreement, number=number, due_on=due_on, amount=amount)
        for number, (due_on, amount) in enumerate(plan, 1)
    )


def write_shares(agreement: Agreement, claim: Claim, said: dict[str, tuple[Decimal, str]]) -> None:
    """The one worker of a claim gets all of it, and has signed."""
    workers = list(claim.claimants.filter(same_as=None).values_list("pk", flat=True))
    found = {workers[0]: (agreement.total, IN_PERSON)} if len(workers) == 1 else {pk: said[str(pk)] for pk in workers}
    ShareRow.objects.bulk_create(
        ShareRow(agreement=agreement, claimant_id=pk, amount=amount, consent=consent) for pk, (amount, consent) in found.items()
    )


def write_signatures(agreement: Agreement, mediation: Mediation, answers: Answers) -> None:
    """Of very many workers each one's consent stands with their share."""
    claim, how = mediation.claim, answers.get("how") or "paper"
    signers = (
        ("worker", workers_word(claim), ""), ("respondent", answers.get("signer") or claim.respondent_name, answers.get("signer_post") or ""),
        ("mediator", str(mediation.mediator or ""), ""), ("seal", "", ""),
    )  # fmt: skip
    Signature.objects.bulk_create(
        Signature(agreement=agreement, role=role, name=name, post=post, how="paper" if role == "seal" else how, signed_on=agreement.effective_on)
        for role, name, post in signers
    )


def next_number(claim: Claim) -> str:
    """The claim's number and which of its agreements it is; the claim's row is locked, so no two are the same."""
    return f"{claim.number}-调{Agreement.objects.filter(mediation__claim=claim).count() + 1}"


def settle_claim(claim: Claim, agreement: Agreement, person: Person | None, now: datetime) -> None:
    if claim.stage in HANDLE.sources:
        casework.carry_out(claim, HANDLE, person, now, {})
    casework.carry_out(claim, SETTLE, person, now, {
        "agreed_amount": agreement.paid_before + agreement.total,
        "pay_by": agreement.instalments.last().due_on,
        "terms": agreement.number,
    })  # fmt: skip
