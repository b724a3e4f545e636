"""What follows an agreement, or none, in the demo city: everybody gets their copy, and says how it was."""

from datetime import time
from random import Random

from django.core.files.uploadedfile import SimpleUploadedFile

from arrears.demo.papers import png, scribble
from mediation import handing
from mediation.demo.rooms import Table
from mediation.drafting.scans import attach
from mediation.marks import verbs
from mediation.marks.seats import may_take
from mediation.models import Mark, Mediation

ASKED_AT = time(15, 20)
STARS = (5, 5, 4, 5, 4, 3, 5, 2, 4, 5, 1)
SAID = {
    5: "调解员讲得很清楚，钱也快到了。", 4: "", 3: "等了很久才排上。", 2: "话没有说完就让签字。", 1: "一直劝我少要一点，不公道。",
}  # fmt: skip
BY_PHONE = {5: "", 4: "安排得及时。", 3: "", 2: "通知得太晚，来不及准备账目。", 1: "没有听我们的解释。"}
AWAY = 0.25  # of the firms: signed, and went off without the paper


def hand_over(table: Table) -> None:
    """With the signed paper as proof."""
    case, agreement = table.case, Mediation.objects.get(pk=table.mediation.pk).agreement
    rng, mediator = Random(f"{case.claim.number}/copies"), case.chronicle.present(table.mediator)
    attach(agreement, SimpleUploadedFile("调解协议书.png", png(scribble(rng)), "image/png"), mediator, now=case.clock)
    goes = rng.random() < AWAY
    whom = [copy.pk for copy in handing.copies(agreement) if copy.service.claimant_id or not goes]
    handing.hand_over(agreement, mediator, now=case.clock, whom=whom)


def say(table: Table) -> None:
    """The worker on their own page; the firm by telephone, if somebody else than the mediator is there to ask."""
    case = table.case
    mediation = Mediation.objects.select_related("claim", "mediator").get(pk=table.mediation.pk)
    rng = Random(f"{case.claim.number}/marks")
    stars = rng.choice(STARS)
    verbs.say(mediation, mediation.claim.claimants.all()[0], stars, SAID[stars], way="track", now=case.clock)
    officer = case.lead()
    if rng.random() < 0.6 and may_take(mediation, officer, case.day):
        stars = rng.choice(STARS)
        verbs.say(mediation, handing.payers(mediation)[0], stars, BY_PHONE[stars], way="phone", now=case.clock, person=officer)


def look(table: Table) -> None:
    """The low ones, while the county still has its hand on them: the story calls nobody after."""
    for mark in Mark.objects.to_look().filter(mediation=table.mediation.pk).select_related("mediation__claim", "mediation__mediator", "looker"):
        looker = table.case.chronicle.present(mark.looker)
        verbs.look(
            mark, looker, now=table.case.clock, finding="和当事人通了电话，调解员当天连开三场，确实急了一些。", done="已向当事人说明和致歉；调解员每天最多排两场。"
        )
