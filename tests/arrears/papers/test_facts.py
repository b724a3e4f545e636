"""What papers can say of a claim: everything, once, to the cent, and nothing that is not in the catalogue."""

from collections.abc import Iterator
from decimal import Decimal as D

from django.db import connection
from django.test.utils import CaptureQueriesContext

from arrears import casework
from arrears.intake import RespondentFacts
from arrears.models import Claim, Event
from arrears.papers.facts import facts_for
from arrears.papers.fields import CATALOGUE, LIST
from arrears.papers.forms import FORMS
from arrears.papers.numbers import open_numbers
from arrears.papers.record import Record
from arrears.situation.recording import Said, state_facts
from arrears.telling import tell
from grid.models import AccessLog
from grid.refused import Refused
from tests.arrears.papers.scenes import FOREMAN, GENERAL, LABOUR, OWNER, PapersTestCase, answers_of, number_of
from tests.base import NOW, TODAY


def facts_of(claim: Claim, form: str = "F-15", **options) -> dict:
    answers = options.pop("answers", None)
    return facts_for(FORMS[form], claim, today=TODAY, answers=answers_of(form) if answers is None else answers, **options)


def paths(value, at: str = "") -> Iterator[tuple[str, object]]:
    """Each field and what stands in it; of a list the fields of its rows."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from paths(inner, f"{at}.{name}" if at else name)
    elif isinstance(value, list):
        yield at, value
        for row in value:
            if isinstance(row, dict):
                yield from paths(row, at)
    else:
        yield at, value


class CatalogueTest(PapersTestCase):
    def test_the_catalogue_is_what_the_facts_deliver(self) -> None:
        delivered = {path for path, _value in paths(facts_of(self.one))}
        delivered |= {path for path, _value in paths(facts_of(self.group(), "F-08"))}
        known = {path for path in CATALOGUE if not path.startswith(("卷宗.目录.", "协议.履行.", "协议.各人.", "程序.列表.", "程序.生效文书.按人.", "笔录.行.", "笔录.签名.", "支持起诉."))}  # rows of the packet, of tests/mediation, test_proceeding_workers and test_support_papers
        self.assertEqual({path for path in delivered if not path.startswith("支持起诉.")} - known, set())
        self.assertEqual(known - delivered, set())

    def test_what_is_a_list_is_called_a_list(self) -> None:
        for path, value in paths(facts_of(self.one)):
            if isinstance(value, list):
                self.assertEqual(CATALOGUE[path].kind, LIST, path)

    def test_every_field_has_a_meaning_in_both_languages(self) -> None:
        self.assertEqual([path for path, field in CATALOGUE.items() if not field.meaning or not field.meaning_en], [])


class MoneyTest(PapersTestCase):
    def test_the_lines_add_up_to_the_cent(self) -> None:
        wages = facts_of(self.one)["工资"]
        self.assertEqual([(row["数量"], row["单价"], row["应付"], row["已付"], row["欠付"]) for row in wages["明细"]], [
            (D("21.50"), D("200.00"), D("4300.00"), D("1000.00"), D("3300.00")), (D("1.00"), D("4301.10"), D("4301.10"), D("0.00"), D("4301.10")),
        ])  # fmt: skip
        self.assertEqual((wages["应付合计"], wages["已付合计"], wages["欠付合计"]), (D("8601.10"), D("1000.00"), D("7601.10")))

    def test_eighty_workers_add_up_and_each_stands_once(self) -> None:
        facts = facts_of(self.make_full(80))
        people = facts["全部申请人"]
        self.assertEqual((len(people), len({row["姓名"] + row["电话"] for row in people})), (80, 80))
        # 80 × (3,300 + 4,300.10) + the sum of 1 to 80
        self.assertEqual(facts["工资"]["欠付合计"], D("611248.00"))
        self.assertEqual(sum(row["欠付"] for row in people), D("611248.00"))
        self.assertEqual(sum(row["欠付"] for row in facts["工资"]["明细"]), D("611248.00"))
        self.assertEqual((facts["申请人"]["称谓"], facts["申请人"]["人数"]), ("钱建国等80人", 80))

    def test_what_came_since_is_taken_off_what_is_asked(self) -> None:
        casework.advance(self.one, "record_payment", self.chief, now=NOW, amount=D("1000"), paid_on=TODAY, method="bank", note="")
        amounts = facts_of(self.one)["金额"]
        self.assertEqual((amounts["主张"], amounts["立案后已付"], amounts["请求"]), (D("7601.10"), D("1000.00"), D("6601.10")))

    def test_the_office_goes_by_what_it_verified_the_worker_by_what_he_claims(self) -> None:
        casework.advance(self.one, "verify", self.chief, now=NOW, verified_amount=D("7000"), basis="工资表")
        amounts = facts_of(self.one)["金额"]
        self.assertEqual((amounts["核定"], amounts["认定"], amounts["请求"]), (D("7000.00"), D("7000.00"), D("7601.10")))

    def test_of_several_each_ones_own_paper_asks_for_his_own_wages(self) -> None:
        claim = self.make_full(3)
        worker = claim.claimants.get(name="孙建国")
        facts = facts_of(claim, "L-02", worker=worker)
        self.assertEqual((facts["申请人"]["姓名"], facts["申请人"]["称谓"], facts["申请人"]["多人"]), ("孙建国", "孙建国", False))
        self.assertEqual((facts["金额"]["请求"], len(facts["申请人"]["明细"])), (D("7602.10"), 2))

    def test_additional_compensation_of_each_worker_adds_up(self) -> None:
        facts = facts_of(self.make_full(3), "F-08", answers=answers_of("F-08", rate="50"))
        # 7,601.10 · 7,602.10 · 7,603.10, half of each
        self.assertEqual([row["加付"] for row in facts["加付"]["按人"]], [D("3800.55"), D("3801.05"), D("3801.55")])
        self.assertEqual(facts["加付"]["合计"], D("11403.15"))

    def test_another_verified_sum_is_divided_in_the_proportion_of_the_lines_to_the_cent(self) -> None:
        claim = self.make_full(3)
        casework.advance(claim, "verify", self.chief, now=NOW, verified_amount=D("20000"), basis="工资表")
        extra = facts_of(claim, "F-08", answers=answers_of("F-08", rate="60"))["加付"]
        self.assertEqual((extra["基数"], extra["合计"], extra["按比例"]), (D("20000.00"), D("12000.00"), True))
        # 20,000 × 7,601.10 / 22,806.30 = 6,665.789…, 7,602.10 → 6,666.666…, 7,603.10 → 6,667.543…: the two cents left go to .9 and .7
        self.assertEqual([row["欠付"] for row in extra["按人"]], [D("6665.79"), D("6666.67"), D("6667.54")])
        self.assertEqual(sum(row["加付"] for row in extra["按人"]), D("12000.00"))
        plain = facts_of(self.make_full(3), "F-08", answers=answers_of("F-08", rate="60"))["加付"]
        self.assertFalse(plain["按比例"])

    def test_what_was_paid_since_is_not_split_by_guess(self) -> None:
        claim = self.make_full(3)
        casework.advance(claim, "verify", self.chief, now=NOW, verified_amount=D("20000"), basis="工资表")
        casework.advance(claim, "record_payment", self.chief, now=NOW, amount=D("5000"), paid_on=TODAY, method="bank", note="")
        extra = facts_of(claim, "F-08", answers=answers_of("F-08", rate="60"))["加付"]
        self.assertEqual((extra["按人"], extra["基数"], extra["合计"], extra["按比例"]), ([], D("15000.00"), D("9000.00"), False))


class PartiesTest(PapersTestCase):
    def test_who_must_pay_stands_in_order_with_article_duty_and_cap(self) -> None:
        found = [(row["名称"], row["责任"], row["条文"], row["限额"]) for row in facts_of(self.one)["责任人"]]
        self.assertEqual(found[0][:2], (LABOUR, "直接支付"))
        self.assertIn((GENERAL, "先行清偿"), [row[:2] for row in found])
        self.assertIn((OWNER, "先行垫付", "《保障农民工工资支付条例》第二十九条第二款", D("50000.00")), found)

    def test_the_other_side_are_those_who_must_pay_first_things_first(self) -> None:
        facts = facts_of(self.one)
        self.assertEqual([row["名称"] for row in facts["全部被申请人"]][0], LABOUR)
        self.assertEqual([row["名称"] for row in facts["全部被申请人"]], [LABOUR, GENERAL, OWNER])
        self.assertEqual((facts["副本份数"], facts["被申请人"]["名称"]), (3, LABOUR))
        # nobody can be sued under a nickname; whoever it is has to be found first
        self.assertEqual([row["名称"] for row in facts["其他单位"]], [f"{FOREMAN}（真实姓名待查明）"])

    def test_while_nobody_has_a_name_the_nickname_stands_there_and_is_to_be_found(self) -> None:
        claim = self.make_claim(respondents=[RespondentFacts(aliases=FOREMAN, role="foreman")])
        self.assertEqual(facts_of(claim)["全部被申请人"][0]["名称"], f"{FOREMAN}（真实姓名待查明）")

    def test_an_article_that_nobody_checked_is_not_cited(self) -> None:
        self.one.respondents.filter(role="foreman").update(legal_name="周大勇")
        foreman = facts_of(self.one)["责任人"][-1]
        self.assertEqual((foreman["名称"], foreman["责任"], foreman["条文"], foreman["未核实"]), ("周大勇", "按约定支付", "", True))
        self.assertEqual(facts_of(self.one)["请求"][-1]["内容"], "周大勇对第一项所列工资按约定支付")

    def test_who_does_not_have_to_pay_is_named_apart(self) -> None:
        state_facts(self.one, self.chief, Said(["construction"]), now=NOW)
        facts = facts_of(self.one)
        self.assertEqual([row["角色"] for row in facts["其他单位"]], ["包工头", "建设单位"])
        self.assertNotIn("建设单位", [row["角色"] for row in facts["全部被申请人"]])

    def test_a_paper_goes_to_the_party_that_was_chosen(self) -> None:
        chosen = self.one.respondents.get(role="general")
        facts = facts_of(self.one, "F-05", answers=answers_of("F-05", party=str(chosen.pk)))
        self.assertEqual((facts["被申请人"]["名称"], facts["被申请人"]["负责人"]), (GENERAL, "李总"))

    def test_the_first_request_names_the_sum_the_others_who_answers_for_it(self) -> None:
        points = [row["内容"] for row in facts_of(self.one)["请求"]]
        self.assertEqual(points[0], f"{LABOUR}支付拖欠钱建国的工资共计7,601.10元（大写：人民币柒仟陆佰零壹元壹角）")
        self.assertIn(f"{OWNER}对第一项所列工资先行垫付，以未结清的工程款50,000.00元为限（《保障农民工工资支付条例》第二十九条第二款）", points)
        self.assertEqual(facts_of(self.one, answers={"more_requests": "1. 支付经济补偿\n2、补缴社会保险费。"})["请求"][-1], {"序": "五", "内容": "补缴社会保险费"})

    def test_in_a_preview_numbers_are_masked_and_when_issued_they_tell_sex_and_age(self) -> None:
        worker = self.one.claimants.get()
        masked = facts_of(self.one)["申请人"]
        self.assertEqual((masked["身份证号"], masked["性别"]), (worker.id_masked, "＊＊"))
        self.assertNotIn(number_of(1), str(facts_of(self.one)))
        whole = facts_of(self.one, numbers={worker.pk: number_of(1)})["申请人"]
        self.assertEqual((whole["身份证号"], whole["性别"], whole["年龄"], whole["出生日期"]), (number_of(1), "男", 55, "1971年2月2日"))

    def test_a_worker_without_a_number_is_unknown_not_hidden(self) -> None:
        claim = self.make_claim()
        self.assertEqual([facts_of(claim)["申请人"][name] for name in ("身份证号", "性别", "年龄")], ["", "", None])


class MediationTest(PapersTestCase):
    def test_nobody_tried_and_nothing_was_agreed(self) -> None:
        facts = facts_of(self.one)
        self.assertEqual((facts["调解"]["有"], facts["调解"]["经过"], facts["协议"]["有"], facts["协议"]["编号"]), (False, "", False, ""))
        self.assertEqual(facts["协议"]["调解组织"], "陇集镇劳动争议调解中心")


class CaseTest(PapersTestCase):
    def test_papers_go_to_the_registered_body_else_to_what_it_is_usually_called(self) -> None:
        self.assertEqual(facts_of(self.one)["受理机关"], "沭阳县人民法院")
        self.assertEqual(facts_of(self.one, "F-09")["受理机关"], "沭阳县劳动人事争议仲裁委员会")
        self.assertEqual(facts_of(self.one, "F-09", answers={"to_body": "宿迁市劳动人事争议仲裁院"})["受理机关"], "宿迁市劳动人事争议仲裁院")

    def test_evidence_says_what_it_proves_and_what_the_employer_keeps_back(self) -> None:
        facts = facts_of(self.one)
        self.assertEqual([(row["名称"], row["证明"]) for row in facts["证据"]][0], ("工资欠条", "拖欠工资的事实和数额"))
        self.assertEqual([(row["材料"], row["单位"], row["情况"]) for row in facts["未提供"]], [("工资表或者工资条", LABOUR, "逾期未提供")])

    def test_answers_stand_under_their_chinese_names(self) -> None:
        said = facts_of(self.one, "F-04")["填写"]
        self.assertEqual((said["开始时间"], said["询问内容"], said["录音录像编号"]), ("2026年3月2日10时00分", ["你在哪个工地干活？", "谁招你来的？"], "陇集镇人民路1号"))
        self.assertEqual(said["责令事项"], "")

    def test_as_many_queries_for_three_workers_as_for_thirty(self) -> None:
        few, more = self.make_full(3), self.make_full(30)
        counts = []
        for claim in (few, more):
            with CaptureQueriesContext(connection, ) as queries:
                facts_of(claim)
            counts.append(len(queries))
        self.assertEqual(counts[0], counts[1])
        self.assertLess(counts[1], 30)

    def test_the_papers_of_a_packet_read_the_claim_once(self) -> None:
        record = Record(self.one, TODAY)
        facts_of(self.one, record=record)
        with self.assertNumQueries(0):
            facts_of(self.one, "F-16", record=record)


class NumbersTest(PapersTestCase):
    def test_whole_numbers_are_opened_once_for_all_and_that_is_on_record(self) -> None:
        claim = self.make_full(3)
        numbers = open_numbers(claim, [FORMS["F-15"], FORMS["F-05"]], self.chief, now=NOW)
        self.assertEqual(sorted(numbers.values()), sorted(number_of(place) for place in (1, 2, 3)))
        log = AccessLog.objects.get(act="reveal")
        self.assertEqual((log.person, log.subject, str(log.subject_id), log.reason), (self.chief, "claim", str(claim.pk), "制作文书：民事起诉状（追索劳动报酬）"))
        told = tell(Event.objects.get(kind="id_numbers_used")).title
        self.assertEqual(told, "制作民事起诉状（追索劳动报酬），写入 3 名劳动者的完整身份证号")

    def test_of_one_workers_paper_only_his_and_of_a_paper_without_them_none(self) -> None:
        claim = self.make_full(3)
        worker = claim.claimants.get(name="孙建国")
        self.assertEqual(open_numbers(claim, [FORMS["L-02"]], self.chief, now=NOW, worker=worker), {worker.pk: number_of(2)})
        self.assertEqual(open_numbers(claim, [FORMS["F-05"]], self.chief, now=NOW), {})
        self.assertEqual(AccessLog.objects.filter(act="reveal").count(), 1)

    def test_who_has_no_post_at_the_claim_opens_nothing(self) -> None:
        with self.assertRaises(Refused):
            open_numbers(self.one, [FORMS["F-15"]], self.county_b, now=NOW)
        self.assertFalse(AccessLog.objects.filter(act="reveal").exists())
