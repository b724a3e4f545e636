"""Pages of support to sue: allowed, refused, out of scope, wrong method, bad input, and the whole way through them."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from unittest.mock import patch
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from arrears import referrals
from arrears.identity import make_id
from arrears.intake import ClaimantFacts, LineFacts, RespondentFacts
from arrears.integrity import CHECKS
from arrears.models import Applicant, Claim, Opinion, Proceeding, Referral, Respondent, Search, SearchWay, SupportCase
from arrears.support import searching, supporting, verbs
from grid.models import AccessLog, Person
from tests.arrears.test_support import CODE, SupportTestCase
from tests.base import NOW, TODAY


class SupportPages(SupportTestCase):
    def setUp(self) -> None:
        patcher = patch("arrears.views.asking.timezone.now", side_effect=lambda: NOW)
        patcher.start()
        self.addCleanup(patcher.stop)

    def as_(self, person: Person) -> Any:
        self.client.force_login(person)
        return self.client

    def url(self, name: str, *args: Any) -> str:
        return reverse(name, args=args)


class TheWay(SupportPages):
    def test_from_the_claim_to_the_procuratorate_through_the_pages(self) -> None:
        client = self.as_(self.grid_worker)
        self.assertContains(client.get(self.url("claim_detail", self.claim.pk)), self.url("claim_support", self.claim.pk))
        start = client.post(self.url("claim_support", self.claim.pk))
        case = SupportCase.objects.get()
        self.assertRedirects(start, self.url("support_detail", case.pk))
        page = client.get(self.url("support_detail", case.pk))
        for words in ("还没有选出申请的劳动者", "案卷里还没有能证明干活或者欠钱的材料", self.url("evidence_add", self.claim.pk), self.url("support_prepare", case.pk)):
            self.assertContains(page, words)
        self.assertContains(page, "信用代码或者身份证号在案")
        self.paper("iou")
        client.post(self.url("support_prepare", case.pk), {"reasons": ["literacy"], "why": "不识字。", "mediated_on": "2026-03-01", "mediated": "对方拒绝。"})
        scan = SimpleUploadedFile("sign.txt", "李建国".encode(), "text/plain")
        client.post(self.url("support_workers", case.pk), {"claimants": [str(self.claim.claimants.get().pk)], "signed_on": "2026-03-02", "signature": scan})
        self.assertEqual(Applicant.objects.get().paper.kind, "signature")
        self.assertContains(client.get(self.url("support_detail", case.pk)), "条件齐了，可以提交申请。")
        client.post(self.url("support_move", case.pk, "apply"), {})
        client = self.as_(self.chief)
        self.assertContains(client.get(self.url("support_move", case.pk, "pass_up")), "不识字。")
        client.post(self.url("support_move", case.pk, "pass_up"), {"opinion": "情况属实。"})
        client = self.as_(self.county)
        said = {"supporter": "procuratorate", "body": str(self.procuratorate.pk), "why": "协助取证。"}
        self.assertRedirects(client.post(self.url("support_choose", case.pk), said), self.url("support_detail", case.pk))
        client.post(self.url("support_move", case.pk, "agree"), {"opinion": "同意。"})
        case.refresh_from_db()
        self.assertEqual((case.state, Referral.objects.get().body, Opinion.objects.count()), ("handed_over", self.procuratorate, 2))
        page = client.get(self.url("support_detail", case.pk))
        for words in ("沭阳县人民检察院", "已发出", "情况属实。", "民事诉讼法 第十五条"):
            self.assertContains(page, words)
        self.assertTrue(AccessLog.objects.filter(subject="support", subject_id=case.pk, person=self.county, act="read").exists())


class Refusals(SupportPages):
    def test_out_of_scope_is_not_found_and_a_stranger_signs_in(self) -> None:
        case = self.whole()
        search = self.search()
        for name, args in (
            ("claim_support", [self.claim.pk]), ("support_detail", [case.pk]), ("support_prepare", [case.pk]), ("support_workers", [case.pk]),
            ("support_choose", [case.pk]), ("support_move", [case.pk, "apply"]), ("claim_find", [self.claim.pk]), ("search_detail", [search.pk]),
            ("way_act", [search.ways.get().pk]),
        ):  # fmt: skip
            for person in (self.county_b, self.chief_a2, self.partner, self.outsider):
                self.assertEqual(self.as_(person).get(self.url(name, *args)).status_code, 404, (name, person))
            self.client.logout()
            self.assertEqual(self.client.get(self.url(name, *args)).status_code, 302, name)

    def search(self) -> Search:
        row = Respondent.objects.create(claim=self.claim, aliases="老王", role="foreman")
        search = searching.start(row, self.grid_worker, now=NOW, nickname="老王")
        searching.begin_way(search, self.grid_worker, "register", "查名称。", now=NOW)
        return search

    def test_a_move_somebody_may_not_make_is_refused_with_a_sentence_and_changes_nothing(self) -> None:
        case = self.advance(self.whole(), "apply", self.grid_worker)
        for person, move, said in ((self.grid_worker, "pass_up", {"opinion": "同意"}), (self.county, "pass_up", {"opinion": "同意"}), (self.chief, "agree", {"opinion": "同意"})):
            answer = self.as_(person).post(self.url("support_move", case.pk, move), said)
            self.assertEqual(answer.status_code, 409, (person, move))
            self.assertContains(answer, 'role="alert"', status_code=409)
        self.assertEqual(SupportCase.objects.get().state, "applied")

    def test_an_opinion_without_words_comes_back_with_what_was_typed(self) -> None:
        case = self.advance(self.whole(), "apply", self.grid_worker)
        answer = self.as_(self.chief).post(self.url("support_move", case.pk, "send_back"), {"lacking": "欠条原件", "complete_by": "没有这天"})
        self.assertContains(answer, "欠条原件")
        self.assertEqual((answer.status_code, SupportCase.objects.get().state), (200, "applied"))

    def test_unknown_moves_and_wrong_methods(self) -> None:
        case = self.whole()
        client = self.as_(self.county)
        for name in ("lapse", "open", "prepare", "nothing"):
            self.assertEqual(client.get(self.url("support_move", case.pk, name)).status_code, 404, name)
        self.assertEqual(client.delete(self.url("support_detail", case.pk)).status_code, 405)
        self.assertEqual(client.post(self.url("support_list")).status_code, 405)
        self.assertEqual(client.get(self.url("support_drop", case.pk, uuid4())).status_code, 405)

    def test_a_list_for_those_who_have_one(self) -> None:
        for name, person in self.everybody().items():
            status = 200 if name in ("grid_worker", "chief", "chief_a2", "county", "county_b", "city", "auditor") else 404
            self.assertEqual(self.as_(person).get(self.url("support_list")).status_code, status, name)


class Lists(SupportPages):
    def shown(self, person: Person, query: str) -> set[Any]:
        rows = self.as_(person).get(self.url("support_list") + query).context["rows"]
        return {row.case.pk for row in rows}

    def test_each_level_finds_what_waits_for_it(self) -> None:
        case = self.advance(self.whole(), "apply", self.grid_worker)
        for person, mine in ((self.chief, {case.pk}), (self.county, set()), (self.city, set())):
            self.assertEqual(self.shown(person, "?show=mine"), mine, person)
        self.advance(case, "pass_up", self.chief, opinion="同意。")
        for person, mine in ((self.chief, set()), (self.county, {case.pk}), (self.city, set())):
            self.assertEqual(self.shown(person, "?show=mine"), mine, person)
        self.assertEqual(self.shown(self.county, "?state=county"), {case.pk})
        self.assertEqual(self.shown(self.county, "?state=city"), set())
        self.assertEqual(self.shown(self.city, "?level=county"), {case.pk})
        self.assertEqual(self.shown(self.county_b, "?show=all"), set())

    def test_the_tile_counts_what_its_list_shows(self) -> None:
        self.advance(self.whole(), "apply", self.grid_worker)
        page = self.as_(self.chief).get(self.url("desk"))
        self.assertContains(page, "等我提意见的支持起诉")
        self.assertNotContains(self.as_(self.county).get(self.url("desk")), "等我提意见的支持起诉")

    def test_list_and_page_cost_the_same_for_many(self) -> None:
        self.advance(self.whole(), "apply", self.grid_worker)
        few = self.queries(self.url("support_list"))
        for _number in range(12):
            claim = self.make_claim(person=self.grid_worker)
            verbs.begin(claim, self.grid_worker, now=NOW)
        self.assertEqual(self.queries(self.url("support_list") + "?show=open"), few)

    def test_the_page_costs_the_same_for_thirty_workers_as_for_three(self) -> None:
        costs = []
        for number in (3, 30):
            workers = [ClaimantFacts(f"工人{one:02d}", lines=[LineFacts(Decimal("100"), Decimal(1))]) for one in range(number)]
            claim = self.make_claim(person=self.grid_worker, claimants=workers, worker_count=number, respondents=[RespondentFacts("宏远", role="labour", credit_code=CODE)])
            case = verbs.begin(claim, self.grid_worker, now=NOW)
            verbs.apply_for(case, self.grid_worker, [one.pk for one in claim.claimants.all()], now=NOW, signed_on=TODAY)
            costs.append(self.queries(self.url("support_detail", case.pk)))
        self.assertEqual(*costs)

    def queries(self, url: str) -> int:
        client = self.as_(self.county)
        client.get(url)
        with self.assertNumQueries(FuzzyCount()) as counted:
            self.assertEqual(client.get(url).status_code, 200)
        return len(counted)


class FuzzyCount(int):
    """Counts without expecting a number: the numbers of two pages are compared."""

    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = int.__hash__


class Search_(SupportPages):
    def setUp(self) -> None:
        super().setUp()
        Respondent.objects.filter(claim=self.claim).update(legal_name="", credit_code="", aliases="老王")

    def test_from_a_nickname_to_a_name_through_the_pages(self) -> None:
        case = self.whole()
        client = self.as_(self.grid_worker)
        page = client.get(self.url("support_detail", case.pk))
        self.assertContains(page, "只知道“老王”")
        self.assertContains(page, self.url("claim_find", self.claim.pk))
        row = Respondent.objects.get(claim=self.claim)
        client.post(self.url("claim_find", self.claim.pk), {"respondent": str(row.pk), "nickname": "老王", "phone": "13800000009", "account": "6222020012345678901"})
        search = Search.objects.get()
        page = client.get(self.url("search_detail", search.pk))
        self.assertContains(page, "8901")
        self.assertNotContains(page, "6222020012345678901")
        client.post(self.url("search_detail", search.pk), {"act": "way", "way": "bank", "reason": "查账户户名。"})
        way = SearchWay.objects.get()
        self.assertEqual(way.state, "asked")
        for person in (self.grid_worker, self.chief, self.county):
            answer = self.as_(person).post(self.url("way_act", way.pk), {"allows": "yes", "decision": "同意"})
            self.assertEqual(answer.status_code, 409, person)
        self.as_(self.city).post(self.url("way_act", way.pk), {"allows": "yes", "decision": "同意查询。"})
        client = self.as_(self.grid_worker)
        page = client.post(self.url("way_act", way.pk), {"act": "reveal", "reason": "向银行查询户名"})
        self.assertContains(page, "6222020012345678901")
        self.assertEqual(AccessLog.objects.get(act="reveal").subject, "search")
        client.post(self.url("way_act", way.pk), {"tried_on": "2026-03-02", "result": "户名王建军。"})
        said = {"act": "found", "legal_name": "王建军", "credit_code": "", "id_number": make_id("321399", date(1990, 3, 7), 3), "how": "银行户名。"}
        self.assertRedirects(client.post(self.url("search_detail", search.pk), said), self.url("search_detail", search.pk))
        row.refresh_from_db()
        self.assertEqual((row.legal_name, row.aliases, row.id_masked[-4:]), ("王建军", "老王", make_id("321399", date(1990, 3, 7), 3)[-4:]))
        self.assertNotIn(make_id("321399", date(1990, 3, 7), 3), row.id_sealed)
        self.assertEqual(Claim.objects.get(pk=self.claim.pk).respondent_name, "王建军")
        self.assertContains(client.get(self.url("support_detail", case.pk)), "王建军，信用代码或者身份证号在案。")

    def test_a_name_without_a_number_is_not_found_yet(self) -> None:
        search = searching.start(Respondent.objects.get(claim=self.claim), self.grid_worker, now=NOW, nickname="老王")
        answer = self.as_(self.grid_worker).post(self.url("search_detail", search.pk), {"act": "found", "legal_name": "王建军", "how": "工友说的。"})
        self.assertContains(answer, "没有号码，法院难以认定是哪一个人")
        self.assertEqual(Search.objects.get().state, "searching")

    def test_no_lead_at_all_is_refused(self) -> None:
        row = Respondent.objects.get(claim=self.claim)
        answer = self.as_(self.grid_worker).post(self.url("claim_find", self.claim.pk), {"respondent": str(row.pk)})
        self.assertContains(answer, "请至少写一条线索", status_code=409)


class SignedOneByOne(SupportPages):
    def test_each_signs_and_nobody_is_left_out_by_it_until_somebody_says_so(self) -> None:
        claim = self.make_claim(
            person=self.grid_worker, respondents=[RespondentFacts("宏远", role="labour", credit_code=CODE)],
            claimants=[ClaimantFacts(name, lines=[LineFacts(Decimal("3000"), Decimal(1))]) for name in ("张三", "李四")],
        )  # fmt: skip
        case, client = verbs.begin(claim, self.grid_worker, now=NOW), self.as_(self.grid_worker)
        one, two = claim.claimants.order_by("id")
        url = self.url("support_workers", case.pk)
        for worker in (one, two):
            scan = SimpleUploadedFile("sign.txt", worker.name.encode(), "text/plain")
            client.post(url, {"claimants": [str(worker.pk)], "signed_on": "2026-03-02", "signature": scan})
        self.assertEqual(case.applicants.exclude(paper=None).count(), 2)
        self.assertContains(client.get(url), "已经申请的")
        client.post(url, {"act": "leave", "leaving": [str(two.pk)]})
        self.assertEqual([row.claimant for row in case.applicants.all()], [one])

    def test_each_asks_for_all_or_for_less_to_the_cent(self) -> None:
        claim = self.make_claim(
            person=self.grid_worker, respondents=[RespondentFacts("宏远", role="labour", credit_code=CODE)],
            claimants=[ClaimantFacts(name, lines=[LineFacts(Decimal("3000.10"), Decimal(1))]) for name in ("张三", "李四")],
        )  # fmt: skip
        case, client = verbs.begin(claim, self.grid_worker, now=NOW), self.as_(self.grid_worker)
        one, two = claim.claimants.order_by("id")
        url, both = self.url("support_workers", case.pk), {"claimants": [str(one.pk), str(two.pk)], "signed_on": "2026-03-02"}
        self.assertContains(client.post(url, {**both, f"amount_{two.pk}": "3000.11"}), "最多 3,000.10 元")
        self.assertContains(client.post(url, {**both, "claimants": [str(one.pk)], f"amount_{two.pk}": "5"}), "没有选这名劳动者")
        self.assertFalse(case.applicants.exists())
        page = client.post(url, {**both, f"amount_{two.pk}": "1,234.56"}, follow=True)
        self.assertContains(page, "请求合计 4,234.66 元")
        self.assertEqual(set(case.applicants.values_list("claimant", "amount")), {(one.pk, Decimal("3000.10")), (two.pk, Decimal("1234.56"))})
        self.assertContains(client.get(url), 'value="1234.56"')  # sent again with the signed paper, it stays

    def test_what_cannot_succeed_is_not_offered_and_the_next_thing_to_mend_is(self) -> None:
        case = verbs.begin(self.claim, self.grid_worker, now=NOW)
        page = self.as_(self.grid_worker).get(self.url("support_detail", case.pk))
        self.assertNotContains(page, self.url("support_move", case.pk, "apply"))
        self.assertEqual(page.context["page"].next_mend.url, self.url("support_workers", case.pk))
        whole = self.whole(self.claim_of_another())
        self.assertContains(self.client.get(self.url("support_detail", whole.pk)), self.url("support_move", whole.pk, "apply"))

    def claim_of_another(self) -> Claim:
        return self.make_claim(person=self.grid_worker, respondents=[RespondentFacts("宏远", role="labour", credit_code=CODE)])

    def test_the_rungs_to_come_say_that_the_opinion_climbs_and_not_the_claim(self) -> None:
        case = self.advance(self.whole(), "apply", self.grid_worker)
        page = self.as_(self.chief).get(self.url("support_detail", case.pk))
        self.assertContains(page, "意见转由上级提出")
        self.assertNotContains(page, "案件提级")


class Papers(SupportPages):
    def test_the_packet_is_offered_and_its_papers_know_what_the_case_says(self) -> None:
        case = self.at_county()
        page = self.as_(self.county).get(self.url("support_detail", case.pk))
        self.assertContains(page, f"{self.url('packet_new', self.claim.pk)}?kind=support")
        packet = self.client.get(self.url("packet_new", self.claim.pk) + "?kind=support")
        self.assertContains(packet, "不识字或者不会写诉状。不识字。")
        paper = self.client.get(self.url("paper_new", self.claim.pk, "F-16"))
        self.assertContains(paper, "不识字或者不会写诉状。不识字。")

    def test_once_handed_over_the_packet_goes_with_the_referral(self) -> None:
        case = self.at_county()
        supporting.choose(case, self.county, "procuratorate", self.procuratorate, "协助取证。", now=NOW)
        self.advance(case, "agree", self.county, opinion="同意。")
        referral = Referral.objects.get()
        address = f"{self.url('packet_new', self.claim.pk)}?kind=support&referral={referral.pk}"
        page = self.as_(self.county).get(self.url("support_detail", case.pk))
        self.assertContains(page, address.replace("&", "&amp;"))
        self.assertContains(self.client.get(address), f'<option value="{referral.pk}" selected>')
        self.client.force_login(self.auditor)
        self.assertNotContains(self.client.get(self.url("support_detail", case.pk)), "kind=support")


    def test_the_packet_goes_with_the_referral_that_is_open_and_says_which_paper_alone_asks(self) -> None:
        case = self.at_county()
        supporting.choose(case, self.county, "procuratorate", self.procuratorate, "协助取证。", now=NOW)
        self.advance(case, "agree", self.county, opinion="同意。")
        client, url = self.as_(self.county), self.url("packet_new", self.claim.pk)
        page = client.get(f"{url}?kind=support")
        self.assertEqual(page.context["form"].fields["referral"].initial, str(Referral.objects.get().pk))
        self.assertContains(page, "“授权委托书”要写的；不要这份文书的，在上面不选它。")
        self.assertNotContains(page, "“支持起诉申请书”要写的")  # what the case has told already
        self.assertEqual(client.get(f"{url}?kind=suit").context["form"].fields["referral"].initial, "")


class Chosen(SupportPages):
    def test_a_body_is_taken_back_before_it_is_handed_over(self) -> None:
        case = self.at_county()
        row = supporting.choose(case, self.county, "procuratorate", self.procuratorate, "协助取证。", now=NOW)
        self.as_(self.county).post(self.url("support_drop", case.pk, row.pk))
        self.assertFalse(case.supporters.exists())
        self.assertEqual(date(2026, 3, 2), TODAY)


class OfTheWorker(SupportPages):
    """What the worker reads without an account, at each step, in plain words."""

    def words(self) -> str:
        self.client.logout()
        self.client.cookies.clear()
        self.client.post(self.url("track"), {"number": self.claim.public_number, "secret": "0001"})
        return self.client.get(self.url("track")).content.decode()

    def test_each_step_is_told_in_plain_words_and_no_officials_name_is(self) -> None:
        case = self.whole()
        self.assertNotIn('id="support"', self.words())  # it was not handed in yet
        case = self.advance(case, "apply", self.grid_worker)
        self.assertIn("您的申请正在等乡镇（街道）提意见。", self.words())
        case = self.advance(case, "send_back", self.chief, lacking="欠条原件", complete_by=date(2026, 3, 10))
        self.assertIn("您的申请还要补材料：欠条原件", self.words())
        case = self.advance(self.advance(case, "apply", self.grid_worker), "pass_up", self.chief, opinion="情况属实。")
        supporting.choose(case, self.county, "procuratorate", self.procuratorate, "协助取证。", now=NOW)
        self.advance(case, "agree", self.county, opinion="同意。")
        said = self.words()
        for words in ("已经同意支持您起诉，材料送到：沭阳县人民检察院。", "您仍然是原告", "您随时可以不要支持起诉", "同意支持您起诉"):
            self.assertIn(words, said)
        for name in ("章镇", "冼安", "情况属实"):
            self.assertNotIn(name, said)

    def test_a_refusal_says_why_and_what_else_there_is(self) -> None:
        self.advance(self.at_county(), "refuse", self.county, reason="证据不足。")
        said = self.words()
        self.assertIn("没有同意支持起诉：证据不足。", said)
        self.assertIn("您仍然可以自己起诉", said)


class Court(SupportPages):
    def test_a_supporter_who_took_it_up_leads_to_the_filing_and_the_suit_is_shown(self) -> None:
        case = self.at_county()
        supporting.choose(case, self.county, "procuratorate", self.procuratorate, "协助取证。", now=NOW)
        case = self.advance(case, "agree", self.county, opinion="同意。")
        referral = Referral.objects.get()
        client = self.as_(self.county)
        self.assertNotContains(client.get(self.url("support_detail", case.pk)), "登记起诉")
        for move in ("receive", "accept"):
            referrals.advance(referral, move, self.partner, now=NOW)
        page = client.get(self.url("support_detail", case.pk))
        self.assertContains(page, f"?referral={referral.pk}")
        Proceeding.objects.create(
            claim=self.claim, kind="suit", opened_as="filed_direct", state="filed_direct", referral=referral, court="沭阳县人民法院", opened_by=self.county, opened_at=NOW
        )
        page = client.get(self.url("support_detail", case.pk))
        self.assertContains(page, "沭阳县人民法院")
        self.assertNotContains(page, f"?referral={referral.pk}")

    def test_legal_aid_is_offered_at_once_when_less_than_seven_days_are_left(self) -> None:
        claim = self.make_claim(person=self.grid_worker, last_working_day=TODAY - timedelta(days=361))
        case = verbs.begin(claim, self.grid_worker, now=NOW)
        self.assertContains(self.as_(self.county).get(self.url("support_detail", case.pk)), "马上申请法律援助")
        other = verbs.begin(self.claim, self.grid_worker, now=NOW)
        self.assertNotContains(self.as_(self.county).get(self.url("support_detail", other.pk)), "马上申请法律援助")


class Integrity(SupportPages):
    def found(self, name: str) -> int:
        return CHECKS[name].find(NOW).count

    def test_what_waits_without_a_day_is_found(self) -> None:
        case = self.advance(self.whole(), "apply", self.grid_worker)
        self.assertEqual(self.found("support_without_clock"), 0)
        case.claim.clocks.filter(about_id=case.pk).update(ended_on=TODAY)
        self.assertEqual(self.found("support_without_clock"), 1)

    def test_what_is_left_open_after_its_claim_is_found(self) -> None:
        self.advance(self.whole(), "apply", self.grid_worker)
        self.assertEqual(self.found("support_left_open"), 0)
        Claim.objects.filter(pk=self.claim.pk).update(stage="closed")
        self.assertEqual(self.found("support_left_open"), 1)
