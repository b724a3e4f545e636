"""The conditions of support to sue, as a lawyer reads them: each one met, and each one missing. No database."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import TestCase

from arrears.rules.tables import BadRules
from arrears.support.table import (
    CONDITIONS,
    PRACTICE,
    REASONS,
    SUPPORTERS,
    TABLE,
    WAYS,
    Given,
    check,
    missing,
    needs_city,
    read_practice,
)

WHOLE = Given(
    applying=2, signed=2, amount=Decimal("8000"), lines=2, legal_name="宿迁宏远劳务有限公司", number=True, papers=("工资欠条或结算单",),
    reasons=("literacy",), why="不识字，不会写诉状。", mediated_on=date(2026, 2, 20), mediated="对方没有到场。",
)  # fmt: skip


def but(**changes: object) -> Given:
    return Given(**{**{name: getattr(WHOLE, name) for name in WHOLE.__dataclass_fields__}, **changes})


class Conditions(TestCase):
    def test_who_has_everything_lacks_nothing(self) -> None:
        self.assertEqual(missing(WHOLE), [])
        self.assertEqual([one.condition.id for one in check(WHOLE)], ["voluntary", "claim", "respondent", "evidence", "cannot_sue", "mediation"])

    def test_each_condition_is_missed_by_itself_and_said_in_a_sentence(self) -> None:
        for changes, condition, sentence in (
            ({"applying": 0, "signed": 0}, "voluntary", "还没有选出申请的劳动者。"),
            ({"signed": 1}, "voluntary", "2 人申请，1 人还没有签字的申请书。"),
            ({"lines": 0}, "claim", "还没有写清要多少工资。"),
            ({"amount": Decimal(0)}, "claim", "还没有写清要多少工资。"),
            ({"legal_name": "", "aliases": "老王"}, "respondent", "只知道“老王”，还不知道真实姓名或者名称。"),
            ({"number": False}, "respondent", "宿迁宏远劳务有限公司没有信用代码或者身份证号，请补登，或者说明凭什么能认定是他。"),
            ({"papers": ()}, "evidence", "案卷里还没有能证明干活或者欠钱的材料。"),
            ({"reasons": ()}, "cannot_sue", "还没有写明为什么本人难以单独起诉。"),
            ({"reasons": ("left_the_table",)}, "cannot_sue", "还没有写明为什么本人难以单独起诉。"),
            ({"why": "  "}, "cannot_sue", "还没有写明为什么本人难以单独起诉。"),
            ({"mediated_on": None}, "mediation", "还没有登记调解的日期和结果，也没有说明为什么不调解。"),
            ({"mediated": ""}, "mediation", "还没有登记调解的日期和结果，也没有说明为什么不调解。"),
        ):  # fmt: skip
            found = missing(but(**changes))
            self.assertEqual([(one.condition.id, one.says.text()) for one in found], [(condition, sentence)], changes)

    def test_what_somebody_says_takes_the_place_of_what_the_record_shows(self) -> None:
        told = {one.condition.id: one for one in check(but(number=False, told_apart="住在陇集镇三组，电话已核实。", mediated_on=None, why_not_mediated="对方失联。"))}
        self.assertEqual((told["respondent"].is_met, told["respondent"].by_itself), (True, False))
        self.assertEqual((told["mediation"].is_met, told["mediation"].says.text()), (True, "没有调解：对方失联。"))

    def test_what_the_record_shows_is_ticked_by_itself_and_says_from_where(self) -> None:
        told = {one.condition.id: one for one in check(but(mediated_known=True))}
        for condition, says in (
            ("voluntary", "签字的申请书在案：2 人。"), ("claim", "工资明细 2 笔，共 8,000.00 元。"),
            ("respondent", "宿迁宏远劳务有限公司，信用代码或者身份证号在案。"), ("evidence", "在案：工资欠条或结算单"),
            ("mediation", "2026-02-20 调解：对方没有到场。"),
        ):  # fmt: skip
            self.assertEqual((told[condition].by_itself, told[condition].says.text()), (True, says))
        self.assertFalse(told["cannot_sue"].by_itself)  # nobody can read that from a file


class Table(TestCase):
    def test_every_supporter_has_the_article_it_stands_on(self) -> None:
        self.assertEqual(
            {row.id: row.citation() for row in SUPPORTERS.values() if row.id in ("hrss", "procuratorate", "union", "union_contract", "organ")},
            {
                "hrss": "民事诉讼法 第十五条", "procuratorate": "民事诉讼法 第十五条", "organ": "民事诉讼法 第十五条",
                "union": "工会法 第二十二条", "union_contract": "劳动合同法 第七十八条",
            },
        )  # fmt: skip
        self.assertIn("第四十二条第三项", SUPPORTERS["legal_aid"].article)
        self.assertEqual(SUPPORTERS["legal_aid"].kind, "legal_aid")

    def test_only_accounts_houses_and_vehicles_need_the_city(self) -> None:
        self.assertEqual([row.id for row in WAYS.values() if row.needs_city], ["bank"])
        self.assertEqual((WAYS["bank"].citation(), WAYS["police"].citation()), ("保障农民工工资支付条例 第四十条", "保障农民工工资支付条例 第四十一条"))

    def test_what_nobody_checked_is_said_to_be_so(self) -> None:
        self.assertFalse(PRACTICE["city_people"].verified)
        self.assertFalse(REASONS["age"].verified)
        self.assertTrue(CONDITIONS["respondent"].verified)

    def test_from_thirty_people_or_half_a_million_the_city_gives_its_opinion(self) -> None:
        for workers, amount, needed in ((29, "499999.99", False), (30, "1", True), (1, "500000", True), (1, "1", False)):
            self.assertEqual(needs_city(workers, Decimal(amount)), needed, (workers, amount))

    def test_an_installation_changes_the_limits(self) -> None:
        with TemporaryDirectory() as folder:
            own = Path(folder) / "own.toml"
            own.write_text('[practice.city_people]\nvalue = "10"\n', encoding="utf-8")
            practice = read_practice(TABLE, own)
            self.assertEqual((needs_city(10, Decimal(1), practice), needs_city(9, Decimal(1), practice)), (True, False))
            for wrong in ("十人", "0", "-1"):
                own.write_text(f'[practice.city_people]\nvalue = "{wrong}"\n', encoding="utf-8")
                with self.assertRaises(BadRules):
                    read_practice(TABLE, own)
