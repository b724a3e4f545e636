"""What of a case the access log names, and how an auditor is told which case it was."""

from collections.abc import Collection
from typing import Any

from django.urls import reverse

from arrears.models import (
    Claim,
    Claimant,
    Employer,
    Evidence,
    Order,
    Packet,
    Paper,
    Referral,
    Report,
    Search,
    Site,
    Source,
    SupportCase,
)
from grid.access import Named, Subject, add_subjects
from grid.deliveries import BY_NUMBER

REFERRAL = "referral"
ORDER = "order"


def _(text: str) -> str:
    """Marks a label for the catalogues; grid.access's readers translate it."""
    return text


def claims(ids: Collection[Any]) -> dict[Any, Named]:
    found = Claim.objects.filter(pk__in=ids).values_list("pk", "number")
    return {pk: Named(number, page_of(pk)) for pk, number in found}


def claimants(ids: Collection[Any]) -> dict[Any, Named]:
    found = Claimant.objects.filter(pk__in=ids).values_list("pk", "name", "claim", "claim__number")
    return {pk: Named(f"{name} · {number}", page_of(claim)) for pk, name, claim, number in found}


def evidence(ids: Collection[Any]) -> dict[Any, Named]:
    found = Evidence.objects.filter(pk__in=ids).values_list("pk", "title", "claim", "claim__number")
    return {pk: Named(f"{title} · {number}", page_of(claim)) for pk, title, claim, number in found}


def referrals(ids: Collection[Any]) -> dict[Any, Named]:
    found = Referral.objects.filter(pk__in=ids).values_list("pk", "body__name", "claim__number")
    return {pk: Named(f"{body} · {number}", reverse("referral_detail", args=[pk])) for pk, body, number in found}


def orders(ids: Collection[Any]) -> dict[Any, Named]:
    found = Order.objects.filter(pk__in=ids).values_list("pk", "number", "claim__number")
    return {pk: Named(f"{order} · {number}", reverse("order_detail", args=[pk])) for pk, order, number in found}


def sites(ids: Collection[Any]) -> dict[Any, Named]:
    found = Site.objects.filter(pk__in=ids).values_list("pk", "name")
    return {pk: Named(name, reverse("site_detail", args=[pk])) for pk, name in found}


def employers(ids: Collection[Any]) -> dict[Any, Named]:
    found = Employer.objects.filter(pk__in=ids).values_list("pk", "name")
    return {pk: Named(name, reverse("employer_detail", args=[pk])) for pk, name in found}


def reports(ids: Collection[Any]) -> dict[Any, Named]:
    found = Report.objects.filter(pk__in=ids).values_list("pk", "public_number")
    return {pk: Named(number, reverse("report_detail", args=[pk])) for pk, number in found}


def supports(ids: Collection[Any]) -> dict[Any, Named]:
    found = SupportCase.objects.filter(pk__in=ids).values_list("pk", "claim__number")
    return {pk: Named(number, reverse("support_detail", args=[pk])) for pk, number in found}


def searches(ids: Collection[Any]) -> dict[Any, Named]:
    found = Search.objects.filter(pk__in=ids).values_list("pk", "claim__number")
    return {pk: Named(number, reverse("search_detail", args=[pk])) for pk, number in found}


def sources(ids: Collection[Any]) -> dict[Any, Named]:
    found = Source.objects.filter(pk__in=ids).values_list("pk", "name")
    return {pk: Named(name, reverse("source_detail", args=[pk])) for pk, name in found}


def papers(ids: Collection[Any]) -> dict[Any, Named]:
    found = Paper.objects.filter(pk__in=ids).values_list("pk", "number", "title", "claim__number")
    return {pk: Named(f"{number} {title} · {claim}", reverse("paper_detail", args=[pk])) for pk, number, title, claim in found}


def packets(ids: Collection[Any]) -> dict[Any, Named]:
    found = Packet.objects.filter(pk__in=ids).values_list("pk", "title", "claim__number")
    return {pk: Named(f"{title} · {claim}", reverse("packet_detail", args=[pk])) for pk, title, claim in found}


def numbered(number: str) -> list[Any]:
    """What a case number stands for, for whoever looks at deliveries."""
    return list(Claim.objects.filter(number=number).values_list("pk", flat=True))


def page_of(claim_id: Any) -> str:
    return reverse("claim_detail", args=[claim_id])


BY_NUMBER.append(numbered)
add_subjects({
    "claim": Subject(_("案件"), claims),
    "claims": Subject(_("案件列表")),
    "claimant": Subject(_("劳动者"), claimants),
    "evidence": Subject(_("证据"), evidence),
    REFERRAL: Subject(_("移送"), referrals),
    "paper": Subject(_("文书"), papers),
    "packet": Subject(_("材料包"), packets),
    "site": Subject(_("工程项目"), sites),
    "employer": Subject(_("用人单位"), employers),
    "report": Subject(_("群众反映"), reports),
    ORDER: Subject(_("督办单"), orders),
    "support": Subject(_("支持起诉"), supports),
    "search": Subject(_("查找被告"), searches),
    "season": Subject(_("专项行动")),
    "source": Subject(_("工单来源"), sources),
})  # fmt: skip
