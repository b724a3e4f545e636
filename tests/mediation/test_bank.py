"""A bank's file: whose each line is, what becomes of it, and files from people who mean no good. Nobody is guessed."""

from datetime import date, timedelta
from decimal import Decimal as D
from random import Random
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import SimpleTestCase
from django.urls import reverse

from arrears.identity import make_id
from arrears.intake import ClaimantFacts, LineFacts
from arrears.models import Claim, Payment
from grid.refused import Refused
from mediation.bank import taking
from mediation.bank.lines import Transfer
from mediation.bank.matching import (
    BEFORE,
    CHOOSE,
    KNOWN,
    LATER,
    MATCHED,
    TOTAL,
    TWIN,
    UNKNOWN,
    Payee,
    accounts_in,
    fate_of,
    plain_name,
)
from mediation.bank.reading import Sheets, meaning, read
from mediation.drafting import verbs
from mediation.models import Mediation
from tests.arrears.sheets import xlsx
from tests.base import NOW
from tests.mediation.test_drafts import SIGNED, told
from tests.mediation.test_pages import PageTestCase

DAY, TODAY = date(2026, 3, 5), date(2026, 3, 10)
HEAD = "收款人姓名,收款账号,身份证号,金额（元）,交易日期,摘要"


def line(name: str, **said: Any) -> Transfer:
    return Transfer(0, "", 2, name, **{"amount": D("100"), "day": DAY, "key": "k", **said})


class MatchingTest(SimpleTestCase):
    zhang, other, li = Payee("1", "张三", "0011", frozenset({"1234"})), Payee("2", "张三", "0022", frozenset({"5678"})), Payee("3", "李 四")
    turk = Payee("4", "阿不都·热合曼", "003X")

    def fate(self, transfer: Transfer, known: Any = (), by_hand: Any = ()) -> tuple[str, list[str]]:
        found = fate_of(transfer, [self.zhang, self.other, self.li, self.turk], known, by_hand, date(2026, 3, 2), TODAY)
        return found.fate, [payee.key for payee in found.able]

    def test_names_are_the_same_however_they_are_written(self) -> None:
        for one, other in (("张　三", "张三"), (" 张 三 ", "张三"), ("Ｌｉ　Ming", "li ming"), ("张\u200b三", "张三"), *((f"阿不都{dot}热合曼", "阿不都·热合曼") for dot in ("•", "・", "．", "‧", ".", "･", " · "))):
            self.assertEqual(plain_name(one), plain_name(other), one)
        self.assertNotEqual(plain_name("李四"), plain_name("李四儿"))
        self.assertEqual(self.fate(line("李四")), (MATCHED, ["3"]))
        self.assertEqual(self.fate(line("阿不都・热合曼")), (MATCHED, ["4"]))

    def test_of_several_of_one_name_the_numbers_say_who_it_is_or_a_person_does(self) -> None:
        self.assertEqual(self.fate(line("张三")), (CHOOSE, ["1", "2"]))
        self.assertEqual(self.fate(line("张三", id_tail="0022")), (MATCHED, ["2"]))
        self.assertEqual(self.fate(line("张三", account="1234")), (MATCHED, ["1"]))
        self.assertEqual(self.fate(line("张三", account="9999")), (CHOOSE, ["1", "2"]))  # a new card is nobody's yet
        self.assertEqual(self.fate(line("张三", id_tail="0099")), (CHOOSE, ["1", "2"]))

    def test_a_number_that_disagrees_and_a_masked_name_are_asked_and_a_strange_one_is_nobodys(self) -> None:
        self.assertEqual(self.fate(line("阿不都·热合曼", id_tail="0031")), (CHOOSE, ["4"]))
        self.assertEqual(self.fate(line("李*")), (CHOOSE, ["3"]))
        self.assertEqual(self.fate(line("*三")), (CHOOSE, ["1", "2"]))
        self.assertEqual(self.fate(line("王五", id_tail="0011", account="1234")), (UNKNOWN, []))  # numbers alone say nothing

    def test_days_before_and_to_come_lines_known_and_recorded_by_hand(self) -> None:
        self.assertEqual(self.fate(line("李四", day=date(2026, 3, 1)))[0], BEFORE)
        self.assertEqual(self.fate(line("李四", day=date(2026, 3, 2)))[0], MATCHED)
        self.assertEqual(self.fate(line("李四", day=TODAY + timedelta(days=1)))[0], LATER)
        self.assertEqual(self.fate(line("李四"), known={"k"})[0], KNOWN)
        self.assertEqual(self.fate(line("李四"), by_hand={("3", DAY, D("100"))}), (TWIN, ["3"]))

    def test_accounts_that_the_agreement_names_are_of_the_name_before_them(self) -> None:
        said = "张三：农行 6228 4800 0000 1234；李四，建行尾号5678，电话不写。王五现金"
        self.assertEqual(accounts_in(said, ["张三", "李四", "王五"]), {"张三": frozenset({"1234"}), "李四": frozenset({"5678"}), "王五": frozenset()})
        self.assertEqual(accounts_in("张三 1234，张三 5678", ["张三", "张三"]), {})

    def test_heads_of_banks(self) -> None:
        for head, field in (("收款人户名", "name"), ("对方 户名*", "name"), ("交易金额(元)", "amount"), ("借方发生额", "amount"), ("记账日", "day"), ("交易对手账号", "account"), ("证件号码：", "id"), ("备注", "note")):
            self.assertEqual((meaning(head) or ("",))[0], field, head)
        self.assertIsNone(meaning("金额（万元）"))
        self.assertIsNone(meaning("余额"))


class ReadingTest(SimpleTestCase):
    def read(self, data: bytes | str, name: str = "流水.csv") -> Sheets:
        return read(data.encode() if isinstance(data, str) else data, name, "claim", TODAY)

    def lines(self, *lines: str) -> list[Transfer]:
        return self.read("\n".join((HEAD, *lines))).transfers

    def refused(self, data: Any, name: str = "流水.csv") -> str:
        with self.assertRaises(Refused) as caught:
            self.read(data, name)
        return caught.exception.code

    def test_only_the_last_four_are_kept(self) -> None:
        one, = self.lines("张三,6228480000001234,32139919800101001X,3000.00,2026-03-05,工资")
        self.assertEqual((one.account, one.id_tail, one.amount, one.day), ("1234", "001X", D("3000.00"), DAY))
        self.assertNotIn("622848", str(one))

    def test_gbk_utf8_with_and_without_a_mark_and_utf16_are_read(self) -> None:
        text = f"{HEAD}\n张三,1234,,3000.00,2026-03-05,工资"
        for encoding in ("utf-8", "utf-8-sig", "gb18030", "utf-16"):
            self.assertEqual(self.read(text.encode(encoding)).transfers[0].name, "张三", encoding)

    def test_days_as_banks_write_them(self) -> None:
        for day in ("2026-03-05", "2026/3/5", "20260305", "2026年3月5日", "2026-03-05 10:23:11", "2026/03/05 10:23", "20260305102311", "46086", "46086.4327"):
            self.assertEqual(self.lines(f"张三,,,1.00,{day},")[0].day, DAY, day)

    def test_negative_sums_formulas_rubbish_and_gaps_say_so_and_are_never_sums(self) -> None:
        for amount in ("-5.00", "(5.00)", "5.00-", "=1+1", "abc", "", "0", "NaN", "1e999", "99999999999999"):
            one, = self.lines(f"张三,,,{amount},2026-03-05,")
            self.assertTrue(one.fault, amount)
            self.assertEqual(one.key, "", amount)
        self.assertTrue(self.lines("张三,,,1.00,昨天,")[0].fault)
        self.assertTrue(self.lines(",,,1.00,2026-03-05,")[0].fault)

    def test_a_total_is_no_line(self) -> None:
        *_lines, total = self.lines("张三,,,1.00,2026-03-05,", "合计,,,1.00,,")
        self.assertTrue(total.is_total)
        self.assertEqual(total.amount, D("1.00"))

    def test_two_equal_lines_are_two_and_the_same_file_again_has_the_same_keys(self) -> None:
        same = "张三,1234,,1.00,2026-03-05,工资"
        first, second = self.lines(same, same), self.lines(same, same)
        self.assertEqual(len({one.key for one in first}), 2)
        self.assertEqual([one.key for one in first], [one.key for one in second])

    def workbook(self) -> bytes:
        head = ["序号", "户名", "对方户名", "借方发生额", "贷方发生额", "交易日期", "账号", "对方账号", "身份证号"]
        rows = {
            title: [["XX银行代发明细"], head, [1, "某某劳务有限公司", name, 1500.5, None, DAY, "9999", 6228480000001234567, "321399198001010011"]]
            for title, name in (("三月", "张三"), ("四月", "李四"))
        }  # fmt: skip
        return xlsx({"说明": [["代发说明"]], **rows})

    def test_of_a_workbook_every_sheet_is_read_and_the_other_side_is_the_worker(self) -> None:
        found = self.read(self.workbook(), "明细.xlsx")
        self.assertEqual([(one.sheet, one.name, one.amount, one.day, one.id_tail) for one in found.transfers], [("三月", "张三", D("1500.50"), DAY, "0011"), ("四月", "李四", D("1500.50"), DAY, "0011")])
        self.assertEqual(found.transfers[0].account, "")  # the spreadsheet lost its last digits
        self.assertEqual(found.unread, ["说明"])

    def test_files_of_strangers_are_refused_with_a_sentence(self) -> None:
        self.assertEqual(self.refused(b"\0" * (2 * 1024 * 1024 + 1)), "file_large")
        self.assertEqual(self.refused("甲,乙\n1,2"), "no_columns")
        self.assertEqual(self.refused("\n".join((HEAD, *["张三,,,1,2026-03-05,"] * 1001))), "too_many")
        for data in (b"", b"%PDF-1.4", b"PK\x03\x04" + b"x" * 50, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, b"\x89PNG\r\n\x1a\n" + b"\0" * 40):
            self.assertIn(self.refused(data, "a.xlsx"), ("bad_file", "no_columns"), data[:8])

    def test_whatever_bytes_come_the_reader_answers_with_lines_or_a_refusal(self) -> None:
        rng = Random(3)
        for _turn in range(6):
            data = HEAD.encode() + b"\n" + bytes(rng.randrange(256) for _byte in range(200))
            try:
                self.assertLessEqual(len(self.read(data).transfers), 200)
            except Refused as refused:
                self.assertTrue(refused.message)


class BankPageTest(PageTestCase):
    """Two workers are called 张三; one more is 李四."""

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        people = [
            ClaimantFacts("张三", id_number=make_id("321322", date(1980, 1, 1), 1), lines=[LineFacts(rate=D("5000"))]), ClaimantFacts("张三", id_number=make_id("321322", date(1985, 2, 2), 2), lines=[LineFacts(rate=D("2000"))]),
            ClaimantFacts("李四", lines=[LineFacts(rate=D("1000"))]),
        ]  # fmt: skip
        claim = cls.make_handled_claim(claimants=people)
        made = cls.make_mediation("held", claim)
        cls.first, cls.second, cls.li = claim.claimants.order_by("id")
        shares = {str(one.pk): [amount, "person"] for one, amount in ((cls.first, "5000"), (cls.second, "2000"), (cls.li, "1000"))}
        verbs.keep(made, told(shares=shares), cls.mediator, now=NOW, version=0)
        verbs.sign(made, cls.mediator, now=NOW, version=1, effective_on=NOW.date(), **SIGNED)
        cls.mediation = Mediation.objects.select_related("agreement", "claim").get(pk=made.pk)

    def setUp(self) -> None:
        self.sign_in(self.county)
        self.page = reverse("payments_import", args=[self.mediation.pk])

    def file(self, *lines: str) -> SimpleUploadedFile:
        return SimpleUploadedFile("流水.csv", "\n".join((HEAD, *lines)).encode())

    def lines(self) -> list[str]:
        return [f"张三,1234,,1000.01,{DAY},工资", f"张三,,{self.second.id_masked},500.02,{DAY},工资", f"李 四,,,300.03,{DAY},", f"王五,,,9.99,{DAY},", "李四,,,7.00,2026-01-05,", "合计,,,1817.05,,"]

    def upload(self, *lines: str) -> str:
        return self.client.post(self.page, {"file": self.file(*(lines or self.lines()))}).headers["Location"]

    def test_every_line_has_its_fate_and_the_sums_are_the_sum_to_the_cent(self) -> None:
        shown = self.client.get(self.upload())
        found: taking.Preview = shown.context["found"]
        self.assertEqual([one.fate for one in found.lines], [CHOOSE, MATCHED, MATCHED, UNKNOWN, BEFORE, TOTAL])
        self.assertEqual((found.sum, found.sure_sum, found.total_differs), (D("1817.05"), D("800.05"), None))
        self.assertContains(shown, "协议里有几名劳动者同名")
        self.assertFalse(Payment.objects.exists())

    def test_reloading_loses_nothing_and_what_was_not_chosen_stays_for_later(self) -> None:
        address = self.upload()
        self.assertEqual(self.client.get(address).context["found"], self.client.get(address).context["found"])
        self.assertRedirects(self.client.post(address, {}), address)  # one is left to choose
        self.assertEqual(Claim.objects.get().paid, D("800.05"))
        self.assertRedirects(self.client.post(address, {"line-0": str(self.first.pk)}), reverse("mediation_payments", args=[self.mediation.pk]))
        self.assertEqual(Payment.objects.get(claimant=self.first).amount, D("1000.01"))
        self.client.post(address, {"line-0": str(self.second.pk)})  # sent again
        self.assertEqual(Claim.objects.get().paid, D("1800.06"))

    def test_a_choice_that_was_not_offered_is_refused_and_nothing_is_recorded(self) -> None:
        address = self.upload()
        self.assertContains(self.client.post(address, {"line-0": str(self.li.pk)}), "不在可选的人里", status_code=409)
        self.assertFalse(Payment.objects.exists())
        self.client.post(address, {"line-²": "x", "line-99": str(self.li.pk), "line-": "x"})
        self.assertEqual(Payment.objects.count(), 2)

    def test_a_kept_file_is_nobody_elses_and_a_strange_one_is_uploaded_again(self) -> None:
        address = self.upload()
        self.sign_in(self.chief)
        self.assertContains(self.client.get(address, follow=True), "已经过期")
        self.assertContains(self.client.get(f"{self.page}?file=x", follow=True), "已经过期")
        self.sign_in(self.auditor)
        self.assertEqual(self.client.post(address, {}).status_code, 409)

    def test_the_same_sum_recorded_by_hand_is_asked_about(self) -> None:
        self.client.post(reverse("mediation_payments", args=[self.mediation.pk]), {"worker": str(self.li.pk), "amount": "300.03", "paid_on": DAY.isoformat(), "method": "bank"})
        found = self.client.get(self.upload(self.lines()[2])).context["found"]
        self.assertEqual([one.fate for one in found.lines], [TWIN])

    def test_the_api_uploads_shows_and_confirms_once(self) -> None:
        path = f"/api/v1/mediations/{self.mediation.pk}/bank-files/"
        came = self.client.post(path, {"file": self.file(*self.lines())})
        self.assertEqual((came.status_code, came.json()["sum"]), (201, "1817.05"))
        file = came.json()["file"]
        self.assertEqual(self.client.get(f"{path}{file}/").json()["lines"], came.json()["lines"])
        self.assertEqual([row["worker"] for row in came.json()["lines"][0]["able"]], [str(self.first.pk), str(self.second.pk)])
        confirm = lambda **choices: self.client.post(f"{path}{file}/confirm/", {"choices": choices}, content_type="application/json")  # noqa: E731
        self.assertEqual(confirm(**{"0": str(self.li.pk)}).json()["code"], "bad_choice")
        self.assertEqual(confirm(**{"x": str(self.li.pk)}).status_code, 400)
        self.assertEqual([confirm(**{"0": str(self.first.pk)}).json()["recorded"] for _turn in range(2)], [3, 0])
        self.assertEqual(Claim.objects.get().paid, D("1800.06"))
        self.assertEqual(self.client.post(path, {}).status_code, 400)
        self.assertEqual(self.client.post(path, {"file": SimpleUploadedFile("a.csv", b"a,b\n1,2")}).json()["code"], "no_columns")
        self.sign_in(self.chief)
        self.assertEqual(self.client.get(f"{path}{file}/").status_code, 404)
        self.sign_in(self.county_b)
        self.assertEqual(self.client.post(path, {"file": self.file()}).status_code, 404)
        self.sign_in(self.auditor)
        self.assertEqual(self.client.post(path, {"file": self.file()}).json()["code"], "not_your_role")
