"""What both sides think of a mediation: said once, corrected, asked for; who looks at a low mark and who never sees it; and what is counted."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from unittest.mock import patch

from django.core.cache import cache
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from arrears.handover_kinds import KINDS
from arrears.intake import ClaimantFacts, RespondentFacts
from arrears.models import Claim, Respondent
from arrears.telling import tell
from grid import roles
from grid.days import SHANGHAI
from grid.models import Notice, Person, Posting, Task
from grid.refused import Refused
from mediation import paying
from mediation.marks import asking, clock, figures, links, sending, verbs
from mediation.models import Mark, MarkLink, Mediation
from tests.base import NOW, TODAY, make_person
from tests.mediation.base import MediationTestCase

DAY = timedelta(days=1)
SECRET = "催着我签字，没有让我把话说完"


def at_ten(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), SHANGHAI).replace(hour=10)


class MarkTestCase(MediationTestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.mediation = cls.make_mediation("agreed")
        cls.claim = cls.mediation.claim
        cls.worker, cls.firm = cls.claim.claimants.get(), cls.claim.respondents.get()

    def setUp(self) -> None:
        cache.clear()
        self.addCleanup(cache.clear)

    def refused(self, act: Any) -> str:
        with self.assertRaises(Refused) as caught:
            act()
        return caught.exception.code

    def say(self, stars: int = 1, text: str = SECRET, party: Any = None, now: datetime = NOW, person: Person | None = None, way: str = "", mediation: Any = None) -> Mark:
        way = way or ("phone" if person else "track")
        return verbs.say(mediation or self.mediation, party or self.worker, stars, text, way=way, now=now, person=person)

    def look(self, mark: Mark, person: Person, **said: str) -> Mark:
        return verbs.look(mark, person, now=NOW, **{"finding": "确实催了。", "done": "已向劳动者道歉。", **said})


class SayingTest(MarkTestCase):
    def test_each_party_says_once_and_both_can(self) -> None:
        self.say(5, "很公道")
        self.say(3, "", self.firm, way="link")
        self.assertEqual(set(Mark.objects.values_list("stars", "claimant", "respondent")), {(5, self.worker.pk, None), (3, None, self.firm.pk)})
        self.assertEqual(set(Mark.objects.values_list("mediator", flat=True)), {self.mediator.pk})

    def test_bad_input_is_refused_with_a_sentence(self) -> None:
        stranger = self.make_other_claim()
        for act, code in (
            (lambda: self.say(0), "no_stars"), (lambda: self.say(6), "no_stars"), (lambda: self.say(text="长" * 1001), "too_long"),
            (lambda: self.say(party=stranger.claimants.get()), "not_of_claim"), (lambda: self.say(party=stranger.respondents.get()), "not_of_claim"),
            (lambda: self.say(way="phone"), "wrong_way"), (lambda: self.say(person=self.county, way="track"), "wrong_way"),
        ):  # fmt: skip
            self.assertEqual(self.refused(act), code)
        self.assertFalse(Mark.objects.exists())

    def test_not_before_the_end_and_not_long_after_it(self) -> None:
        waiting = self.make_mediation("accepted", self.make_other_claim())
        self.assertEqual(self.refused(lambda: self.say(party=waiting.claim.claimants.get(), mediation=waiting)), "still_open")
        self.assertEqual(self.refused(lambda: self.say(now=NOW + 31 * DAY)), "too_late")
        self.say(now=NOW + 30 * DAY)

    def test_it_can_be_corrected_for_a_week_and_what_was_low_once_is_looked_at(self) -> None:
        self.say(1)
        self.assertEqual(self.refused(lambda: self.say(5, now=NOW + 8 * DAY)), "too_late")
        mark = self.say(5, "都好", now=NOW + 7 * DAY)
        self.assertEqual((Mark.objects.count(), mark.stars, mark.lowest, mark.is_low, mark.text), (1, 5, 1, True, "都好"))
        self.assertTrue(Task.objects.filter(kind="mark_low", done_at=None).exists())

    def test_the_same_again_is_nothing_new_and_nobody_floods_the_history(self) -> None:
        mark = self.say(3, "一")
        self.say(3, "一")
        changed = self.claim.events.filter(facts__move="mark_changed")
        self.assertFalse(changed.exists())
        for number in range(verbs.MOST_CHANGES):
            self.say(3, f"再说{number}")
        self.assertEqual(self.refused(lambda: self.say(3, "又来")), "too_often")
        mark.refresh_from_db()
        self.assertEqual((changed.count(), mark.text), (verbs.MOST_CHANGES, f"再说{verbs.MOST_CHANGES - 1}"))

    def test_one_that_becomes_low_is_looked_at_from_then_on(self) -> None:
        self.assertIsNone(self.say(4).next_at)
        mark = self.say(2, now=NOW + DAY)
        self.assertEqual((mark.received_on, mark.due_on, mark.looker), (date(2026, 3, 3), date(2026, 3, 10), self.county))

    def test_an_officer_writes_down_what_is_said_but_never_over_a_partys_own_words(self) -> None:
        mark = self.say(2, party=self.firm, person=self.grid_worker)
        self.assertEqual((mark.taken_by, mark.way), (self.grid_worker, "phone"))
        self.say(4, party=self.firm, person=self.grid_worker)  # heard again
        self.say(1)
        self.assertEqual(self.refused(lambda: self.say(5, person=self.grid_worker)), "theirs")

    def test_neither_the_mediator_nor_a_stranger_nor_the_auditor_writes_it_down(self) -> None:
        self.assertEqual(self.refused(lambda: self.say(person=self.mediator)), "own_work")
        for person in (self.county_b, self.auditor, self.administrator):
            self.assertEqual(self.refused(lambda person=person: self.say(person=person)), "not_your_role")

    def test_a_mediator_who_held_an_earlier_hearing_counts_as_one(self) -> None:
        self.mediation.hearings.update(mediator=self.county)
        self.assertEqual(self.refused(lambda: self.say(person=self.county)), "own_work")
        self.assertEqual(self.say(1).looker, self.city)

    def test_the_history_tells_that_it_came_and_neither_who_nor_how_many(self) -> None:
        self.say(1)
        self.say(2, now=NOW + DAY)
        self.look(Mark.objects.get(), self.county)
        events = self.claim.events.filter(kind="mediation", facts__move__startswith="mark_")
        self.assertEqual({tell(event).title for event in events}, {"收到一份对调解的评价", "更正了一份对调解的评价", "上级回看了一份对调解的评价"})
        for event in events:
            self.assertFalse({"who", "stars", "text", "note"} & event.facts.keys())

    def test_merged_and_split_workers_still_say_how_their_mediation_was(self) -> None:
        target = self.make_other_claim()
        type(self.worker).objects.filter(pk=self.worker.pk).update(claim=target, registered_in=self.claim)
        self.worker.refresh_from_db()
        self.assertEqual(self.say(3).mediation, self.mediation)


class LookingTest(MarkTestCase):
    def test_somebody_above_the_mediator_looks_by_a_day_of_the_citys_own(self) -> None:
        mark = self.say(1)
        self.assertEqual((mark.level, mark.due_on, mark.looker), ("county", date(2026, 3, 9), self.county))
        task = Task.objects.get(kind="mark_low")
        self.assertEqual((task.owner, task.due_on, task.path), (self.county, date(2026, 3, 9), f"/marks/{mark.pk}/"))
        self.assertNotIn(SECRET, str(task.facts))
        for person in (self.grid_worker, self.chief, self.mediator2, self.auditor, self.county_b):
            self.assertEqual(self.refused(lambda person=person: self.look(mark, person)), "not_your_role")
        self.assertEqual(self.refused(lambda: self.look(mark, self.mediator)), "own_work")
        self.assertEqual(self.refused(lambda: self.look(mark, self.county, finding=" ")), "no_words")
        self.assertEqual(self.refused(lambda: self.look(mark, self.county, done="")), "no_words")
        self.look(mark, self.county)
        self.assertFalse(Task.objects.filter(kind="mark_low", done_at=None).exists())
        self.assertEqual(self.refused(lambda: self.look(mark, self.city)), "looked_at")
        self.assertEqual(self.refused(lambda: self.say(5, now=NOW + DAY)), "looked_at")

    def test_where_the_county_itself_mediated_the_city_looks_and_nobody_of_the_county(self) -> None:
        Posting.objects.create(person=self.mediator, role=roles.COUNTY_OFFICER, region_id="321322", starts_on=date(2020, 1, 1))
        mark = self.say(2)
        self.assertEqual((mark.level, mark.looker), ("city", self.city))
        self.assertEqual(self.refused(lambda: self.look(mark, self.county)), "not_your_role")  # beside them, not above
        self.look(mark, self.city)

    def test_where_nobody_but_the_mediator_leads_an_administrator_is_asked(self) -> None:
        Posting.objects.filter(role__in=(roles.COUNTY_OFFICER, roles.CITY_SUPERVISOR)).delete()
        self.assertEqual(self.say(1).looker, self.administrator)

    def test_three_and_more_are_looked_at_by_nobody(self) -> None:
        mark = self.say(3)
        self.assertEqual((mark.looker, mark.next_at), (None, None))
        self.assertEqual(self.refused(lambda: self.look(mark, self.county)), "not_low")

    def test_it_climbs_and_calls_every_working_day_until_somebody_has_looked_and_never_its_mediator(self) -> None:
        mark = self.say(1)
        self.assertEqual(clock.call_due(at_ten(date(2026, 3, 6))), 1)
        self.assertEqual(set(Notice.objects.filter(kind="mark_near", channel="in_app").values_list("recipient", flat=True)), {self.county.pk})
        clock.call_due(at_ten(date(2026, 3, 10)))
        mark.refresh_from_db()
        self.assertEqual((mark.level, mark.looker), ("city", self.city))
        self.assertEqual(Task.objects.get(kind="mark_low", done_at=None).owner, self.city)
        for day in range(11, 28):
            clock.call_due(at_ten(date(2026, 3, day)))
        late = Notice.objects.filter(kind="mark_late", channel="in_app")
        self.assertGreater(late.filter(recipient=self.city).count(), 8)
        self.assertFalse(late.filter(recipient=self.mediator).exists())
        self.look(mark, self.city)
        self.assertEqual(clock.call_due(at_ten(date(2026, 4, 30))), 0)

    def test_whoever_leaves_hands_it_over_and_only_to_somebody_who_may_look(self) -> None:
        mark = self.say(1)
        kind = KINDS["mark"]
        rows = list(kind.rows().filter(looker=self.county))
        self.assertEqual(rows, [mark])
        second = make_person("xianan2", "冼二", roles.COUNTY_OFFICER, "321322")
        self.assertEqual([kind.may_take(rows[0], person, TODAY) for person in (second, self.city, self.chief, self.mediator)], [True, True, False, False])
        self.assertEqual(kind.give(kind, rows, self.county, second), {mark.pk})
        mark.refresh_from_db()
        self.assertEqual(mark.looker, second)


class AskingTest(MarkTestCase):
    def ask(self, day: date) -> int:
        return asking.ask_due(at_ten(day))

    def test_both_sides_are_asked_once_the_morning_after(self) -> None:
        self.assertEqual((self.ask(TODAY), self.ask(date(2026, 3, 3)), self.ask(date(2026, 3, 4))), (0, 1, 0))
        task = Task.objects.get(kind="mark_to_ask")
        self.assertEqual((task.owner, task.path), (self.chief, f"/mediations/{self.mediation.pk}/marks/"))
        self.say(4, "", self.firm, way="link", now=NOW + 2 * DAY)
        self.assertFalse(Task.objects.filter(kind="mark_to_ask", done_at=None).exists())

    def test_a_respondent_who_can_be_written_to_gets_the_link_by_message_and_nobody_has_to_ask(self) -> None:
        Respondent.objects.filter(pk=self.firm.pk).update(phone="13900007777")
        with override_settings(SMS_URL="https://sms.example/send", SMS_KEY="k", SMS_SECRET="s", SITE_URL="https://xinan.example"):
            self.ask(date(2026, 3, 3))
            notice = Notice.objects.get(kind="party_mark")
            link = MarkLink.objects.get()
            contact = sending.reached(link.pk)
        self.assertFalse(Task.objects.filter(kind="mark_to_ask").exists())
        token = contact.said["url"].rstrip("/").rpartition("/")[2]
        self.assertEqual((contact.phone, contact.may_be_told, links.find(token, NOW).pk), ("13900007777", True, link.pk))
        self.assertNotIn(token, f"{notice.facts}{link.digest}")
        self.assertTrue(asking.undelivered(notice, NOW))
        self.assertEqual(Task.objects.get(kind="mark_to_ask").owner, self.chief)
        self.say(4, "", self.firm, way="link", now=NOW + DAY)
        self.assertFalse(sending.reached(link.pk).may_be_told)

    def test_before_the_hour_nobody_is_asked_and_long_after_the_end_neither(self) -> None:
        early = datetime.combine(date(2026, 3, 3), datetime.min.time(), SHANGHAI)
        self.assertEqual((asking.ask_due(early), self.ask(date(2026, 3, 17))), (0, 0))

    def test_the_mediator_is_never_the_one_who_has_to_ask(self) -> None:
        Claim.objects.filter(pk=self.claim.pk).update(handler=self.mediator)
        self.ask(date(2026, 3, 3))
        self.assertNotEqual(Task.objects.get(kind="mark_to_ask").owner, self.mediator)

    def test_a_link_is_made_by_somebody_else_and_a_new_one_ends_the_old(self) -> None:
        self.assertEqual(self.refused(lambda: links.make(self.mediation, self.firm, self.mediator, now=NOW)), "own_work")
        old = links.make(self.mediation, self.firm, self.grid_worker, now=NOW)
        new = links.make(self.mediation, self.firm, self.grid_worker, now=NOW)
        self.assertIsNone(links.find(old, NOW))
        self.assertEqual(links.find(new, NOW).respondent, self.firm)
        self.assertNotIn(new, str(MarkLink.objects.values()))
        self.assertIsNone(links.find(new, NOW + 31 * DAY))


class PagesTest(MarkTestCase):
    def get(self, name: str, *args: Any, person: Person | None = None, now: datetime = NOW, **data: Any) -> Any:
        if person:
            self.client.force_login(person)
        else:
            self.client.logout()
        with patch("django.utils.timezone.now", return_value=now):
            url = reverse(name, args=args)
            return self.client.post(url, data, follow=True) if data else self.client.get(url)

    def test_the_mediator_sees_nothing_of_it_in_any_page(self) -> None:
        mark = self.say(1)
        for address in (reverse("mark_overview"), reverse("mark_detail", args=[mark.pk]), reverse("mediation_marks", args=[self.mediation.pk]), "/api/v1/marks/", f"/api/v1/marks/{mark.pk}/"):
            self.client.force_login(self.mediator)
            answer = self.client.get(address)
            self.assertTrue(answer.status_code == 404 or not answer.json()["results"], address)
        Posting.objects.create(person=self.mediator, role=roles.COUNTY_OFFICER, region_id="321322", starts_on=date(2020, 1, 1))
        self.assertEqual(self.get("mark_detail", mark.pk, person=self.mediator).status_code, 404)
        self.assertNotContains(self.get("mark_overview", person=self.mediator), SECRET)
        self.assertEqual(self.get("mediation_marks", self.mediation.pk, person=self.mediator).status_code, 404)
        for page in (reverse("claim_detail", args=[self.claim.pk]), reverse("mediation_detail", args=[self.mediation.pk]), reverse("desk")):
            self.assertNotContains(self.client.get(page), SECRET)

    def test_only_those_who_lead_read_them_and_none_of_another_county(self) -> None:
        mark = self.say(1)
        found = {name: self.get("mark_detail", mark.pk, person=person).status_code for name, person in self.everybody().items() if name != "outsider"}
        self.assertEqual({name for name, code in found.items() if code == 200}, {"county", "city", "auditor"})
        self.assertContains(self.get("mark_overview", person=self.county), SECRET)
        self.assertNotContains(self.get("mark_overview", person=self.county_b), SECRET)

    def test_it_is_looked_at_on_its_page(self) -> None:
        mark = self.say(1)
        self.assertContains(self.get("mark_detail", mark.pk, person=self.county), "本市工作目标")
        self.assertEqual(self.get("mark_detail", mark.pk, person=self.county, finding="", done="x").status_code, 422)
        self.assertContains(self.get("mark_detail", mark.pk, person=self.county, finding="催了", done="已道歉"), "已回看")
        self.assertEqual(self.get("mark_detail", mark.pk, person=self.auditor, finding="x", done="x").status_code, 409)

    def test_an_officer_writes_down_a_call_and_sends_the_link(self) -> None:
        page = self.get("mediation_marks", self.mediation.pk, person=self.grid_worker)
        self.assertContains(page, "发评价链接")
        made = self.get("mediation_marks", self.mediation.pk, person=self.grid_worker, link=f"respondent:{self.firm.pk}")
        self.assertContains(made, "/opinion/")
        said = {"party": f"respondent:{self.firm.pk}", "way": "phone", "stars": "2", "text": "等了太久"}
        bad = self.get("mediation_marks", self.mediation.pk, person=self.grid_worker, **{**said, "stars": "9"})
        self.assertContains(bad, "等了太久", status_code=422)
        done = self.get("mediation_marks", self.mediation.pk, person=self.grid_worker, **said)
        self.assertContains(done, "已评价")
        self.assertNotContains(done, "等了太久")  # who wrote it down is told nothing more of it
        self.assertEqual(self.get("mediation_marks", self.mediation.pk, person=self.county_b).status_code, 404)

    def test_the_other_side_says_it_through_the_link_and_sees_nothing_of_the_worker(self) -> None:
        self.say(1)
        token = links.make(self.mediation, self.firm, self.grid_worker, now=NOW)
        page = self.get("party_mark", token)
        self.assertNotContains(page, self.worker.name)
        self.assertNotContains(page, SECRET)
        self.assertEqual(self.get("party_mark", token, stars="").status_code, 422)
        self.assertContains(self.get("party_mark", token, stars="4", text="可以"), "谢谢您的评价")
        self.assertContains(self.get("party_mark", token), "更正评价")
        self.assertEqual(self.get("party_mark", "x" * 40).status_code, 410)

    def track(self) -> None:
        with patch("django.utils.timezone.now", return_value=NOW):
            self.client.post("/track/", {"number": self.claim.public_number, "secret": "0001"})

    def own(self, name: str, *args: Any, **data: Any) -> Any:
        with patch("django.utils.timezone.now", return_value=NOW):
            url = reverse(name, args=args)
            return self.client.post(url, data, follow=True) if data else self.client.get(url, follow=True)

    def test_the_worker_says_it_on_their_own_page(self) -> None:
        self.track()
        self.assertContains(self.own("track"), "评价调解")
        self.assertContains(self.own("track_mark", self.mediation.pk, stars="1", text=SECRET), "谢谢您的评价")
        self.assertContains(self.own("track_mark", self.mediation.pk), SECRET)
        other = self.make_mediation("failed", self.make_other_claim())
        self.assertContains(self.own("track_mark", other.pk, stars="1"), "查询已经过期")
        self.client.cookies.clear()
        self.assertContains(self.own("track_mark", self.mediation.pk, stars="5"), "查询已经过期")
        self.assertEqual(Mark.objects.get().stars, 1)

    def test_the_api_writes_down_lists_and_looks(self) -> None:
        self.client.force_login(self.grid_worker)
        url = f"/api/v1/mediations/{self.mediation.pk}/marks/"
        said = {"party": str(self.firm.pk), "stars": 1, "text": SECRET, "way": "paper"}
        with patch("django.utils.timezone.now", return_value=NOW):
            made = self.client.post(url, said, content_type="application/json")
            self.assertEqual((made.status_code, list(made.json())), (201, ["id"]))
            for bad in ({"stars": 7}, {"way": "track"}, {"party": "x"}, {"text": "长" * 1001}):
                self.assertEqual(self.client.post(url, {**said, **bad}, content_type="application/json").status_code, 400, bad)
            self.assertEqual(self.client.get("/api/v1/marks/").json()["results"], [])
            self.client.force_login(self.county)
            row = self.client.get("/api/v1/marks/", {"to_look": "true"}).json()["results"][0]
            self.assertEqual((row["side"], row["stars"], row["text"], row["looker_name"]), ("respondent", 1, SECRET, "冼安"))
            look = f"/api/v1/marks/{row['id']}/look/"
            self.assertEqual(self.client.post(look, {"finding": "x"}, content_type="application/json").status_code, 400)
            done = self.client.post(look, {"finding": "催了", "done": "道歉"}, content_type="application/json")
            self.assertEqual((done.status_code, done.json()["done"]), (200, "道歉"))
            self.client.force_login(self.county_b)
            self.assertEqual(self.client.get(f"/api/v1/marks/{row['id']}/").status_code, 404)
            self.client.force_login(self.mediator)
            self.assertEqual(self.client.post(url, said, content_type="application/json").json()["code"], "own_work")

    def test_the_overview_costs_the_same_for_few_and_for_many(self) -> None:
        def counted() -> int:
            with CaptureQueriesContext(connection) as queries:
                self.get("mark_overview", person=self.county)
            return len(queries)

        self.say(1)
        counted()  # signs in for the first time
        few = counted()
        for number in range(4):
            claim = self.make_other_claim(claimants=[ClaimantFacts(f"王{number}")], respondents=[RespondentFacts(f"沭阳{number}号公司")])
            made = self.make_mediation("failed", claim)
            self.say(2, party=claim.claimants.get(), mediation=made)
        self.assertEqual(counted(), few)


class FiguresTest(MarkTestCase):
    @classmethod
    def ended(cls, number: int, **changes: Any) -> Mediation:
        claim = cls.make_other_claim(claimants=[ClaimantFacts(f"王{number}")], respondents=[RespondentFacts(f"沭阳{number}号公司")])
        made = cls.make_mediation("failed", claim)
        Mediation.objects.filter(pk=made.pk).update(mediator=cls.mediator, **changes)
        return Mediation.objects.get(pk=made.pk)

    def test_what_is_counted_is_what_could_succeed_or_fail(self) -> None:
        self.ended(1, ground="no_agreement", ended_on=TODAY + 10 * DAY)
        self.ended(2, ground="unreachable", ended_on=TODAY + 4 * DAY)
        self.ended(3, ground="withdrawn", ended_on=TODAY + 90 * DAY)
        self.ended(4, ground="elsewhere", ended_on=TODAY)
        found = figures.of_one(self.mediator, TODAY + 100 * DAY)
        # one agreed at once, two failed after ten and four days; what was withdrawn after ninety days drags no average
        self.assertEqual((found.counted, found.agreed, found.left_out, found.percent, found.days), (3, 1, 2, 33, 4.7))
        self.assertIsNone(figures.of_one(self.mediator2, TODAY))

    def test_all_but_one_of_many_is_not_a_hundred_percent(self) -> None:
        self.assertEqual(figures.Results("", 1000, 999, 0, 1.0, figures.Marks(0, None)).percent, 99)
        self.assertEqual(figures.Results("", 0, 0, 2, None, figures.Marks(0, None)).percent, 0)

    def test_under_five_answers_there_is_no_average_and_the_running_month_is_not_shown_to_the_mediator(self) -> None:
        self.say(1)
        for number in range(3):
            made = self.ended(number, ended_on=TODAY)
            self.say(4, "", made.claim.claimants.get(), mediation=made)
        april = date(2026, 4, 1)
        self.assertEqual(figures.of_one(self.mediator, april).marks, figures.Marks(4, None))
        made = self.ended(9, ended_on=TODAY)
        self.say(5, "", made.claim.claimants.get(), mediation=made)
        self.assertEqual(figures.of_one(self.mediator, april).marks, figures.Marks(5, 3.6))
        self.assertEqual(figures.of_one(self.mediator, date(2026, 3, 31)).marks, figures.Marks(0, None))
        for person, marks in ((self.county, figures.Marks(5, 3.6)), (self.mediator, figures.Marks(0, None))):  # of oneself as on the own desk
            rows = figures.by_mediator(Mediation.objects.all(), Mark.objects.all(), person, TODAY)
            self.assertEqual([(row.name, row.marks) for row in rows], [(str(self.mediator), marks)])

    def test_the_desk_says_what_is_counted(self) -> None:
        self.client.force_login(self.mediator)
        with patch("django.utils.timezone.now", return_value=NOW):
            page = self.client.get(reverse("desk"))
        self.assertContains(page, "不计入：申请人撤回的、已另行解决的")
        self.assertContains(page, "评价满 5 份才显示平均分")


class OwnPapersTest(MarkTestCase):
    """The proof of a payment and the agreement, as the worker keeps them."""

    track = PagesTest.track
    own = PagesTest.own

    def test_the_worker_keeps_the_agreement_and_a_proof_of_each_payment(self) -> None:
        payment = self.pay("1000.00")
        self.track()
        page = self.own("track")
        self.assertContains(page, "付款证明 ¥1,000.00")
        self.assertContains(page, "调解协议书")
        self.assertContains(self.own("track_payment", payment.pk), f"{self.claim.number}-付1")
        agreement = self.own("track_agreement", self.mediation.agreement.pk)
        self.assertContains(agreement, "8,000.00")
        self.assertContains(agreement, "分两期支付工资")

    def pay(self, amount: str, **changes: Any) -> Any:
        return paying.pay(self.mediation.agreement, paying.Came(Decimal(amount), TODAY, "bank", **changes), self.county, now=NOW)

    def test_a_stranger_and_another_worker_get_none_of_it(self) -> None:
        payment = self.pay("1000.00")
        for address in (("track_payment", payment.pk), ("track_agreement", self.mediation.agreement.pk)):
            self.assertContains(self.own(*address), "查询已经过期")
        other = self.make_other_claim(claimants=[ClaimantFacts("王芳", "13900000009")])
        with patch("django.utils.timezone.now", return_value=NOW):
            self.client.post("/track/", {"number": other.public_number, "secret": "0009"})
        for address in (("track_payment", payment.pk), ("track_agreement", self.mediation.agreement.pk)):
            self.assertContains(self.own(*address), "查询已经过期")
        self.assertEqual(self.client.post(reverse("track_payment", args=[payment.pk])).status_code, 405)
