"""Whatever money comes, late, early, too much or taken back: what is outstanding is the same to the cent wherever it is shown."""

import csv
from datetime import date
from decimal import Decimal as D
from io import StringIO
from random import Random
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Sum
from django.urls import reverse

from arrears import casework
from arrears.intake import ClaimantFacts, LineFacts
from arrears.models import Claim, Payment
from arrears.worker.page import AGREED
from grid.refused import Refused
from mediation.drafting import verbs
from mediation.models import Agreement
from mediation.outstanding import by_worker, standing_of, unpaid_parts
from tests.base import NOW, TODAY
from tests.mediation.test_drafts import SIGNED, told
from tests.mediation.test_pages import PageTestCase

TURNS = 14


class SumsTest(PageTestCase):
    """8,000.00 for three workers in two instalments, both long past by the clock the pages ask."""

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        people = [ClaimantFacts(name, lines=[LineFacts(rate=D(rate))]) for name, rate in (("张三", "5000.01"), ("李四", "1999.99"), ("王五", "1000"))]
        cls.mediation = cls.make_mediation("held", cls.make_handled_claim(claimants=people))
        cls.workers = list(cls.mediation.claim.claimants.order_by("id"))
        shares = {str(one.pk): [amount, "person"] for one, amount in zip(cls.workers, ("5000.01", "1999.99", "1000"), strict=True)}
        verbs.keep(cls.mediation, told(shares=shares), cls.mediator, now=NOW, version=0)
        cls.agreement = verbs.sign(cls.mediation, cls.mediator, now=NOW, version=1, effective_on=TODAY, **SIGNED).agreement

    def setUp(self) -> None:
        self.sign_in(self.county)
        self.api = f"/api/v1/mediations/{self.mediation.pk}"

    # What may happen

    def by_hand(self, rng: Random) -> None:
        said = {"worker": rng.choice(["", *(str(one.pk) for one in self.workers)]), "amount": self.amount(rng), "paid_on": self.some_day(rng), "method": "bank"}
        self.client.post(reverse("mediation_payments", args=[self.mediation.pk]), said)

    def by_api(self, rng: Random) -> None:
        body = {"amount": self.amount(rng), "paid_on": self.some_day(rng), "method": "cash"}
        self.client.post(f"{self.api}/payments/", body, content_type="application/json")

    def by_file(self, rng: Random) -> None:
        lines = "\n".join(f"{rng.choice(self.workers).name},{self.amount(rng)},{self.some_day(rng)},{rng.random()}" for _line in range(3))
        page = reverse("payments_import", args=[self.mediation.pk])
        self.client.post(self.client.post(page, {"file": SimpleUploadedFile("a.csv", f"户名,金额,日期,摘要\n{lines}".encode())}).headers["Location"])

    def storno(self, rng: Random) -> None:
        last = Payment.objects.filter(amount__gt=0).order_by("?").first()
        if last is not None:
            claim = Claim.objects.get()
            try:
                casework.advance(claim, "record_payment", self.county, now=self.now, amount=-last.amount, paid_on=last.paid_on, method="bank", note="冲正")
            except Refused as refused:
                self.assertTrue(refused.message)

    def amount(self, rng: Random) -> str:
        return f"{rng.randrange(1, 150_000) / 100:.2f}"

    def some_day(self, rng: Random) -> str:
        return rng.choice([TODAY, date(2026, 3, 19), date(2026, 3, 25), date(2026, 6, 1)]).isoformat()

    # Where it is shown

    def shown(self) -> dict[str, D]:
        claim, agreement = Claim.objects.get(), Agreement.objects.prefetch_related("instalments").get()
        said = self.client.get(f"{self.api}/standing/").json()
        page = self.client.get(reverse("mediation_payments", args=[self.mediation.pk])).context
        detail = self.client.get(reverse("mediation_detail", args=[self.mediation.pk])).context["page"]
        listed = self.client.get(f"/api/v1/claims/{claim.pk}/").json()
        return {
            "counted": standing_of(agreement, claim, self.today).left, "workers": sum((own.left for own in by_worker(agreement, claim)), D(0)),
            "the workers' pages": sum((AGREED[0](claim, worker, self.today).left for worker in self.workers), D(0)),
            "page": page["standing"].left, "page by instalment": sum((part.left for part in page["standing"].parts), D(0)),
            "page by worker": sum((own.left for own in page["workers"]), D(0)), "mediation": detail.standing.left,
            "api": D(said["left"]), "api by instalment": sum((D(part["left"]) for part in said["parts"]), D(0)),
            "api by worker": sum((D(own["left"]) for own in said["workers"]), D(0)), "api due now": D(said["due_now"]),
            "claim api": max(D(listed["unpaid"]), D(0)), "export": max(self.exported(), D(0)), "claim": max(claim.unpaid, D(0)),
        }  # fmt: skip

    def exported(self) -> D:
        answer = self.client.get(reverse("claim_export"))
        text = b"".join(answer.streaming_content).decode("utf-8-sig")
        rows = list(csv.reader(StringIO(text)))
        return D(rows[1][rows[0].index("尚欠金额")].replace(",", ""))

    def test_after_any_payments_every_view_says_the_same(self) -> None:
        self.walk(Random(1))

    def test_after_others_too(self) -> None:
        self.walk(Random(2))

    def walk(self, rng: Random) -> None:
        for turn in range(TURNS):
            act: Any = rng.choice([self.by_hand, self.by_hand, self.by_api, self.by_file, self.storno])
            act(rng)
            found = self.shown()
            self.assertEqual(len(set(found.values())), 1, (turn, act.__name__, found))
            paid = Payment.objects.aggregate(sum=Sum("amount"))["sum"] or D(0)
            self.assertEqual(Claim.objects.get().paid, paid)
            self.check_lists(found["counted"])

    def check_lists(self, left: D) -> None:
        """Money is due in the lists, and can be pursued, as long as something is left and no longer."""
        settled = Claim.objects.get().stage == "settled"
        self.assertEqual(unpaid_parts().exists(), settled and left > 0)
        rows = self.client.get(reverse("mediation_list"), {"view": "money_due"})
        self.assertEqual(rows.status_code, 200)
        pursued = self.client.get(f"{self.api}/pursuit/").json()
        if settled and left > 0:
            self.assertEqual(D(pursued.get("asked", "0")) or D(0), left, pursued)
        else:
            self.assertIn(pursued.get("code"), ("nothing_late", "claim_over", "wrong_state"))
