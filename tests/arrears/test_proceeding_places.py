"""Where proceedings show beside their own page: merged and split claims, the desk, the worker's page, roads, referrals, the
calendar of hearings, the API."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.urls import reverse
from rest_framework.test import APIClient

from arrears import casework, referrals
from arrears.groups.splitting import split
from arrears.intake import ClaimantFacts, LineFacts
from arrears.models import Claim, Clock, Proceeding
from arrears.papers.facts import facts_for
from arrears.papers.fields import CATALOGUE
from arrears.papers.forms import FORMS
from arrears.proceedings import verbs
from arrears.proceedings.shows import shown_by
from arrears.proceedings.table import KINDS
from arrears.worker.page import TrackPage
from arrears.worker.tracking import Visitor
from arrears.worker.words import message_of
from grid.days import SHANGHAI
from grid.models import Body, Person
from grid.roles import PARTNER
from tests.arrears.test_proceeding_pages import ProceedingPagesTest
from tests.arrears.test_proceedings import ProceedingTestCase, at
from tests.base import NOW, TODAY, make_person


class MergedAndSplitTest(ProceedingTestCase):
    def test_a_merged_claim_hands_on_its_proceedings_with_clocks_and_receipts(self) -> None:
        row = self.open("arbitration.applied")
        target = self.make_claim(claimants=[ClaimantFacts("王芳", "13800000002", lines=[LineFacts(Decimal(1000))])])
        casework.advance(self.claim, "merge", self.chief, now=NOW, merged_into=target, reason="同一工地")
        row = self.fresh(row)
        self.assertEqual((row.claim_id, row.is_open, row.steps.get().paper.claim_id), (target.pk, True, target.pk))
        clock = Clock.objects.get(about_id=row.pk, rule_id="ARB-ACCEPT")
        self.assertEqual((clock.claim_id, clock.ended_on), (target.pk, None))
        self.assertIn("arbitrating", set(shown_by(Claim.objects.get(pk=target.pk), TODAY)))

    def test_both_parts_of_a_split_claim_have_the_proceeding(self) -> None:
        crew = [ClaimantFacts(f"工友{n}", f"1380000{n:04d}", lines=[LineFacts(Decimal(1000))]) for n in range(3)]
        self.claim = self.make_claim(claimants=crew)
        self.paper.claim = self.claim
        self.paper.save(update_fields=["claim"])
        row = self.open("arbitration.applied")
        step = self.step(row, "accepted", TODAY)
        new = split(self.claim, self.chief, [self.claim.claimants.first().pk], "另案", now=NOW)
        copy = new.proceedings.get()
        self.assertEqual((copy.state, copy.docket_number, copy.pk == row.pk), ("accepted", step.docket, False))
        self.assertEqual(self.running(copy), self.running(row))
        last = copy.steps.get(name="accepted")
        verbs.take_back(last, self.county, reason="看错了", now=NOW)
        self.assertEqual(list(self.running(copy)), ["ARB-ACCEPT"])
        self.assertEqual(self.fresh(row).state, "accepted", "the other goes on")


class WorkerTest(ProceedingTestCase):
    def track(self, today: date) -> TrackPage:
        claim = Claim.objects.get(pk=self.claim.pk)
        return TrackPage(Visitor(claim, claim.claimants.get()), today)

    def test_the_page_says_where_it_stands_and_what_comes_next(self) -> None:
        row = self.open("arbitration.applied")
        self.step(row, "accepted", TODAY)
        (told,) = self.track(TODAY).proceedings
        self.assertEqual((told.name, told.done), ("劳动仲裁", "已受理"))
        self.assertIn("四十五日内裁决", told.plain)
        self.assertIn("仲裁委员会已经受理", [one.words[:9] for one in self.track(TODAY).history])

    def test_a_day_that_costs_a_right_is_said_before_it_comes_and_by_text_message(self) -> None:
        self.tick("iou")
        kept = self.open("preservation.pre_suit")
        self.step(kept, "ruled_pre", TODAY, amount=Decimal(8000))
        self.assertEqual(self.track(TODAY).rights, [])
        (right,) = self.track(date(2026, 3, 20)).rights  # 1 April: thirty days on
        self.assertEqual(right.says, "请在2026-04-01前起诉或者申请仲裁，否则冻结的财产会解冻。请找经办人帮忙。")

        class Alerted:
            kind, facts = "alerted", {"rule": "PRE-SUIT-30", "rung": "before10", "due": "2026-04-01"}

        message = message_of(Alerted)
        self.assertEqual(message.kind, "worker_right")
        self.assertIn("2026-04-01", message.facts(self.claim, Alerted)["say"])


class DeskTest(ProceedingPagesTest):
    def test_what_costs_a_right_soon_is_first_on_the_desk_of_whoever_sees_the_case(self) -> None:
        kept = self.open("preservation.pre_suit")
        self.step(kept, "ruled_pre", TODAY, amount=Decimal(8000))
        self.assertNotContains(self.client.get(reverse("desk")), "诉前冻结的财产会解除保全")
        with self.at_time(at(date(2026, 3, 20))):
            for person, sees in ((self.county, True), (self.grid_worker, True), (self.county_b, False)):
                self.client.force_login(person)
                self.assertEqual("诉前冻结的财产会解除保全" in self.client.get(reverse("desk")).content.decode(), sees, person)


class RoadTest(ProceedingPagesTest):
    def test_an_open_road_leads_to_the_first_step_and_a_shut_one_does_not(self) -> None:
        address = reverse("proceeding_open", args=[self.claim.pk, "arbitration", "applied"])
        doors = reverse("claim_doors", args=[self.claim.pk])
        self.assertContains(self.client.get(doors), address)
        self.open("arbitration.applied")
        self.assertNotContains(self.client.get(doors), address)

    def test_an_accepted_referral_becomes_a_proceeding(self) -> None:
        body = Body.objects.create(name="沭阳县劳动人事争议仲裁委员会", kind="arbitration", region_id="321322")
        partner: Person = make_person("zhongcai", "仲采", PARTNER, body=body)
        referral = referrals.refer(self.claim, self.county, now=NOW, kind="arbitration", body=body, summary="请受理")
        page = reverse("referral_detail", args=[referral.pk])
        link = f"{reverse('proceeding_open', args=[self.claim.pk, 'arbitration', 'applied'])}?referral={referral.pk}"
        self.assertNotContains(self.client.get(page), link)
        for move in ("receive", "accept"):
            referrals.advance(referral, move, partner, now=NOW)
        self.assertContains(self.client.get(page), link)
        self.client.post(link, {"on": "2026-03-02", "court": body.name, "paper": str(self.paper.pk)})
        row = Proceeding.objects.get()
        self.assertEqual((row.referral_id, row.body_id), (referral.pk, body.pk))

    def test_a_hearing_of_the_court_stands_in_the_calendar_of_mediations(self) -> None:
        self.tick("iou")
        suit = self.open("suit.filed_direct")
        self.step(suit, "docketed", TODAY, procedure="simple")
        self.step(suit, "hearing", TODAY, hearing=datetime(2026, 3, 12, 9, 30, tzinfo=SHANGHAI), place="第三法庭")
        address = f"{reverse('hearing_day')}?day=2026-03-12"
        self.assertContains(self.client.get(address), "（2026）苏1322民初1号")
        self.assertNotContains(self.client.get(f"{reverse('hearing_day')}?day=2026-03-13"), "（2026）苏1322民初1号")
        around = [f"{reverse(name)}?day={day}" for name, day in (("hearing_week", "2026-03-09"), ("hearing_month", "2026-03-31"))]
        for page in around:
            self.assertContains(self.client.get(page), "（2026）苏1322民初1号")
        for name, day in (("hearing_week", "2026-03-16"), ("hearing_month", "2026-04-01")):
            self.assertNotContains(self.client.get(f"{reverse(name)}?day={day}"), "（2026）苏1322民初1号")
        self.client.force_login(self.county_b)
        for page in (address, *around):
            self.assertNotContains(self.client.get(page), "（2026）苏1322民初1号")


class ApiTest(ProceedingPagesTest):
    def setUp(self) -> None:
        super().setUp()
        self.api = APIClient()
        self.api.force_authenticate(self.county)

    def test_open_step_take_back_next_and_list(self) -> None:
        said = {
            "claim": str(self.claim.pk), "kind": "arbitration", "step": "applied", "on": "2026-03-02", "court": "仲裁委",
            "paper": str(self.paper.pk),
        }  # fmt: skip
        made = self.api.post("/api/v1/proceedings/", said, format="json")
        self.assertEqual((made.status_code, made.json()["state"], made.json()["due_on"]), (201, "applied", "2026-03-09"))
        url = f"/api/v1/proceedings/{made.json()['id']}"
        self.assertIn("accepted", [row["step"] for row in self.api.get(f"{url}/next/").json()])
        stepped = self.api.post(f"{url}/step/", {"step": "accepted", "on": "2026-03-02", "docket": "1号"}, format="json")
        self.assertEqual((stepped.status_code, stepped.json()["state"]), (201, "accepted"))
        refused = self.api.post(f"{url}/step/", {"step": "accepted", "on": "2026-03-02", "docket": "1号"}, format="json")
        self.assertEqual((refused.status_code, refused.json()["code"]), (409, "wrong_state"))
        self.assertEqual(self.api.post(f"{url}/take-back/", {"reason": "看错了"}, format="json").json()["state"], "applied")
        listed = self.api.get("/api/v1/proceedings/?kind=arbitration&open=true").json()["results"]
        self.assertEqual([row["id"] for row in listed], [made.json()["id"]])

    def test_what_is_excluded_is_409_with_its_sentence_and_told_beforehand(self) -> None:
        said = {
            "claim": str(self.claim.pk), "kind": "suit", "step": "filed_direct", "on": "2026-03-02", "court": "法院", "paper": str(self.paper.pk),
        }  # fmt: skip
        refused = self.api.post("/api/v1/proceedings/", said, format="json")
        self.assertEqual((refused.status_code, refused.json()["code"]), (409, "excluded"))
        rows = self.api.get(f"/api/v1/proceedings/openings/?claim={self.claim.pk}").json()
        suit = next(row for row in rows if (row["kind"], row["step"]) == ("suit", "filed_direct"))
        self.assertEqual((suit["open"], suit["refused_because"][0]), (False, refused.json()["message"]))

    def test_what_is_out_of_sight_does_not_exist(self) -> None:
        row = self.open("arbitration.applied")
        for person in (self.county_b, self.partner, self.outsider):
            self.api.force_authenticate(person)
            for path in ("", "next/"):
                self.assertEqual(self.api.get(f"/api/v1/proceedings/{row.pk}/{path}").status_code, 404)
            self.assertEqual(self.api.get(f"/api/v1/proceedings/openings/?claim={self.claim.pk}").status_code, 404)
            listed = self.api.get("/api/v1/proceedings/")
            if person == self.partner:  # bodies have their inbox and nothing else
                self.assertEqual(listed.status_code, 404)
            else:
                self.assertEqual(listed.json()["results"], [])


class PaperTest(ProceedingTestCase):
    def facts(self) -> dict:
        return facts_for(FORMS["F-25"], Claim.objects.get(pk=self.claim.pk), today=TODAY, answers={})["程序"]

    def test_papers_know_the_proceedings_and_the_title_under_the_names_of_the_catalogue(self) -> None:
        self.assertEqual((self.facts()["有"], self.facts()["生效文书"]["有"]), (False, False))
        self.tick("iou")
        suit = self.open("suit.filed_direct")
        self.step(suit, "docketed", TODAY, procedure="small")
        self.assertFalse(self.facts()["生效文书"]["有"])
        self.step(suit, "judged_small", date(2026, 5, 20), amount=Decimal(7000), until=date(2026, 6, 10))
        found = self.facts()
        (row,) = found["列表"]
        self.assertEqual((row["名称"], row["案号"], row["状态"], row["金额"]), ("民事诉讼", "（2026）苏1322民初1号", "判决已生效", Decimal(7000)))
        title = {"有": True, "程序": "民事诉讼", "案号": "（2026）苏1322民初1号", "生效日期": date(2026, 5, 20), "履行期限": date(2026, 6, 10), "金额": Decimal(7000)}
        each = found["生效文书"].pop("按人")
        self.assertEqual(found["生效文书"], {**title, "合计": Decimal(7000)})
        self.assertEqual([(one["序号"], one["姓名"], one["金额"]) for one in each], [(1, "李建国", Decimal(7000))])
        named = {f"程序.{name}" for name in found if name != "生效文书"} | {f"程序.列表.{name}" for name in row} | {f"程序.生效文书.{name}" for name in title}
        named |= {f"程序.生效文书.按人{name}" for name in ("", ".序号", ".姓名", ".身份证号", ".电话", ".金额")} | {"程序.生效文书.合计"}
        self.assertEqual(named, {path for path in CATALOGUE if path.startswith("程序.")})

    def test_every_form_a_step_names_exists(self) -> None:
        named = {step.form for kind in KINDS.values() for step in kind.steps.values() if step.form}
        self.assertEqual(named - FORMS.keys(), set())


class EndTest(ProceedingTestCase):
    def test_a_claim_waits_for_its_proceedings_but_not_for_a_listing(self) -> None:
        row = self.open("arbitration.applied")
        said = {"now": NOW, "reason": "本人不要了", "confirmed": True}
        self.assertIn("劳动仲裁", self.refused("proceeding_open", casework.advance, self.claim, "withdraw", self.chief, **said))
        self.step(row, "withdrawn", TODAY)
        self.open("blacklist.listed", docket="1号")
        casework.advance(Claim.objects.get(pk=self.claim.pk), "withdraw", self.chief, **said)

    def test_criminal_transfer_holds_the_claim_until_the_police_have_it(self) -> None:
        row = self.open("criminal.reported", four=["evades", "amount", "ordered", "unpaid"])
        said = {"now": at(TODAY + timedelta(days=1)), "reason": "本人不要了", "confirmed": True}
        self.refused("proceeding_open", casework.advance, self.claim, "withdraw", self.chief, **said)
        self.step(row, "approved", TODAY)
        self.step(row, "sent", TODAY, court="沭阳县公安局")
        casework.advance(Claim.objects.get(pk=self.claim.pk), "withdraw", self.chief, **said)
