"""What somebody with a link and a code sees of a referral: the same frozen facts as the body's people, and the body's moves.
Nothing leads from here to the case, a clock, or any other page of the house."""

from datetime import date
from functools import cached_property

from django.urls import reverse

from arrears.acts import Act
from arrears.claim_rows import Mark
from arrears.models import Evidence, Packet, ReplyLink
from arrears.partners.answering import outside_moves
from arrears.partners.links import token_of
from arrears.referral_page import MOVE_ICONS, ReferralPage
from arrears.referral_rows import due_mark


class ReplyPage(ReferralPage):
    """`link.referral` was fetched with ReferralPage.rows()."""

    sees_claim, is_of_body, may_call = False, True, True
    may_record = False

    def __init__(self, link: ReplyLink, today: date, number: str = "", supplement: str = "") -> None:
        super().__init__(link.referral, None, today, number, supplement)  # type: ignore[arg-type]
        self.link, self.token = link, token_of(link)

    @property
    def due(self) -> Mark | None:
        return due_mark(self.referral, self.today, self.calendar)

    @cached_property
    def acts(self) -> list[Act]:
        return [
            Act(move, reverse("reply_move", args=[self.token, move.name]), MOVE_ICONS.get(move.name, "check"))
            for move in outside_moves(self.referral)
        ]

    @cached_property
    def bound(self) -> list[tuple[Packet, str, str]]:
        """材料包 that go with it, each with where its PDF and its ZIP are taken."""
        return [(row, *(reverse(f"reply_packet_{kind}", args=[self.token, row.pk]) for kind in ("pdf", "zip"))) for row in self.packets]

    def url_of(self, file: Evidence) -> str:
        return reverse("reply_file", args=[self.token, file.pk])
