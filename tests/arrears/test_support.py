"""A support case: who may do what, what each opinion needs, how it climbs, and what becomes of it."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import product
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import SimpleTestCase, override_settings
from django.urls import reverse

from arrears import casework, referrals
from arrears.escalation.run import sweep
from arrears.evidence import add_evidence
from arrears.forms.referrals import SupplementForm
from arrears.groups.representing import authorise, choose
from arrears.intake import ClaimantFacts, LineFacts, RespondentFacts
from arrears.models import Claim, Claimant, Clock, Event, Evidence, Opinion, Proceeding, Referral, SupportCase
from arrears.partners import supplements
from arrears.proceedings import verbs as proceedings
from arrears.support import supporting, verbs
from arrears.support.lifecycle import SUPPORT
from arrears.support.permits import moves_for, permit
from arrears.support.standing import checks_of
from grid import roles
from grid.days import SHANGHAI
from grid.models import Body, Leave, Notice, Person, Posting, Task
from grid.refused import Refused
from grid.roles import ROLES
from grid.scope import Post
from tests.base import NOW, TODAY, CastTestCase, make_person

REGION = "321322101"
REGION_OF = {"grid_worker": REGION, "township_chief": REGION, "county_officer": "321322", "city_supervisor": "3213", "mediator": "321322"}
PREPARES = "prepare choose_workers apply withdraw"
CODE = "91321399000000018"
# What each role does in each state, when the post of every level is filled; written as an officer would say it.
MAY = {
    "grid_worker": {
        "draft": PREPARES, "returned": PREPARES, "applied": "join leave withdraw", "county": "join leave withdraw", "city": "join leave withdraw",
        "approved": "join leave withdraw", "handed_over": "join leave withdraw",
    },
    "township_chief": {
        "draft": PREPARES, "returned": PREPARES, "applied": "join leave pass_up object_up send_back withdraw", "county": "join leave withdraw",
        "city": "join leave withdraw", "approved": "join leave withdraw", "handed_over": "join leave withdraw",
    },
    "county_officer": {
        "draft": PREPARES, "returned": PREPARES, "applied": "join leave choose withdraw",
        "county": "join leave choose agree ask_city refuse send_back withdraw", "city": "join leave choose withdraw",
        "approved": "join leave choose hand_over withdraw", "handed_over": "join leave choose conclude withdraw",
    },
    "city_supervisor": {
        "draft": PREPARES, "returned": PREPARES, "applied": "join leave choose withdraw", "county": "join leave choose withdraw",
        "city": "join leave choose approve refuse send_back withdraw", "approved": "join leave choose hand_over withdraw",
        "handed_over": "join leave choose conclude withdraw",
    },
}  # fmt: skip
LIES_AT = {"applied": "township", "county": "county", "city": "city"}


class Matrix(SimpleTestCase):
    def test_every_role_in_every_state_may_make_exactly_these_moves(self) -> None:
        for role, state in product(ROLES, SUPPORT._states):
            level = LIES_AT.get(state, "")
            case = SupportCase(claim=Claim(region_id=REGION, stage="accepted"), state=state, level=level)
            post = Post(ROLES[role], REGION_OF.get(role, "321322"), "")
            posts = [post] if post.role.acts else []
            found = {move.name for move in SUPPORT.moves if move.sources and permit(move, case, posts, level or "township")}
            self.assertEqual(found, set(MAY.get(role, {}).get(state, "").split()), (role, state))

    def test_an_opinion_that_has_climbed_may_be_given_by_the_level_above_too(self) -> None:
        case = SupportCase(claim=Claim(region_id=REGION, stage="accepted"), state="applied", level="county")
        for role, may in (("township_chief", True), ("county_officer", True), ("city_supervisor", False)):
            post = Post(ROLES[role], REGION_OF[role], "")
            self.assertEqual(bool(permit(SUPPORT.find("pass_up"), case, [post], "county")), may, role)

    def test_nothing_is_done_once_the_claim_has_ended(self) -> None:
        case = SupportCase(claim=Claim(region_id=REGION, stage="closed"), state="county", level="county")
        answer = permit(SUPPORT.find("agree"), case, [Post(ROLES["county_officer"], "321322", "")], "county")
        self.assertEqual(answer.code, "claim_closed")


class SupportTestCase(CastTestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.claim = cls.make_claim(person=cls.grid_worker, respondents=[RespondentFacts("宿迁宏远劳务有限公司", role="labour", credit_code=CODE)])
        casework.advance(cls.claim, "accept", cls.county, now=NOW, conditions=True)
        cls.legal_aid = Body.objects.create(name="沭阳县法律援助中心", kind="legal_aid", region_id="321322")

    def paper(self, kind: str = "iou", *, claim: Claim | None = None, content: bytes = b"x") -> Evidence:
        upload = SimpleUploadedFile("a.txt", f"{kind} {content!r}".encode(), "text/plain")
        return add_evidence(claim or self.claim, upload, self.grid_worker, now=NOW, kind=kind, title=kind)

    def open(self, claim: Claim | None = None, **changes: Any) -> SupportCase:
        case = verbs.begin(claim or self.claim, self.grid_worker, now=NOW)
        said = {
            "reasons": ["literacy"], "why": "不识字。", "mediated_on": TODAY, "mediated": "对方拒绝。", **changes,
        }  # fmt: skip
        return verbs.prepare(case, self.grid_worker, now=NOW, **said)

    def whole(self, claim: Claim | None = None, **changes: Any) -> SupportCase:
        """With everything, not yet handed in."""
        case = self.open(claim, **changes)
        self.paper("iou", claim=claim)
        verbs.apply_for(
            case, self.grid_worker, [one.pk for one in case.claim.claimants.all()], now=NOW, signed_on=TODAY,
            paper=self.paper("signature", claim=claim),
        )  # fmt: skip
        return case

    def advance(self, case: SupportCase, move: str, person: Person | None, now: datetime = NOW, **answers: Any) -> SupportCase:
        return verbs.advance(case, move, person, now=now, **answers)

    def at_county(self, **changes: Any) -> SupportCase:
        case = self.advance(self.whole(**changes), "apply", self.grid_worker)
        return self.advance(case, "pass_up", self.chief, opinion="情况属实。")

    def refused(self, code: str, act: Any, *args: Any, **said: Any) -> str:
        with self.assertRaises(Refused) as caught:
            act(*args, **said)
        self.assertEqual(caught.exception.code, code)
        return caught.exception.message

    def told(self, kind: str) -> set[str]:
        return set(Notice.objects.filter(kind=kind, channel="in_app").values_list("recipient__username", flat=True))

    def clock(self, case: SupportCase) -> Clock | None:
        return Clock.objects.running().filter(about_id=case.pk).first()


class Applying(SupportTestCase):
    def test_a_whole_application_goes_to_the_township_with_a_clock_of_its_own(self) -> None:
        case = self.advance(self.whole(), "apply", self.grid_worker)
        self.assertEqual((case.state, case.level, case.due_on), ("applied", "township", date(2026, 3, 5)))
        clock = self.clock(case)
        self.assertEqual((clock.rule_id, clock.started_on, clock.due_on), ("SUPPORT-TOWNSHIP-3", TODAY, date(2026, 3, 5)))
        self.assertEqual(self.told("opinion_asked"), {"zhangzhen"})

    def test_each_missing_condition_stops_it_with_its_sentence(self) -> None:
        case = verbs.begin(self.claim, self.grid_worker, now=NOW)
        message = self.refused("conditions_missing", self.advance, case, "apply", self.grid_worker)
        for words in ("还没有选出申请的劳动者", "案卷里还没有能证明干活或者欠钱的材料", "还没有写明为什么本人难以单独起诉", "还没有登记调解的日期和结果"):
            self.assertIn(words, message)
        self.assertNotIn("有明确的被告", message)
        self.assertNotIn("有明确的诉讼请求", message)

    def test_a_second_case_of_one_claim_is_refused_while_the_first_is_open(self) -> None:
        case = verbs.begin(self.claim, self.grid_worker, now=NOW)
        self.refused("open_already", verbs.begin, self.claim, self.chief, now=NOW)
        self.advance(case, "withdraw", self.grid_worker, reason="不想告了。", confirmed=True)
        self.assertEqual(verbs.begin(self.claim, self.chief, now=NOW).state, "draft")

    def test_who_sees_the_claim_may_begin_and_others_may_not(self) -> None:
        for name, person in self.everybody().items():
            if name in ("grid_worker", "chief", "county", "city"):
                continue
            self.refused("not_your_role", verbs.begin, self.claim, person, now=NOW)

    def test_a_worker_may_not_ask_for_more_than_the_lines_show(self) -> None:
        case, worker = self.open(), self.claim.claimants.get()
        apply = dict(now=NOW, signed_on=TODAY)
        self.assertIn("8,000.00", self.refused("too_much", verbs.apply_for, case, self.grid_worker, [worker.pk], amounts={worker.pk: Decimal("8000.01")}, **apply))
        verbs.apply_for(case, self.grid_worker, [worker.pk], amounts={worker.pk: Decimal("8000")}, **apply)
        self.assertEqual(case.applicants.get().amount, Decimal("8000"))

    def test_a_paper_of_another_claim_or_a_day_to_come_is_refused(self) -> None:
        case, worker, other = self.open(), self.claim.claimants.get(), self.make_claim(person=self.grid_worker)
        self.refused("other_claim", verbs.apply_for, case, self.grid_worker, [worker.pk], now=NOW, signed_on=TODAY, paper=self.paper("signature", claim=other))
        self.refused("in_future", verbs.apply_for, case, self.grid_worker, [worker.pk], now=NOW, signed_on=TODAY + timedelta(days=1))
        self.refused("not_of_claim", verbs.apply_for, case, self.grid_worker, [other.claimants.get().pk], now=NOW, signed_on=TODAY)


class Opinions(SupportTestCase):
    def test_township_county_and_the_supporters_one_after_the_other(self) -> None:
        case = self.at_county()
        self.assertEqual((case.state, case.level, self.clock(case).rule_id, case.due_on), ("county", "county", "SUPPORT-COUNTY-3", date(2026, 3, 5)))
        self.refused("no_supporter", self.advance, case, "agree", self.county, opinion="同意。")
        supporting.choose(case, self.county, "procuratorate", self.procuratorate, "检察院可以协助调查取证。", now=NOW)
        supporting.choose(case, self.county, "legal_aid", self.legal_aid, "免费代理。", now=NOW)
        case = self.advance(case, "agree", self.county, opinion="同意支持起诉。")
        self.assertEqual((case.state, self.clock(case), case.due_on), ("handed_over", None, None))
        self.assertEqual(
            set(Referral.objects.values_list("kind", "body__name", "state")),
            {("support", "沭阳县人民检察院", "sent"), ("legal_aid", "沭阳县法律援助中心", "sent")},
        )
        self.assertEqual(case.supporters.filter(referral=None).count(), 0)
        self.assertEqual(
            list(Opinion.objects.values_list("level", "verdict", "text", "by__username", "post")),
            [("township", "agree", "情况属实。", "zhangzhen", "陇集镇 乡镇（街道）网格长"), ("county", "agree", "同意支持起诉。", "xianan", "沭阳县 县（区）专员")],
        )

    def test_an_opinion_keeps_the_facts_as_they_were(self) -> None:
        case = self.at_county()
        opinion = Opinion.objects.get(level="township")
        self.assertEqual(opinion.digest, verbs.digest_of(opinion.facts))
        self.assertEqual(opinion.facts["applicants"], [{"name": "李建国", "amount": "8000.00", "via": "", "scope": ""}])
        self.assertEqual(opinion.facts["defendant"]["credit_code"], CODE)
        Claimant.objects.update(name="李大国")
        self.assertEqual(Opinion.objects.get(pk=opinion.pk).facts["applicants"][0]["name"], "李建国")
        self.assertEqual(case.state, "county")

    def test_a_township_that_does_not_agree_leaves_it_to_the_county(self) -> None:
        case = self.advance(self.whole(), "apply", self.grid_worker)
        case = self.advance(case, "object_up", self.chief, reason="证据还不够。")
        self.assertEqual((case.state, Opinion.objects.get().verdict), ("county", "disagree"))
        case = self.advance(case, "refuse", self.county, reason="本人能自行起诉。")
        self.assertEqual((case.state, case.note, self.clock(case)), ("refused", "本人能自行起诉。", None))

    def test_what_is_returned_says_what_is_missing_and_by_when_and_begins_anew(self) -> None:
        case = self.at_county()
        self.refused("day_past", self.advance, case, "send_back", self.county, lacking="欠条原件", complete_by=TODAY)
        self.refused("day_too_far", self.advance, case, "send_back", self.county, lacking="欠条原件", complete_by=date(9999, 3, 10))
        case = self.advance(case, "send_back", self.county, lacking="欠条原件", complete_by=date(2026, 3, 10))
        self.assertEqual((case.state, case.lacking, self.clock(case).rule_id, case.due_on), ("returned", "欠条原件", "SUPPORT-COMPLETE", date(2026, 3, 10)))
        case = self.advance(case, "apply", self.grid_worker)
        self.assertEqual((case.state, case.lacking, self.clock(case).rule_id), ("applied", "", "SUPPORT-TOWNSHIP-3"))

    def test_many_workers_or_a_large_amount_need_the_city(self) -> None:
        claim = self.make_claim(
            person=self.grid_worker, respondents=[RespondentFacts("宿迁宏远劳务有限公司", role="labour", credit_code=CODE)],
            claimants=[ClaimantFacts("张三", lines=[LineFacts(Decimal("500000"), Decimal(1))])],
        )  # fmt: skip
        casework.advance(claim, "accept", self.county, now=NOW, conditions=True)
        case = self.advance(self.whole(claim), "apply", self.grid_worker)
        case = self.advance(case, "pass_up", self.chief, opinion="同意。")
        supporting.choose(case, self.county, "procuratorate", self.procuratorate, "协助取证。", now=NOW)
        self.refused("city_needed", self.advance, case, "agree", self.county, opinion="同意。")
        case = self.advance(case, "ask_city", self.county, opinion="同意，金额较大。")
        self.assertEqual((case.state, case.level, self.clock(case).rule_id, case.due_on), ("city", "city", "SUPPORT-CITY-5", date(2026, 3, 9)))
        case = self.advance(case, "approve", self.city, opinion="同意。")
        self.assertEqual((case.state, Referral.objects.get().sent_by), ("handed_over", self.city))

    def test_a_vacant_township_goes_up_to_the_county(self) -> None:
        Posting.objects.filter(person=self.chief).update(ends_on=date(2026, 3, 1))
        case = self.advance(self.whole(), "apply", self.grid_worker)
        self.assertEqual(self.told("opinion_asked"), {"xianan"})
        case = self.advance(case, "pass_up", self.county, opinion="乡镇空缺，代为审查。")
        self.assertEqual((case.state, Opinion.objects.get().level, Opinion.objects.get().by), ("county", "township", self.county))

    def test_a_county_may_not_give_the_opinion_of_a_township_that_is_there(self) -> None:
        case = self.advance(self.whole(), "apply", self.grid_worker)
        self.refused("not_your_opinion", self.advance, case, "pass_up", self.county, opinion="同意。")
        self.assertEqual(self.advance(case, "pass_up", self.chief, opinion="同意。").state, "county")


class Climbing(SupportTestCase):
    def test_an_opinion_nobody_gives_climbs_while_the_claim_stays_where_it_is(self) -> None:
        case = self.advance(self.whole(), "apply", self.grid_worker)  # due on Thursday 5 March
        late = datetime(2026, 3, 6, 9, 0, tzinfo=SHANGHAI)
        sweep(late)
        case.refresh_from_db()
        claim = Claim.objects.get(pk=self.claim.pk)
        self.assertEqual((case.state, case.level, claim.level), ("applied", "county", "township"))
        self.assertEqual(Event.objects.get(kind="opinion_climbed").facts["to_level"], "county")
        self.assertTrue({"zhangzhen", "xianan"} <= self.told("opinion_late"))
        self.assertFalse(Event.objects.filter(kind="climbed", facts__rule="SUPPORT-TOWNSHIP-3").exists())
        case = self.advance(case, "pass_up", self.county, now=late, opinion="乡镇逾期，由县级提出。")
        self.assertEqual((case.state, Clock.objects.get(rule_id="SUPPORT-TOWNSHIP-3").was_met), ("county", False))

    def test_it_goes_on_to_the_city_and_is_told_once(self) -> None:
        self.advance(self.whole(), "apply", self.grid_worker)
        for day in (6, 10, 10):
            sweep(datetime(2026, 3, day, 9, 5, tzinfo=SHANGHAI))
        self.assertEqual(SupportCase.objects.get().level, "city")
        self.assertEqual([event.facts["to_level"] for event in Event.objects.filter(kind="opinion_climbed").order_by("at")], ["county", "city"])
        self.assertIn("shidu", self.told("opinion_late"))

    def test_a_dry_run_says_the_same_and_writes_nothing(self) -> None:
        self.advance(self.whole(), "apply", self.grid_worker)
        late = datetime(2026, 3, 6, 9, 0, tzinfo=SHANGHAI)
        said = [row for row in sweep(late, dry_run=True).escalated if row["rule"] == "SUPPORT-TOWNSHIP-3"]
        self.assertEqual([row["climbs_to"] for row in said], [None, None, "county"])
        self.assertEqual(SupportCase.objects.get().level, "township")

    def test_papers_that_are_not_completed_climb_with_the_claim(self) -> None:
        case = self.advance(self.at_county(), "send_back", self.county, lacking="欠条原件", complete_by=date(2026, 3, 4))
        sweep(datetime(2026, 3, 11, 9, 0, tzinfo=SHANGHAI))
        self.assertEqual(case.state, "returned")
        self.assertTrue(Event.objects.filter(kind="climbed", facts__rule="SUPPORT-COMPLETE").exists())


class Ending(SupportTestCase):
    def handed(self) -> SupportCase:
        case = self.at_county()
        supporting.choose(case, self.county, "procuratorate", self.procuratorate, "协助取证。", now=NOW)
        return self.advance(case, "agree", self.county, opinion="同意。")

    def test_it_ends_when_the_bodies_have_answered(self) -> None:
        case = self.handed()
        self.refused("referral_open", self.advance, case, "conclude", self.county, outcome="suing", note="法院已立案。")
        referral = Referral.objects.get()
        for move, said in (("receive", {}), ("accept", {}), ("conclude", {"outcome": "sued", "docket_number": "（2026）苏1322民初1号", "note": "已立案。"})):
            referrals.advance(referral, move, self.partner, now=NOW, **said)
        case = self.advance(case, "conclude", self.county, outcome="suing", note="法院已立案。")
        self.assertEqual((case.state, case.outcome), ("concluded", "suing"))

    def test_a_worker_withdraws_at_any_time_and_what_was_sent_is_recalled(self) -> None:
        case = self.advance(self.handed(), "withdraw", self.grid_worker, reason="已经拿到钱。", confirmed=True)
        self.assertEqual((case.state, Referral.objects.get().state), ("withdrawn", "recalled"))

    def test_another_body_is_asked_when_one_declines(self) -> None:
        case = self.handed()
        referral = Referral.objects.get()
        referrals.advance(referral, "receive", self.partner, now=NOW)
        referrals.advance(referral, "decline", self.partner, now=NOW, ground="can_sue", reason="能自行起诉。")
        supporting.choose(case, self.county, "legal_aid", self.legal_aid, "改请法律援助。", now=NOW)
        self.assertEqual(set(Referral.objects.values_list("body__kind", "state")), {("procuratorate", "declined"), ("legal_aid", "sent")})

    def test_it_lapses_with_the_claim(self) -> None:
        case = self.advance(self.whole(), "apply", self.grid_worker)
        casework.advance(self.claim, "withdraw", self.chief, now=NOW, reason="和解。", confirmed=True)
        case.refresh_from_db()
        self.assertEqual((case.state, case.level, Clock.objects.running().filter(about_id=case.pk).exists()), ("lapsed", "", False))

    def test_a_claim_with_an_open_case_is_neither_merged_nor_split(self) -> None:
        verbs.begin(self.claim, self.grid_worker, now=NOW)
        other = self.make_claim(person=self.grid_worker)
        self.refused("support_open", casework.advance, self.claim, "merge", self.county, now=NOW, merged_into=other, reason="同一工地。")

    def test_a_stale_page_is_refused(self) -> None:
        case = self.at_county()
        again = SupportCase.objects.get(pk=case.pk)
        self.advance(case, "refuse", self.county, reason="能自行起诉。")
        self.refused("wrong_state", self.advance, again, "refuse", self.county, reason="能自行起诉。")


class Ruling(SupportTestCase):
    def test_the_body_of_a_ruling_supports_in_place_of_the_first(self) -> None:
        other = Body.objects.create(name="宿迁市人民检察院", kind="procuratorate", region_id="3213")
        case = self.at_county()
        supporting.choose(case, self.county, "procuratorate", self.procuratorate, "协助取证。", now=NOW)
        self.advance(case, "agree", self.county, opinion="同意。")
        first = Referral.objects.get()
        referrals.advance(first, "receive", self.partner, now=NOW)
        referrals.advance(first, "decline", self.partner, now=NOW, ground="not_ours", reason="应由市院办理。")
        referrals.advance(first, "dispute", self.county, now=NOW, reason="请裁定。")
        referrals.advance(first, "rule_other", self.city, now=NOW, other_body=other, reason="由市院支持。")
        later = Referral.objects.get(ruled_from=first)
        self.assertEqual(
            set(case.supporters.values_list("body__name", "supporter", "referral")),
            {("沭阳县人民检察院", "procuratorate", first.pk), ("宿迁市人民检察院", "procuratorate", later.pk)},
        )
        self.assertIn("宿迁市人民检察院", self.refused("referral_open", self.advance, case, "conclude", self.county, outcome="suing", note="已立案。"))
        self.advance(case, "withdraw", self.grid_worker, reason="已经拿到钱。", confirmed=True)
        self.assertEqual(Referral.objects.get(pk=later.pk).state, "recalled")


class UnderWayBefore(SupportTestCase):
    def before(self, *moves: tuple[str, dict[str, Any]]) -> tuple[SupportCase, Referral]:
        referral = referrals.refer(self.claim, self.county, now=NOW, kind="support", body=self.procuratorate, summary="请先看看。")
        for move, said in moves:
            referrals.advance(referral, move, self.partner, now=NOW, **said)
        case = self.at_county()
        supporting.choose(case, self.county, "procuratorate", self.procuratorate, "协助取证。", now=NOW)
        case = self.advance(case, "agree", self.county, opinion="同意。")
        self.assertEqual(case.supporters.get().referral, referral)
        return case, Referral.objects.get()

    def test_a_body_that_has_the_claim_already_is_sent_the_application(self) -> None:
        _case, referral = self.before()
        sent = referral.supplements.get()
        for words in ("李建国申请支持起诉", "协助取证"):
            self.assertIn(words, sent.note)
        self.assertEqual(set(sent.evidence.values_list("kind", flat=True)), {"iou", "signature"})
        self.assertTrue(Event.objects.filter(kind="support", facts__move="adopt").exists())

    def test_a_body_that_waits_for_what_it_asked_for_gets_it_with_the_answer(self) -> None:
        _case, referral = self.before(("receive", {}), ("ask_more", {"wanted": "考勤", "supply_by": date(2026, 3, 20)}))
        self.assertEqual((referral.state, referral.supplements.count()), ("queried", 0))
        task = Task.objects.get(kind="send_application")
        self.assertEqual((task.owner, task.path), (self.county, f"/referrals/{referral.pk}/supplement/"))


class Following(SupportTestCase):
    def answered(self, outcome: str, case: SupportCase | None = None) -> None:
        case = case or self.at_county()
        supporting.choose(case, self.county, "procuratorate", self.procuratorate, "协助取证。", now=NOW)
        self.advance(case, "agree", self.county, opinion="同意。")
        referral = Referral.objects.get()
        for move, said in (("receive", {}), ("accept", {}), ("conclude", {"outcome": outcome, "docket_number": "（2026）苏1322民初1号", "note": "已立案。"})):
            referrals.advance(referral, move, self.partner, now=NOW, **said)

    def test_once_the_court_has_it_the_suit_is_on_record_and_somebody_is_asked_to_enter_the_registration(self) -> None:
        self.answered("sued")
        suit = Proceeding.objects.get()
        self.assertEqual((suit.kind, suit.state, suit.referral, suit.opened_by), ("suit", "filed_direct", Referral.objects.get(), None))
        self.assertEqual(suit.steps.get().on, TODAY)
        self.assertFalse(Clock.objects.running().filter(rule_id="ARB-LIMIT-1Y").exists(), "the right was used")
        self.assertEqual(list(Clock.objects.running().filter(about_id=suit.pk).values_list("rule_id", flat=True)), ["CIV-FILE-7"])
        task = Task.objects.get(kind="enter_suit")
        self.assertEqual((task.path, task.owner), (f"/proceedings/{suit.pk}/docketed/", self.grid_worker))
        proceedings.record_step(suit, "docketed", self.county, on=TODAY, now=NOW, docket="（2026）苏1322民初1号", procedure="simple")
        task.refresh_from_db()
        self.assertIsNotNone(task.done_at)

    def test_a_suit_that_is_on_record_is_not_begun_again(self) -> None:
        case = self.at_county()
        Proceeding.objects.create(claim=case.claim, kind="suit", opened_as="filed_direct", state="filed_direct", opened_at=NOW)
        self.answered("sued", case)
        self.assertEqual(Proceeding.objects.count(), 1)

    def test_any_other_result_asks_for_nothing(self) -> None:
        self.answered("paid")
        self.assertFalse(Task.objects.filter(kind="enter_suit").exists())


class Supporters(SupportTestCase):
    def test_a_body_must_fit_what_it_is_chosen_as_and_the_reason_stand_there(self) -> None:
        case = self.at_county()
        self.refused("unknown_supporter", supporting.choose, case, self.county, "union", self.procuratorate, "协助。", now=NOW)
        self.refused("no_reason", supporting.choose, case, self.county, "procuratorate", self.procuratorate, " ", now=NOW)
        self.refused("not_your_role", supporting.choose, case, self.chief, "procuratorate", self.procuratorate, "协助。", now=NOW)
        chosen = supporting.choose(case, self.county, "procuratorate", self.procuratorate, "协助取证。", now=NOW)
        self.refused("chosen_already", supporting.choose, case, self.county, "procuratorate", self.procuratorate, "协助。", now=NOW)
        supporting.drop(case, self.county, chosen, now=NOW)
        self.assertFalse(case.supporters.exists())

    def test_the_referral_names_article_title_amount_and_reason(self) -> None:
        case = self.at_county()
        supporting.choose(case, self.county, "procuratorate", self.procuratorate, "协助取证。", now=NOW)
        self.advance(case, "agree", self.county, opinion="同意。")
        summary = Referral.objects.get().summary
        for words in ("李建国申请支持起诉", "8,000.00", "不识字", "支持起诉书", "民事诉讼法 第十五条", "协助取证"):
            self.assertIn(words, summary)


class OfMany(SupportTestCase):
    def setUp(self) -> None:
        workers = [ClaimantFacts(f"工人{number:02d}", lines=[LineFacts(Decimal("1000"), Decimal(1))]) for number in range(80)]
        self.many = self.make_claim(
            person=self.grid_worker, claimants=workers, worker_count=80,
            respondents=[RespondentFacts("宿迁宏远劳务有限公司", role="labour", credit_code=CODE)],
        )  # fmt: skip
        casework.advance(self.many, "accept", self.county, now=NOW, conditions=True)
        self.workers = list(self.many.claimants.order_by("name"))

    def test_eighty_apply_through_a_representative_who_has_their_authority(self) -> None:
        case = self.open(self.many, shape="one")
        self.paper("iou", claim=self.many)
        head = choose(self.many, self.grid_worker, [self.workers[0].pk], TODAY, now=NOW, reason="大家只信得过他。")[0]
        sheet = self.paper("signature", claim=self.many)
        everybody = [worker.pk for worker in self.workers]
        message = self.refused("no_authority", verbs.apply_for, case, self.grid_worker, everybody, now=NOW, signed_on=TODAY, paper=sheet, via=head.pk)
        self.assertIn("工人01", message)
        authorise(self.many, self.grid_worker, head.pk, everybody[1:], "special", TODAY, now=NOW, paper=sheet)
        self.assertEqual(verbs.apply_for(case, self.grid_worker, everybody, now=NOW, signed_on=TODAY, paper=sheet, via=head.pk), 80)
        self.assertEqual(case.applicants.filter(scope="special").count(), 79)
        case = self.advance(case, "apply", self.grid_worker)
        case = self.advance(case, "pass_up", self.chief, opinion="同意。")
        self.assertEqual(len(Opinion.objects.get().facts["applicants"]), 80)

    def test_who_joins_beyond_what_a_county_may_agree_to_alone_is_registered_by_the_city(self) -> None:
        case = self.open(self.many)
        self.paper("iou", claim=self.many)
        first, rest = [worker.pk for worker in self.workers[:29]], [worker.pk for worker in self.workers[29:31]]
        verbs.apply_for(case, self.grid_worker, first, now=NOW, signed_on=TODAY, paper=self.paper("signature", claim=self.many))
        case = self.advance(self.advance(case, "apply", self.grid_worker), "pass_up", self.chief, opinion="同意。")
        supporting.choose(case, self.county, "procuratorate", self.procuratorate, "协助取证。", now=NOW)
        case = self.advance(case, "agree", self.county, opinion="同意。")
        late = dict(now=NOW, signed_on=TODAY, paper=self.paper("signature", claim=self.many, content=b"late"))
        self.refused("city_needed", verbs.apply_for, case, self.county, rest[:1], **late)
        verbs.apply_for(case, self.city, rest[:1], **late)
        opinion = case.opinions.get(level="city")
        self.assertEqual((opinion.verdict, opinion.by, len(opinion.facts["applicants"])), ("agree", self.city, 30))
        verbs.apply_for(case, self.county, rest[1:], **late)  # the city has agreed
        self.assertEqual(case.applicants.count(), 31)

    def test_who_does_not_want_stays_out_and_joins_later_as_a_supplement(self) -> None:
        case = self.open(self.many)
        self.paper("iou", claim=self.many)
        first = [worker.pk for worker in self.workers[:20]]
        verbs.apply_for(case, self.grid_worker, first, now=NOW, signed_on=TODAY, paper=self.paper("signature", claim=self.many))
        verbs.leave_out(case, self.grid_worker, [first[0]], now=NOW)
        case = self.advance(case, "apply", self.grid_worker)
        self.assertEqual(case.applicants.count(), 19)
        late = self.paper("signature", claim=self.many, content=b"late")
        self.refused("nothing_new", verbs.apply_for, case, self.grid_worker, [first[1]], now=NOW, signed_on=TODAY, paper=late)
        self.refused("not_signed", verbs.apply_for, case, self.grid_worker, [first[0]], now=NOW, signed_on=TODAY)
        verbs.apply_for(case, self.grid_worker, [first[0], self.workers[30].pk], now=NOW, signed_on=TODAY, paper=late)
        self.assertEqual(set(case.applicants.values_list("batch", flat=True)), {0, 1})
        self.assertEqual(checks_of(case)[0].says.text(), "签字的申请书在案：21 人。")


class Leaves(SupportTestCase):
    def test_whoever_stands_in_for_the_chief_gives_the_opinion(self) -> None:
        deputy = make_person("fuzhen", "傅镇", roles.TOWNSHIP_CHIEF, REGION)
        Leave.objects.create(person=self.chief, starts_on=TODAY, ends_on=TODAY, deputy=deputy)
        case = self.advance(self.whole(), "apply", self.grid_worker)
        self.assertIn("pass_up", [move.name for move in moves_for(case, deputy, TODAY)])


class OfSome(SupportTestCase):
    def setUp(self) -> None:
        self.two = self.make_claim(
            person=self.grid_worker, respondents=[RespondentFacts("宿迁宏远劳务有限公司", role="labour", credit_code=CODE)],
            claimants=[ClaimantFacts(name, lines=[LineFacts(Decimal("3000"), Decimal(1))]) for name in ("张三", "李四")],
        )  # fmt: skip
        casework.advance(self.two, "accept", self.county, now=NOW, conditions=True)
        self.applies, self.stays = self.two.claimants.get(name="张三"), self.two.claimants.get(name="李四")

    def handed(self) -> SupportCase:
        case, self.iou = self.open(self.two), self.paper("iou", claim=self.two)
        self.signed, self.others = self.paper("signature", claim=self.two), self.paper("signature", claim=self.two, content=b"of others")
        self.identity = self.paper("identity", claim=self.two)
        verbs.apply_for(case, self.grid_worker, [self.applies.pk], now=NOW, signed_on=TODAY, paper=self.signed)
        case = self.advance(self.advance(case, "apply", self.grid_worker), "pass_up", self.chief, opinion="同意。")
        supporting.choose(case, self.county, "procuratorate", self.procuratorate, "协助取证。", now=NOW)
        return self.advance(case, "agree", self.county, opinion="同意。")

    def test_the_body_is_shown_nobody_who_does_not_apply_and_none_of_their_papers(self) -> None:
        self.handed()
        referral = Referral.objects.get()
        self.assertEqual([row["name"] for row in referral.shared["claimants"]], ["张三"])
        self.assertEqual({line["claimant"] for line in referral.shared["lines"]}, {"张三"})
        self.assertEqual(referral.shared["claimant_count"], 1)
        self.assertEqual(set(referral.evidence.all()), {self.iou, self.signed})

    @override_settings(SMS_URL="https://sms.example/send", SMS_KEY="k", SMS_SECRET="s", SITE_URL="https://xinan.example")
    def test_text_messages_of_the_case_go_to_those_who_apply(self) -> None:
        self.two.claimants.filter(pk=self.applies.pk).update(phone="13800000031")
        self.two.claimants.filter(pk=self.stays.pk).update(phone="13800000032")
        Notice.objects.all().delete()
        case = self.handed()
        self.advance(case, "withdraw", self.grid_worker, reason="已经拿到钱。", confirmed=True)
        told = Notice.objects.filter(channel="sms", addressee_kind="claimant").values_list("kind", "addressee_id")
        self.assertEqual({kind for kind, _one in told if "support" in kind}, {"worker_support_applied", "worker_support_agreed", "worker_support_withdrawn"})
        self.assertEqual({one for _kind, one in told}, {self.applies.pk})

    def test_what_changes_of_who_does_not_apply_is_no_news_until_they_join(self) -> None:
        case = self.handed()
        self.two.claimants.filter(pk=self.stays.pk).update(phone="13800000077")
        self.assertFalse(supplements.news_of(Referral.objects.get(), TODAY))
        late = self.paper("signature", claim=self.two, content=b"late")
        verbs.apply_for(case, self.county, [self.stays.pk], now=NOW, signed_on=TODAY, paper=late)
        sent = Referral.objects.get().supplements.get()
        self.assertEqual([row["name"] for row in sent.people["claimants"]], ["李四"])

    def test_where_everybody_applies_every_paper_goes_along(self) -> None:
        case = self.open(self.two)
        papers = {self.paper("iou", claim=self.two), self.paper("identity", claim=self.two), self.paper("signature", claim=self.two)}
        signed = next(paper for paper in papers if paper.kind == "signature")
        verbs.apply_for(case, self.grid_worker, [self.applies.pk, self.stays.pk], now=NOW, signed_on=TODAY, paper=signed)
        self.assertEqual(set(supporting.papers_for(case)), papers)


class Leaving(OfSome):
    def both(self) -> SupportCase:
        """张三 and 李四 apply, and the procuratorate has it."""
        case, self.iou = self.open(self.two), self.paper("iou", claim=self.two)
        signed = self.paper("signature", claim=self.two)
        verbs.apply_for(case, self.grid_worker, [self.applies.pk, self.stays.pk], now=NOW, signed_on=TODAY, paper=signed)
        case = self.advance(self.advance(case, "apply", self.grid_worker), "pass_up", self.chief, opinion="同意。")
        supporting.choose(case, self.county, "procuratorate", self.procuratorate, "协助取证。", now=NOW)
        return self.advance(case, "agree", self.county, opinion="同意。")

    def test_one_of_several_withdraws_after_the_hand_over_and_the_body_goes_on_for_the_others(self) -> None:
        case = self.both()
        Notice.objects.all().delete()
        self.refused("no_reason", verbs.leave_out, case, self.grid_worker, [self.stays.pk], now=NOW)
        verbs.leave_out(case, self.grid_worker, [self.stays.pk], now=NOW, reason="自己去告。")
        referral = Referral.objects.get()
        self.assertEqual((case.applicants.get().claimant, referral.state, referral.only), (self.applies, "sent", [self.applies.pk]))
        self.assertIn("jiancha", self.told("referral_moved"))
        left = Event.objects.get(kind="referral", facts__move="narrow")
        self.assertEqual(left.facts["left"], ["李四"])
        self.two.claimants.filter(pk=self.stays.pk).update(phone="13800000077")
        self.assertFalse(supplements.news_of(referral, TODAY))

    @override_settings(SMS_URL="https://sms.example/send", SMS_KEY="k", SMS_SECRET="s", SITE_URL="https://xinan.example")
    def test_only_who_withdrew_is_told_so(self) -> None:
        self.two.claimants.filter(pk=self.applies.pk).update(phone="13800000031")
        self.two.claimants.filter(pk=self.stays.pk).update(phone="13800000032")
        case = self.both()
        Notice.objects.all().delete()
        verbs.leave_out(case, self.grid_worker, [self.stays.pk], now=NOW, reason="自己去告。")
        told = Notice.objects.filter(channel="sms", addressee_kind="claimant").values_list("kind", "addressee_id")
        self.assertEqual(list(told), [("worker_support_withdrawn", self.stays.pk)])

    def test_everybody_at_once_withdraws_the_application_instead(self) -> None:
        case = self.both()
        everybody = [self.applies.pk, self.stays.pk]
        self.refused("everybody", verbs.leave_out, case, self.grid_worker, everybody, now=NOW, reason="不告了。")
        self.assertEqual(case.applicants.count(), 2)

    def test_the_page_asks_why_and_whether_they_signed(self) -> None:
        case = self.both()
        url = reverse("support_leave", args=[case.pk])
        self.client.force_login(self.grid_worker)
        self.assertContains(self.client.get(url), "李四")
        said = {"claimants": [str(self.stays.pk)], "reason": "自己去告。"}
        self.assertContains(self.client.post(url, said), "name=\"confirmed\"")
        self.assertEqual(case.applicants.count(), 2)
        self.assertRedirects(self.client.post(url, {**said, "confirmed": "on"}), reverse("support_detail", args=[case.pk]))
        self.assertEqual(case.applicants.count(), 1)


class Supplements(SupportTestCase):
    def test_who_joins_after_the_hand_over_is_sent_to_the_bodies_as_a_supplement(self) -> None:
        claim = self.make_claim(
            person=self.grid_worker, respondents=[RespondentFacts("宿迁宏远劳务有限公司", role="labour", credit_code=CODE)],
            claimants=[ClaimantFacts(name, lines=[LineFacts(Decimal("3000"), Decimal(1))]) for name in ("张三", "李四")],
        )  # fmt: skip
        casework.advance(claim, "accept", self.county, now=NOW, conditions=True)
        case, (one, two) = self.open(claim), claim.claimants.order_by("name")
        self.paper("iou", claim=claim)
        verbs.apply_for(case, self.grid_worker, [one.pk], now=NOW, signed_on=TODAY, paper=self.paper("signature", claim=claim))
        case = self.advance(self.advance(case, "apply", self.grid_worker), "pass_up", self.chief, opinion="同意。")
        supporting.choose(case, self.county, "procuratorate", self.procuratorate, "协助取证。", now=NOW)
        case = self.advance(case, "agree", self.county, opinion="同意。")
        late = self.paper("signature", claim=claim, content=b"late")
        verbs.apply_for(case, self.county, [two.pk], now=NOW, signed_on=TODAY, paper=late)
        referral = Referral.objects.get()
        self.assertEqual(referral.supplements.get().note, f"补充申请支持起诉的劳动者：{two.name}")
        self.assertIn(late, referral.evidence.all())

    def joined_after(self, *moves: tuple[str, dict[str, Any]]) -> tuple[Referral, Evidence]:
        """Somebody joins once the body has gone as far as `moves`."""
        claim = self.make_claim(
            person=self.grid_worker, respondents=[RespondentFacts("宿迁宏远劳务有限公司", role="labour", credit_code=CODE)],
            claimants=[ClaimantFacts(name, lines=[LineFacts(Decimal("3000"), Decimal(1))]) for name in ("张三", "李四")],
        )  # fmt: skip
        casework.advance(claim, "accept", self.county, now=NOW, conditions=True)
        case, (one, two) = self.open(claim), claim.claimants.order_by("name")
        self.paper("iou", claim=claim)
        verbs.apply_for(case, self.grid_worker, [one.pk], now=NOW, signed_on=TODAY, paper=self.paper("signature", claim=claim))
        case = self.advance(self.advance(case, "apply", self.grid_worker), "pass_up", self.chief, opinion="同意。")
        supporting.choose(case, self.county, "procuratorate", self.procuratorate, "协助取证。", now=NOW)
        case = self.advance(case, "agree", self.county, opinion="同意。")
        for move, said in moves:
            referrals.advance(Referral.objects.get(), move, self.partner, now=NOW, **said)
        late = self.paper("signature", claim=claim, content=b"late")
        verbs.apply_for(case, self.city, [two.pk], now=NOW, signed_on=TODAY, paper=late)
        return Referral.objects.get(), late

    def test_who_joins_does_not_answer_what_the_body_asked_for(self) -> None:
        received, asked = ("receive", {}), {"wanted": "考勤", "supply_by": date(2026, 3, 20)}
        for state, rule, moves in (
            ("queried", "REF-SUPPLY", (received, ("ask_more", asked))),
            ("returned", "REF-CORRECT-5", (received, ("return", {"wanted": "考勤"}))),
            ("accepted", "REF-SUPPLY", (received, ("accept", {}), ("ask_further", asked))),
        ):
            with self.subTest(state), transaction.atomic():
                referral, late = self.joined_after(*moves)
                self.assertEqual((referral.state, referral.supplements.count()), (state, 0))
                self.assertTrue(Clock.objects.running().filter(about_id=referral.pk, rule_id=rule).exists())
                self.assertIn("xianan", self.told("support_moved"))  # who sent it answers, with who joined and what they signed
                news = supplements.news_of(referral, TODAY)
                self.assertEqual([row["name"] for row in news.people["claimants"]], [referral.claim.claimants.order_by("name").last().name])
                self.assertEqual(SupplementForm(referral, has_news=True).initial_papers, [late])
                transaction.set_rollback(True)

    def test_a_grid_worker_who_may_not_send_tells_whoever_did(self) -> None:
        claim = self.make_claim(
            person=self.grid_worker, respondents=[RespondentFacts("宿迁宏远劳务有限公司", role="labour", credit_code=CODE)],
            claimants=[ClaimantFacts(name, lines=[LineFacts(Decimal("3000"), Decimal(1))]) for name in ("张三", "李四")],
        )  # fmt: skip
        casework.advance(claim, "accept", self.county, now=NOW, conditions=True)
        case, (one, two) = self.open(claim), claim.claimants.order_by("name")
        self.paper("iou", claim=claim)
        verbs.apply_for(case, self.grid_worker, [one.pk], now=NOW, signed_on=TODAY, paper=self.paper("signature", claim=claim))
        case = self.advance(self.advance(case, "apply", self.grid_worker), "pass_up", self.chief, opinion="同意。")
        supporting.choose(case, self.county, "procuratorate", self.procuratorate, "协助取证。", now=NOW)
        case = self.advance(case, "agree", self.county, opinion="同意。")
        Notice.objects.all().delete()
        verbs.apply_for(case, self.grid_worker, [two.pk], now=NOW, signed_on=TODAY, paper=self.paper("signature", claim=claim, content=b"late"))
        self.assertFalse(Referral.objects.get().supplements.exists())
        self.assertIn("xianan", self.told("support_moved"))
