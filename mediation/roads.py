"""From a signed agreement onward: its papers, the two ways to make it enforceable, and what is open when a promise is broken. Each road
names its paper, and the step with which its proceeding and clocks begin."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from arrears.models import Claim, Clock, Proceeding
from arrears.papers.asks import TITLES
from arrears.proceedings.paper_answers import Title
from mediation.instalments import Standing
from mediation.models import Agreement
from mediation.titles import OF_AGREEMENT, title_since

CONFIRM, REVIEW = "MED-CONFIRM-30", "MED-ARBREVIEW-15"


@dataclass(frozen=True)
class Link:
    label: str
    url: str
    icon: str
    is_primary: bool = False


@dataclass(frozen=True)
class Road:
    name: str
    title: str
    said: str
    links: tuple[Link, ...]
    tone: str = "plain"
    due_on: date | None = None


def roads_of(agreement: Agreement, claim: Claim, found: Standing, today: date) -> list[Road]:
    """The urgent ones first. `claim.proceedings` with their steps are read already, or here."""
    proceedings = list(claim.proceedings.all())
    clocks = {clock.rule_id: clock for clock in Clock.objects.running().filter(claim=claim, rule_id__in=(CONFIRM, REVIEW), about_id=agreement.mediation_id)}
    roads = [paper_of(agreement)]
    title = title_since(claim, agreement)
    if found.left and title is None:
        roads += [*ways_to_a_title(agreement, claim, proceedings, clocks, today)]
    if found.late:
        roads.insert(0, enforce(agreement, claim, found, title) if title else sue(agreement, claim, found))
    return roads


def paper_of(agreement: Agreement) -> Road:
    return Road("agreement", _("协议书"), _("编号、数额和各期付款都按登记的内容写入，双方各一份。"), (paper(agreement, "F-12", _("制作协议书")),))


def ways_to_a_title(agreement: Agreement, claim: Claim, proceedings: list[Proceeding], clocks: dict[str, Clock], today: date) -> list[Road]:
    """Either makes the agreement enforceable; a way whose day is over, or that is under way, is not offered."""
    begun = {row.kind for row in proceedings if row.is_open}
    found = []
    if CONFIRM in clocks and clocks[CONFIRM].due_on >= today and not begun & {"confirmation", "arb_review"}:
        found.append(Road(
            "confirm", _("申请司法确认"), _("双方在协议生效起三十日内共同申请，不收费；确认以后到期不付，可以直接申请强制执行（民事诉讼法第二百零五条、第二百零六条）。"),
            (paper(agreement, "F-13", _("制作申请书")), step(claim, "confirmation", "applied", _("登记已申请"))), "info", clocks[CONFIRM].due_on,
        ))  # fmt: skip
    if REVIEW in clocks and clocks[REVIEW].due_on >= today and not begun & {"confirmation", "arb_review"}:
        found.append(Road(
            "review", _("申请仲裁审查"), _("双方在协议生效起十五日内共同请仲裁委员会审查，出具可以执行的调解书（劳动人事争议仲裁办案规则第七十四条，未核实）。"),
            (paper(agreement, "F-28", _("制作申请书")), step(claim, "arb_review", "applied", _("登记已申请"))), "info", clocks[REVIEW].due_on,
        ))  # fmt: skip
    return found


def enforce(agreement: Agreement, claim: Claim, found: Standing, title: Title) -> Road:
    due = found.due_now if title.proceeding.kind in OF_AGREEMENT else title.still_due()
    said = _("对方没有按期付款，已经有可以执行的文书（%(title)s）：可以就 %(due)s 元申请强制执行。") % {"title": _(dict(TITLES)[title.kind]), "due": f"{due or found.due_now:,.2f}"}
    return Road("enforce", _("申请强制执行"), said, (press(agreement), step(claim, "enforcement", "applied", _("登记已申请"))), "bad")


def sue(agreement: Agreement, claim: Claim, found: Standing) -> Road:
    said = _("对方没有按期付款，协议没有经过确认：可以就到期的 %(due)s 元申请支付令，或者凭协议直接起诉，不用先仲裁（劳动争议调解仲裁法第十六条）。") % {"due": f"{found.due_now:,.2f}"}
    links = (press(agreement), step(claim, "payment_order", "applied_16", _("登记已申请支付令")), step(claim, "suit", "filed_direct", _("登记已起诉")))
    return Road("sue", _("支付令或者起诉"), said, links, "bad")


def press(agreement: Agreement) -> Link:
    """What will be made is shown there, and made with one press."""
    return Link(_("一键追付"), reverse("agreement_pursue", args=[agreement.mediation_id]), "legal", is_primary=True)


def paper(agreement: Agreement, form: str, label: str) -> Link:
    """About this agreement, whatever was agreed or drafted since."""
    url = reverse("paper_new", args=[agreement.mediation.claim_id, form])
    return Link(label, f"{url}?about={agreement.pk}", "print")


def step(claim: Claim, kind: str, name: str, label: str) -> Link:
    return Link(label, reverse("proceeding_open", args=[claim.pk, kind, name]), "check")
