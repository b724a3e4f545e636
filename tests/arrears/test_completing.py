"""补充登记: everything the short intake left out can be completed afterwards, one tap from where it is missed."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.urls import reverse

from arrears import casework
from arrears.completing.slots import Record
from arrears.completing.verbs import Word, complete
from arrears.intake import ClaimantFacts, LineFacts, RespondentFacts
from arrears.models import Claim, Clock, Event
from arrears.telling import tell
from grid.access import AccessLog
from grid.models import Person
from grid.refused import Refused
from tests.arrears.pages import PagesTestCase
from tests.arrears.test_field import Sending
from tests.base import NOW, TODAY

ID_NUMBER = "321322199003070017"
FEWEST = {"name": "李国庆", "called": "孙老板", "region": "321322101", "received": TODAY.isoformat(), "amount": "3500"}


class CompletingTestCase(Sending, PagesTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.sign_in(self.grid_worker)
        answer = self.send(uuid4(), FEWEST)  # five answers on a phone, nothing else
        self.claim = Claim.objects.get(number=answer.json()["number"])
        self.worker, self.respondent, self.line = self.claim.claimants.get(), self.claim.respondents.get(), self.claim.lines.get()
        self.address = reverse("claim_complete", args=[self.claim.pk])

    def say(self, *words: Word, person: Person | None = None) -> list[Word]:
        return complete(Claim.objects.get(pk=self.claim.pk), person or self.grid_worker, words, now=NOW)

    def refused(self, code: str, *words: Word, person: Person | None = None) -> None:
        with self.assertRaises(Refused) as caught:
            self.say(*words, person=person)
        self.assertEqual(caught.exception.code, code)

    def post(self, *, page: Any = None, **said: str) -> Any:
        """As a browser sends it: everything that stood on the page, what it stood there with, and what was typed."""
        form = (page or self.client.get(self.address)).context["form"]
        data = {}
        for bound in form:
            data[bound.html_initial_name] = data[bound.html_name] = "" if bound.initial in (None, "") else str(bound.initial)
        return self.client.post(self.address, {**data, **said})


class VerbTest(CompletingTestCase):
    def test_everything_that_was_left_out_is_filled_and_the_history_says_what_but_no_number(self) -> None:
        self.say(
            Word("worker_phone", self.worker.pk, "13800000007"), Word("worker_id_number", self.worker.pk, ID_NUMBER),
            Word("respondent_legal_name", self.respondent.pk, "沭阳恒达建筑有限公司"), Word("respondent_address", self.respondent.pk, "沭城镇1号"),
            Word("last_working_day", None, date(2026, 1, 20)), Word("site_name", None, "翰林雅苑二期"), Word("site_address", None, "南京路8号"),
            Word("work", None, "瓦工"), Word("contract", None, "none", "unknown"), Word("story", None, "干完没有给钱。"),
            Word("line_period_from", self.line.pk, date(2025, 11, 1)), Word("line_period_to", self.line.pk, date(2026, 1, 20)),
        )  # fmt: skip
        claim = Claim.objects.get(pk=self.claim.pk)
        worker, respondent, line = claim.claimants.get(), claim.respondents.get(), claim.lines.get()
        self.assertEqual((worker.phone, worker.id_masked[:3], worker.id_number()), ("13800000007", "321", ID_NUMBER))
        self.assertEqual((respondent.legal_name, respondent.address, respondent.employer.name), ("沭阳恒达建筑有限公司", "沭城镇1号", "沭阳恒达建筑有限公司"))
        self.assertEqual((claim.site.name, claim.site.address, claim.work, claim.contract), ("翰林雅苑二期", "南京路8号", "瓦工", "none"))
        self.assertEqual((line.period_from, line.period_to, claim.claimed), (date(2025, 11, 1), date(2026, 1, 20), Decimal(3500)))
        self.assertEqual((claim.respondent_name, "翰林雅苑二期" in claim.search_text), ("沭阳恒达建筑有限公司", True))
        self.assertEqual(Clock.objects.get(claim=claim, rule_id="ARB-LIMIT-1Y").started_on, date(2026, 1, 20), "the limit runs from now on")
        event = Event.objects.get(kind="complete")
        told = tell(event)
        self.assertIn("补充登记：劳动者的电话、劳动者的身份证号、被申请方的法定名称", told.title)
        self.assertNotIn("13800000007", str(event.facts))
        self.assertNotIn(ID_NUMBER, str(event.facts))
        self.assertEqual(Record(claim).missing_of(["worker_phone", "last_working_day", "story", "line_period_from"]), [])

    def test_what_was_wrong_is_corrected_and_stays_readable(self) -> None:
        self.say(Word("respondent_role", self.respondent.pk, "foreman", "employer"))
        self.assertIn("被申请方的角色原登记为：用人单位", tell(Event.objects.get(kind="complete")).notes)
        self.say(Word("worker_name", self.worker.pk, "李国清", "李国庆"), Word("line_rate", self.line.pk, Decimal(4200), Decimal(3500)))
        claim = Claim.objects.get(pk=self.claim.pk)
        self.assertEqual((claim.worker_name, claim.claimed), ("李国清", Decimal(4200)))
        told = tell(Event.objects.filter(kind="complete").order_by("seq").last())
        self.assertEqual(told.title, "更正登记：劳动者的姓名、单价或总额")
        self.assertIn("劳动者的姓名原登记为：李国庆", told.notes)
        self.assertIn("单价或总额原登记为：3500.00", told.notes)

    def test_the_same_again_is_nothing_new(self) -> None:
        self.say(Word("worker_id_number", self.worker.pk, ID_NUMBER))
        masked = self.claim.claimants.get().id_masked
        self.assertEqual(self.say(Word("worker_id_number", self.worker.pk, ID_NUMBER, masked), Word("worker_name", self.worker.pk, "李国庆", "李国庆")), [])
        self.assertEqual(Event.objects.filter(kind="complete").count(), 1)

    def test_refusals_each_beside_what_is_accepted(self) -> None:
        phone = Word("worker_phone", self.worker.pk, "13800000007")
        self.refused("not_your_role", phone, person=self.auditor)
        self.refused("not_of_claim", Word("worker_phone", uuid4(), "13800000007"))
        self.refused("not_of_claim", Word("worker_phone", None, "13800000007"))
        other = self.make_claim()
        self.refused("not_of_claim", Word("worker_phone", other.claimants.get().pk, "13800000007"))
        self.say(phone)
        self.refused("changed_meanwhile", Word("worker_phone", self.worker.pk, "13800000008"))
        self.refused("emptied", Word("worker_phone", self.worker.pk, "", "13800000007"))
        self.refused("in_future", Word("last_working_day", None, TODAY + timedelta(days=1)))
        self.refused("nameless", Word("site_address", None, "南京路8号"))
        self.refused("paid_over", Word("line_paid", self.line.pk, Decimal(4000), Decimal(0)))
        self.refused("period_order", Word("line_period_from", self.line.pk, date(2026, 2, 1)), Word("line_period_to", self.line.pk, date(2026, 1, 1)))
        self.say(Word("site_name", None, "翰林雅苑二期"), Word("site_address", None, "南京路8号"))
        self.refused("address_shared", Word("site_address", None, "北京路1号", "南京路8号"))
        self.assertEqual(Event.objects.filter(kind="complete").count(), 2)

    def test_amounts_that_were_verified_stay(self) -> None:
        casework.advance(self.claim, "accept", self.chief, now=NOW, conditions=True)
        casework.advance(self.claim, "verify", self.chief, now=NOW, verified_amount=3000, basis="工资表")
        self.refused("amount_decided", Word("line_rate", self.line.pk, Decimal(4200), Decimal(3500)))
        self.say(Word("line_period_from", self.line.pk, date(2025, 11, 1)))

    def test_a_claim_that_has_ended_is_complete_as_it_is(self) -> None:
        casework.advance(self.claim, "withdraw", self.grid_worker, now=NOW, reason="已经给钱", confirmed=True)
        self.refused("wrong_state", Word("worker_phone", self.worker.pk, "13800000007"))


class PageTest(CompletingTestCase):
    def test_the_claim_says_what_is_missing_with_a_link_to_each_field(self) -> None:
        page = self.client.get(reverse("claim_detail", args=[self.claim.pk]))
        self.assertContains(page, "还缺什么")
        for key in (f"worker-{self.worker.pk}-phone", f"worker-{self.worker.pk}-id_number", f"respondent-{self.respondent.pk}-legal_name",
                    "last_working_day", f"line-{self.line.pk}-period_from", "story"):  # fmt: skip
            self.assertContains(page, f'href="{self.address}#id_{key}"')
            self.assertContains(self.client.get(self.address), f'id="id_{key}"')

    def test_each_road_says_what_it_lacks_with_a_link_to_where_it_is_filled_in(self) -> None:
        address = reverse("claim_papers", args=[self.claim.pk])
        roads = {road.id: road for road in self.client.get(address).context["page"].roads}
        lacks = {row.need.id: [label for label, _url in row.acts] for row in roads["ARBITRATE"].rows if not row.is_met}
        self.assertEqual(
            lacks,
            {
                "IDENTITY": ["添加", "承诺补交"], "ID-NUMBER": ["去补充"], "PHONE": ["去补充"], "RESPONDENT-NAME": ["去补充"],
                "RESPONDENT-ADDRESS": ["去补充"], "LAST-DAY": ["去补充"], "PERIOD": ["去补充"], "STORY": ["去补充"],
                "LABOUR": ["添加", "承诺补交"], "SUM": ["添加", "承诺补交"], "LEDGER": ["添加"],
            },
        )  # fmt: skip
        self.sign_in(self.chief)  # who may order the employer
        page = self.client.get(address).context["page"]
        ledger = next(row for road in page.roads if road.id == "ARBITRATE" for row in road.rows if row.need.id == "LEDGER")
        self.assertEqual([label for label, _url in ledger.acts], ["添加", "要求单位提供"])
        opened = self.client.get(address + "?notice=attendance")
        self.assertContains(opened, 'id="notice" open')
        self.assertContains(opened, '<option value="attendance" selected>')
        self.assertContains(self.client.get(address + "?promise=iou"), 'id="promise" open')

    def test_only_what_was_touched_is_said(self) -> None:
        answer = self.post(**{f"worker-{self.worker.pk}-phone": "138 0000 0007", "story": "干完没有给钱。"})
        self.assertRedirects(answer, reverse("claim_detail", args=[self.claim.pk]))
        self.assertEqual(Event.objects.get(kind="complete").facts["filled"], ["worker_phone", "story"])
        self.assertEqual(self.claim.claimants.get().phone, "13800000007")

    def test_what_is_wrong_is_said_at_the_field_and_nothing_typed_is_lost(self) -> None:
        answer = self.post(**{f"worker-{self.worker.pk}-phone": "12", "story": "干完没有给钱。"})
        self.assertContains(answer, "干完没有给钱。")
        self.assertIn(f"worker-{self.worker.pk}-phone", answer.context["form"].errors)
        self.assertFalse(Event.objects.filter(kind="complete").exists())
        self.assertContains(self.post(), "没有填写新的内容")

    def test_what_somebody_else_wrote_meanwhile_is_not_overwritten(self) -> None:
        page = self.client.get(self.address)
        self.say(Word("story", None, "先写的。"))
        answer = self.post(page=page, story="后写的。")
        self.assertContains(answer, "刚刚被他人改过，现在是“先写的。”")
        self.assertEqual(Claim.objects.get(pk=self.claim.pk).story, "先写的。")
        self.assertEqual(self.post(page=page, work="瓦工").status_code, 302, "the other fields are nobody's trouble")

    def test_an_odd_value_of_an_old_register_holds_nothing_up(self) -> None:
        self.claim.claimants.update(phone="没有电话")
        self.assertEqual(self.post(work="瓦工").status_code, 302)

    def test_refused_absent_and_logged(self) -> None:
        self.client.get(self.address)
        self.assertEqual(AccessLog.objects.filter(subject_id=self.claim.pk, person=self.grid_worker).count(), 1)
        for person in (self.chief_a2, self.county_b, self.partner, self.outsider):
            self.sign_in(person)
            self.assertEqual(self.client.get(self.address).status_code, 404)
        self.sign_in(self.auditor)
        self.assertContains(self.client.get(self.address), "您的岗位不能", status_code=409)
        self.assertNotContains(self.client.get(reverse("claim_detail", args=[self.claim.pk])), self.address)
        self.assertEqual(self.client.put(self.address).status_code, 405)

    def test_the_same_queries_for_twelve_workers_and_for_thirty(self) -> None:
        def addresses(n: int) -> tuple[str, str]:
            workers = [ClaimantFacts(f"工人{i}", lines=[LineFacts(Decimal(100))]) for i in range(n)]
            claim = self.make_claim(claimants=workers, respondents=[RespondentFacts(f"单位{i}") for i in range(n)])
            return reverse("claim_complete", args=[claim.pk]), reverse("claim_detail", args=[claim.pk])

        few, many = addresses(12), addresses(30)
        self.assertEqual([self.queries(one) for one in few], [self.queries(one) for one in many])

    def test_of_hundreds_those_who_lack_something_come_first(self) -> None:
        whole = [ClaimantFacts(f"甲{i}", "13800000001", ID_NUMBER, [LineFacts(Decimal(100))]) for i in range(40)]
        claim = self.make_claim(claimants=[*whole, ClaimantFacts("缺号的", lines=[LineFacts(Decimal(100))])])
        self.assertEqual(Record(claim).workers[0].name, "缺号的")
        page = self.client.get(reverse("claim_complete", args=[claim.pk]))
        self.assertContains(page, "这里先列出还缺内容的 30 人")

    def test_one_of_many_is_completed_and_corrected_from_the_list_of_workers(self) -> None:
        claim = self.make_claim(claimants=[ClaimantFacts(f"甲{i}", "13800000001", ID_NUMBER, [LineFacts(Decimal(100))]) for i in range(40)])
        last = claim.claimants.order_by("id").last()
        self.address = f"{reverse('claim_complete', args=[claim.pk])}?worker={last.pk}"
        people = self.client.get(reverse("claim_people", args=[claim.pk]))
        self.assertContains(people, f'href="{self.address}"')
        page = self.client.get(self.address)
        self.assertEqual({slot.whose for slot in page.context["form"].slots.values()}, {"甲39"})
        self.assertEqual(self.post(**{f"worker-{last.pk}-name": "甲三九"}).status_code, 302)
        last.refresh_from_db()
        self.assertEqual((last.name, Event.objects.get(claim=claim, kind="complete").facts["corrected"]), ("甲三九", ["worker_name"]))
        for other in (self.worker.pk, uuid4(), "x"):
            self.assertEqual(self.client.get(f"{reverse('claim_complete', args=[claim.pk])}?worker={other}").status_code, 404)


