"""manage.py seed_demo: a small part of the demo city, told up to a fixed present. Everybody in it is invented."""

import csv
import gzip
import io
from datetime import date, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db.models import F, Q
from django.test import Client, TestCase, override_settings

from arrears import integrity
from arrears.demo.cast import PASSWORD, SHOWN
from arrears.demo.handed import open_links
from arrears.demo.said import doors
from arrears.demo.words import COUNTIES, NEVER_ISSUED
from arrears.evidence_types import sniff
from arrears.handover import leavers
from arrears.identity import check_id
from arrears.liability import liable
from arrears.lifecycle import CLAIM, REFERRAL
from arrears.models import (
    Attempt,
    Claim,
    Claimant,
    Clock,
    Event,
    Evidence,
    Extension,
    Incident,
    Ladder,
    Nudge,
    Objection,
    Order,
    Owed,
    Packet,
    Paper,
    Proceeding,
    Question,
    Rating,
    Referral,
    ReplyLink,
    Report,
    Respondent,
    Returned,
    Search,
    Season,
    Service,
    Situation,
    Source,
    SupportCase,
    Suspension,
    Watch,
)
from arrears.proceedings.alerts import RED, SHOWN_FROM, URGENT
from arrears.proceedings.threshold import reached
from arrears.situation.of_claim import facts_of
from arrears.sums.law import MANY
from arrears.timing.extension_permits import approvers
from arrears.timing.grounds import GROUNDS
from arrears.worker.tracking import find
from grid.days import SHANGHAI
from grid.duty import Roster
from grid.models import AccessLog, Body, Duty, Leave, Notice, Person, Posting, Preference, Region, Task, Wording
from grid.region_files import SHIPPED_FILES
from grid.regions import significant
from grid.roles import CITY, COUNTY, TOWNSHIP
from grid.vacancies import vacancies_for
from mediation import demo
from mediation.demo import telling
from mediation.lifecycle import MEDIATION
from mediation.models import Hearing, HearingRule, Instalment, Mediation, MediatorTerms, Recusal
from tests.base import STATS

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=SHANGHAI)  # a Tuesday
SPRING_FESTIVAL = datetime(2027, 2, 7, 7, 30, tzinfo=SHANGHAI)  # a Sunday in a year without a published calendar
SHARE = 0.05


def load_suqian() -> None:
    Region.objects.create(code="32", name="江苏省", full_name="江苏省", level="province", code_system=STATS)
    names = {"32": "江苏省"}
    with gzip.open(SHIPPED_FILES[-1], "rt", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    made = []
    for row in sorted(rows, key=lambda row: len(significant(row["code"], row["level"]))):
        code = significant(row["code"], row["level"])
        parent = next(code[:width] for width in (9, 6, 4, 2) if width < len(code))
        names[code] = names[parent] + row["name"]
        made.append(
            Region(
                code=code,
                name=row["name"],
                full_name=names[code],
                level=row["level"],
                parent_id=parent,
                code_system=STATS,
            )
        )
    Region.objects.bulk_create(made)


class DemoCityTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        load_suqian()
        cls.dropped = demo.tell(NOW, share=SHARE).dropped

    def test_no_rule_stops_a_story(self) -> None:
        assert self.dropped == []

    def test_cases_referrals_and_mediations_stand_in_every_state(self) -> None:
        assert set(Claim.objects.values_list("stage", flat=True)) == {state.name for state in CLAIM.states}
        told = set(Referral.objects.values_list("state", flat=True))
        assert told >= {state.name for state in REFERRAL.states} - {"drafted", "accepted"}
        assert len(set(Mediation.objects.values_list("state", flat=True))) >= len(MEDIATION.states) - 2

    def test_some_are_late_and_have_climbed_by_themselves(self) -> None:
        assert Claim.objects.open().filter(due_on__lt=NOW.date()).exists()
        assert Event.objects.filter(kind="climbed").exists()
        assert {TOWNSHIP, COUNTY, CITY} <= set(Claim.objects.values_list("level", flat=True))

    def test_some_rest_some_have_woken_and_some_ask_for_more_time(self) -> None:
        resting = Suspension.objects.get(ended_on=None)
        assert resting.ground in GROUNDS
        assert resting.planned_end == resting.claim.suspended_until > NOW.date()
        assert Suspension.objects.filter(ended_by=None).exclude(ended_on=None).exists()
        assert set(Extension.objects.values_list("state", flat=True)) == {"asked", "granted", "refused"}
        asked = Extension.objects.filter(state="asked").first()
        assert approvers(asked, Roster(NOW.date()))
        granted = Extension.objects.get(state="granted")
        assert granted.clock.extended_by == granted.length
        assert granted.decided_by != granted.asked_by

    def test_orders_by_hand_stand_in_every_state_and_cases_are_nudged_from_above_and_by_workers(self) -> None:
        by_hand = Order.objects.exclude(issued_by=None)
        assert set(by_hand.values_list("state", flat=True)) == {"issued", "received", "replied", "sent_back", "accepted"}
        assert by_hand.get(state="accepted").times_sent_back == 1
        assert Order.objects.filter(issued_by=None).exists()
        assert Nudge.objects.filter(by=None).exists() and Nudge.objects.exclude(by=None).exists()

    def test_reports_wait_and_have_ended_in_every_way_also_of_people_without_a_telephone(self) -> None:
        assert set(Report.objects.filter(source=None).values_list("state", flat=True)) == {"waiting", "accepted", "joined", "declined"}
        assert set(Report.objects.values_list("reach", flat=True)) == {"own", "others", "none"}
        late = Report.objects.filter(state="waiting", due_on__lt=NOW.date(), source=None)
        assert late.exists() and not late.filter(level=TOWNSHIP).exists()

    def test_workers_were_asked_have_rated_and_do_not_agree(self) -> None:
        assert set(Question.objects.values_list("state", flat=True)) >= {"open", "answered"}
        assert Question.objects.filter(state="open").exclude(reminded_at=None).exists()
        assert set(Objection.objects.values_list("state", flat=True)) == {"waiting", "upheld", "reopened"}
        assert Rating.objects.exists()

    def test_the_numbers_told_beside_the_sign_ins_open_the_workers_page(self) -> None:
        told = doors()
        assert len(told) == 3
        assert all(find(number, secret) for _what, number, secret in told)

    def test_two_offices_sent_work_orders_and_one_fetched_what_became_of_them(self) -> None:
        assert set(Source.objects.values_list("return_way", flat=True)) == {"file", "pull"}
        orders = Report.objects.filter(source__isnull=False)
        assert set(orders.values_list("state", flat=True)) == {"accepted", "declined", "waiting"}
        assert orders.filter(township_code="", level=COUNTY).exists()  # nobody could tell the township
        assert orders.filter(events__kind="updated").count() == 1
        assert set(Returned.objects.values_list("standing", flat=True)) == {"sent", "waits"}

    def test_sensitive_cases_follow_the_ladder_published_for_them_in_a_winter_campaign(self) -> None:
        assert Claim.objects.filter(sensitive="gathering", worker_count__gte=10).exists()
        ladder = Ladder.objects.get(claim_kind="sensitive")
        assert Watch.objects.filter(ladder=ladder).exclude(clock__claim__sensitive="").exists()
        assert not Watch.objects.filter(ladder=ladder, clock__claim__sensitive="").exists()
        season = Season.objects.get()
        assert season.starts_on == date(2026, 11, 15) <= NOW.date() < season.ends_on == date(2027, 2, 6)

    def test_situations_papers_and_incidents_are_known_to_the_end(self) -> None:
        chain = next(row.claim for row in Situation.objects.select_related("claim") if row.said)
        assert liable(facts_of(chain, NOW.date())).parties
        assert set(Owed.objects.filter(side="promise").values_list("state", flat=True)) == {"open", "kept", "broken"}
        assert not Owed.objects.filter(side="promise", signed=None).exists()
        assert set(Owed.objects.filter(side="notice").values_list("state", flat=True)) == {"open", "refused"}
        assert sorted(incident.is_open for incident in Incident.objects.all()) == [False, True]
        assert Event.objects.filter(kind="complete").exists()

    def test_support_waits_at_every_level_and_was_refused_once(self) -> None:
        told = set(SupportCase.objects.values_list("state", flat=True))
        assert told >= {"draft", "applied", "county", "city", "returned", "refused", "handed_over"}
        assert Search.objects.filter(state="searching").exists()

    def test_roads_stand_before_hearings_and_before_days_with_which_a_right_is_lost(self) -> None:
        standing = {(row.kind, row.state) for row in Proceeding.objects.open()}
        assert standing >= {
            ("arbitration", "accepted"), ("arbitration", "awarded"), ("suit", "docketed"), ("suit", "judged"), ("payment_order", "issued"),
            ("preservation", "ruled_pre"), ("enforcement", "docketed"), ("admin", "ordered"), ("criminal", "reported"),
        }  # fmt: skip
        amber = Clock.objects.running().get(rule_id="PRE-ENFORCE-3M")  # a right that is lost, more than a month away
        assert RED < amber.due_on - NOW.date() <= SHOWN_FROM
        hearings = Proceeding.objects.open().filter(hearing_at__gt=NOW, hearing_at__lt=NOW + timedelta(days=10))
        assert {row.kind for row in hearings} == {"arbitration", "suit"}
        near = {row.rule_id for row in Clock.objects.running().filter(due_on__gte=NOW.date(), due_on__lte=NOW.date() + URGENT)}
        assert near >= {"PRE-SUIT-30", "CIV-APPEAL-15", "ARB-SUE-15"}
        reported = Proceeding.objects.get(kind="criminal").claim
        assert reached(reported, NOW.date()) == MANY

    def test_papers_were_issued_and_are_on_their_way_in_every_manner_one_of_them_late(self) -> None:
        assert set(Paper.objects.values_list("form", flat=True)) >= {"F-05", "F-06", "F-09", "F-16", "F-18", "F-22", "F-25"}
        assert set(Service.objects.values_list("state", flat=True)) == {"waiting", "served"}
        assert set(Attempt.objects.filter(state="sent").values_list("method", flat=True)) == {"post", "notice"}
        assert Attempt.objects.filter(method="leaving", state="served").exists()
        late = Service.objects.filter(state="waiting", due_on__lt=NOW.date(), attempts=None)
        assert late.exists() and not late.filter(level=TOWNSHIP).exists()
        assert Packet.objects.get().state == "asked"

    def test_hearings_are_arranged_by_rules_online_and_without_a_mediator_somebody_challenged(self) -> None:
        assert HearingRule.objects.filter(since__gt=NOW.date()).exists() and HearingRule.objects.filter(since__lte=NOW.date()).exists()
        assert MediatorTerms.objects.count() == 2
        assert Hearing.objects.live().filter(room__medium="online").exists()
        assert set(Recusal.objects.values_list("state", flat=True)) == {"asked", "granted"}
        granted = Recusal.objects.get(state="granted")
        assert granted.mediation.hearings.get().mediator != granted.mediator

    def test_a_body_without_an_account_has_a_link_that_works(self) -> None:
        link = ReplyLink.objects.get()
        assert link.is_live(NOW)
        ((name, path, code),) = open_links()
        assert name == link.referral.body.name
        visitor = Client()
        with patch("django.utils.timezone.now", return_value=NOW):
            assert visitor.get(path).status_code == 200
            assert visitor.post(path, {"code": code}).status_code == 302

    def test_alerts_are_answered_and_put_off_in_the_words_an_administrator_published(self) -> None:
        assert Notice.objects.exclude(acknowledged_at=None).exclude(reply="").exists()
        assert Event.objects.filter(kind="alert_acknowledged").exists()
        assert Notice.objects.snoozed(NOW).exclude(snooze_reason="").exists()
        assert Notice.objects.filter(kind="nudged", wording=Wording.objects.get()).exists()

    def test_workers_are_reached_as_safely_as_they_asked_and_a_visit_is_to_be_made(self) -> None:
        rules = set(Claimant.objects.values_list("contact_rule", flat=True))
        assert rules == {"open", "discreet", "none"}
        assert Task.objects.filter(done_at=None).exists() and Task.objects.exclude(done_at=None).exists()
        assert Preference.objects.get(person__username="zhangzhen").digest == "daily"

    def test_somebody_stands_in_somebody_is_on_duty_and_somebody_has_moved_on_from_open_work(self) -> None:
        today = NOW.date()
        leave = Leave.objects.exclude(deputy=None).get(starts_on__lte=today, ends_on__gte=today)
        lent = [post.instead_of for post in leave.deputy.scope(today).posts]
        assert leave.person.full_name in lent
        planned = Duty.objects.filter(day__gte=today.replace(day=1))
        assert set(planned.values_list("day__month", flat=True)) == {11, 12}
        assert sorted(len(code) for code in set(planned.values_list("region", flat=True))) == [6, 9, 9]
        vacant = planned.exclude(region__in=Posting.objects.filter(role="township_chief").values("region")).filter(region__level=TOWNSHIP)
        code = vacant.values_list("region", flat=True).first()
        assert Roster(today).called(TOWNSHIP, code)[0].is_on_call
        officer = Person.objects.get(username="xianan")
        assert [one.reason for one in leavers(officer.scope(today))] == ["moved"]
        assert any(one.role_name == "township_chief" for one in vacancies_for(officer.scope(today)))

    def test_the_nightly_check_finds_nothing(self) -> None:
        results = integrity.run(NOW)
        assert {one.check.name for one in results} >= {"clocks_without_rung", "orders_unanswered", "mediations_left_open"}
        assert [(one.check.name, one.found.examples) for one in results if one.found.count] == []

    def test_hearings_are_held_today_and_in_the_coming_days_and_instalments_run(self) -> None:
        assert Hearing.objects.live().on(NOW.date()).exists()
        assert Hearing.objects.live().filter(span__startswith__gt=NOW + timedelta(hours=14)).exists()
        assert Instalment.objects.filter(due_on__gt=NOW.date()).exists()

    def test_groups_and_nameless_respondents_are_among_them(self) -> None:
        assert any(claim.is_collective for claim in Claim.objects.all())
        assert Respondent.objects.filter(legal_name="").exclude(aliases="").exists()

    def test_time_runs_forward_and_stops_at_the_present(self) -> None:
        assert not Event.objects.filter(at__gt=NOW).exists()
        assert not Event.objects.filter(happened_on__gt=NOW.date()).exists()
        for claim in Claim.objects.all():
            at = list(claim.events.order_by("id").values_list("at", flat=True))
            assert at == sorted(at)

    def test_identities_are_valid_and_belong_to_nobody(self) -> None:
        numbers = [claimant.id_number() for claimant in Claimant.objects.exclude(id_sealed="")]
        assert numbers
        assert all(check_id(number, NOW.date()) == number and number.startswith(NEVER_ISSUED) for number in numbers)

    def test_evidence_is_what_it_says(self) -> None:
        assert Evidence.objects.exists()
        for row in Evidence.objects.all():
            with row.file.open() as file:
                assert sniff(file).mime == row.mime

    def test_every_county_is_staffed_some_posts_are_vacant_and_a_deputy_stands_in(self) -> None:
        roster = Roster(NOW.date())
        for county, _word, _weight in COUNTIES:
            assert roster.leads(COUNTY, county)
            kinds = set(Body.objects.filter(region=county).values_list("kind", flat=True))
            assert kinds >= {"procuratorate", "court", "union", "legal_aid"}
            assert Posting.objects.filter(role="mediator", region=county).exists()
        townships = Region.objects.at("township").values_list("code", flat=True)
        assert any(not roster.leads(TOWNSHIP, code) for code in townships)
        assert [person.username for person in roster.leads(TOWNSHIP, "321322002")] == ["zhangzhen-b"]

    def test_only_what_is_new_is_unread_and_nobody_gets_old_mail(self) -> None:
        assert Notice.objects.unread().exists()
        assert not Notice.objects.unread().filter(created_at__lt=NOW - timedelta(days=2)).exists()
        assert not Notice.objects.filter(Q(channel="email") | Q(read_at__lt=F("created_at"))).exists()

    def test_a_look_at_an_id_number_was_logged(self) -> None:
        looks = AccessLog.objects.filter(act="reveal").exclude(subject="claim")
        assert looks.count() == Event.objects.filter(kind="id_revealed").count() > 0
        into_papers = AccessLog.objects.filter(act="reveal", subject="claim")
        assert into_papers.count() == Event.objects.filter(kind="id_numbers_used").count() > 0

    def test_the_shown_sign_ins_work_and_are_written_down_and_a_second_run_changes_nothing(self) -> None:
        before = (Claim.objects.count(), Event.objects.count(), Person.objects.count(), Notice.objects.count())
        said = io.StringIO()
        call_command("seed_demo", stdout=said)
        assert "没有改动" in said.getvalue()
        assert before == (Claim.objects.count(), Event.objects.count(), Person.objects.count(), Notice.objects.count())
        listed = (Path(settings.DATA) / "demo-sign-ins.txt").read_text(encoding="utf-8")
        for username in SHOWN:
            assert f" {username} " in listed
            assert Person.objects.get(username=username).check_password(PASSWORD)


class AnotherDayTests(TestCase):
    def test_the_story_holds_on_a_holiday_of_a_year_nobody_has_published(self) -> None:
        load_suqian()
        with patch.object(telling, "STORIES", telling.STORIES[:2]), patch.object(telling, "REFERRAL_STORIES", ()):
            chronicle = demo.tell(SPRING_FESTIVAL, share=SHARE)
        assert chronicle.dropped == []
        assert Hearing.objects.live().exists()


class RefusedTests(TestCase):
    def test_it_is_refused_where_real_work_is_done(self) -> None:
        with override_settings(DEMO=False), pytest.raises(CommandError, match="不是演示环境"):
            call_command("seed_demo")

    def test_it_is_refused_where_somebody_is_already(self) -> None:
        Person.objects.create_user("zhenren", None, full_name="甄仁")
        with pytest.raises(CommandError, match="真实的人员或案件"):
            call_command("seed_demo")

    def test_it_is_refused_before_the_regions_are_loaded(self) -> None:
        with pytest.raises(CommandError, match="load_regions"):
            call_command("seed_demo")
        assert not Person.objects.exists()
