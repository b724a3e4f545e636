"""The API takes a wage sheet as the pages do: upload, errors per cell, corrections, one claim."""

from typing import Any
from unittest.mock import patch
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from arrears.identity import mask_id
from arrears.models import Claim, IntakeDraft
from arrears.tasks import register_sheets
from grid.ids import uuid7
from grid.models import Person
from tests.arrears import messy
from tests.arrears.sheets import xlsx
from tests.arrears.test_wage_sheets import HEAD, SheetTestCase
from tests.base import TODAY

ADDRESS = "/api/v1/wage-sheets/"
CASE = {
    "region": "321322101", "received_on": TODAY.isoformat(), "site_name": "翰林雅苑二期", "story": "完工后未付工资。",
    "respondents": [{"legal_name": "宿迁宏远劳务有限公司", "role": "labour"}],
}  # fmt: skip


class SheetApiTest(SheetTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.api = self.client_of(self.grid_worker)

    def client_of(self, person: Person) -> APIClient:
        client = APIClient()
        client.force_authenticate(person)
        return client

    def begun(self, *rows: list[Any]) -> str:
        pk = self.api.post(ADDRESS, CASE, format="json").json()["id"]
        if rows:
            self.assertEqual(self.put_file(pk, xlsx({"工资表": [HEAD, *rows]})).status_code, 200)
        return pk

    def put_file(self, pk: str, data: bytes, name: str = "工资表.xlsx") -> Any:
        return self.api.put(f"{ADDRESS}{pk}/file/", {"file": SimpleUploadedFile(name, data)}, format="multipart")

    def get(self, pk: str, way: str = "") -> Any:
        answer = self.api.get(f"{ADDRESS}{pk}/{way}")
        self.assertEqual(answer.status_code, 200, answer.content)
        return answer.json()

    def patch(self, pk: str, **said: Any) -> Any:
        return self.api.patch(f"{ADDRESS}{pk}/lines/", said, format="json")

    def register(self, pk: str) -> Any:
        return self.api.post(f"{ADDRESS}{pk}/register/", {"consent": True}, format="json")

    def test_a_messy_sheet_of_eighty_becomes_one_claim_once_two_cells_are_put_right(self) -> None:
        pk = self.begun()
        self.assertEqual(self.get(pk)["state"], "empty")
        told = self.put_file(pk, messy.workbook()).json()
        self.assertEqual((told["state"], told["people"], told["counts"]["wrong"]), ("wrong", 78, 2))
        wrong = self.get(pk, "lines/")["results"]
        self.assertEqual([(line["line"], {one["field"] for one in line["errors"]}) for line in wrong], [("0-11", {"phone"}), ("0-38", {"due", "owed"})])
        self.assertIn("科学记数", wrong[0]["errors"][0]["message"])
        self.assertEqual(self.register(pk).json()["code"], "unready")
        fixes = {"0-11": {"phone": messy.phone_of(messy.LOST_PHONE)}, "0-38": {"due": "陆仟元整", "owed": "5000"}}
        told = self.patch(pk, fixes=fixes).json()
        self.assertEqual((told["state"], told["people"], told["total"]), ("ready", 80, "400000.00"))
        answer = self.register(pk)
        claim = Claim.objects.get()
        self.assertEqual((answer.status_code, answer.json()["id"], answer.json()["worker_count"]), (201, str(claim.pk), 80))
        self.assertEqual((claim.claimed, claim.evidence.get().kind, claim.site.name), (400_000, "wage_sheet", "翰林雅苑二期"))
        self.assertTrue(claim.events.filter(kind="register", facts__has_key="privacy_notice").exists())
        self.assertEqual(self.get(pk), {"id": pk, "state": "registered", "claim": str(claim.pk), "number": claim.number, "public_number": claim.public_number})
        self.assertEqual(self.register(pk).json()["id"], str(claim.pk))
        self.assertEqual(Claim.objects.count(), 1)

    def test_sent_twice_under_one_id_it_is_one_sheet(self) -> None:
        pk = str(uuid7())
        for _time in range(2):
            self.assertEqual(self.api.post(ADDRESS, {**CASE, "id": pk}, format="json").json(), {"id": pk, "state": "empty"})
        self.assertEqual(IntakeDraft.objects.get().pk, UUID(pk))
        other = self.client_of(self.chief).post(ADDRESS, {**CASE, "id": pk}, format="json")
        self.assertEqual((other.status_code, other.json()["code"]), (409, "id_taken"))

    def test_for_everybody_else_it_is_not_there(self) -> None:
        pk = self.begun(["张三", "", "", 3000, 0])
        client = self.client_of(self.chief)
        for way in ("", "lines/"):
            self.assertEqual(client.get(f"{ADDRESS}{pk}/{way}").status_code, 404)
        self.assertEqual(client.patch(f"{ADDRESS}{pk}/lines/", {}, format="json").status_code, 404)
        self.assertEqual(client.put(f"{ADDRESS}{pk}/columns/", {"tables": {}, "fields": {}}, format="json").status_code, 404)
        self.assertEqual(client.put(f"{ADDRESS}{pk}/file/", {"text": "x"}, format="multipart").status_code, 404)
        self.assertEqual(client.post(f"{ADDRESS}{pk}/register/", {"consent": True}, format="json").status_code, 404)
        self.assertEqual(client.delete(f"{ADDRESS}{pk}/").status_code, 404)
        self.assertEqual(self.api.get(f"{ADDRESS}no-id/").status_code, 404)

    def test_who_may_not_register_claims_may_not_begin_one(self) -> None:
        answer = self.client_of(self.auditor).post(ADDRESS, CASE, format="json")
        self.assertEqual((answer.status_code, answer.json()["code"]), (409, "not_your_role"))

    def test_what_is_wrong_with_the_case_is_said_by_field(self) -> None:
        for changes, field in (({"region": "321323101"}, "region"), ({"respondents": []}, "respondents"), ({"received_on": "gestern"}, "received_on")):
            answer = self.api.post(ADDRESS, {**CASE, **changes}, format="json")
            self.assertEqual(answer.status_code, 400, field)
            self.assertIn(field, answer.json())
        self.assertFalse(IntakeDraft.objects.exists())

    def test_a_bad_file_is_refused_and_the_one_before_stays(self) -> None:
        pk = self.begun(["张三", "", "", 3000, 0])
        answer = self.put_file(pk, b"%PDF-1.7 x", "x.xlsx")
        self.assertEqual((answer.status_code, answer.json()["code"]), (409, "sheet_unreadable"))
        self.assertEqual(self.api.put(f"{ADDRESS}{pk}/file/", {}, format="multipart").status_code, 400)
        self.assertEqual(self.get(pk)["total"], "3000.00")

    def test_id_numbers_are_masked_but_for_the_one_to_correct(self) -> None:
        right, wrong = messy.id_of(1), messy.id_of(2)[:-1] + ("0" if messy.id_of(2)[-1] != "0" else "1")
        pk = self.begun(["张三", right, "", 3000, 0], ["李四", wrong, "", 3000, 0])
        self.assertEqual(self.get(pk, "lines/?show=all")["results"][0]["cells"]["id_number"], mask_id(right))
        self.assertEqual(self.get(pk, "lines/")["results"][0]["cells"]["id_number"], wrong)

    def test_columns_are_said_and_what_is_wrong_with_them_too(self) -> None:
        pk = self.begun()
        told = self.put_file(pk, xlsx({"表": [["甲", "乙"], ["张三丰", 3000], ["李四", 4000]]})).json()
        self.assertEqual((told["state"], told["lacks"][0]["code"]), ("columns", "name"))
        self.assertEqual(told["columns"]["heads"]["0"], ["#1", "#2"])
        said = {"tables": {"0": {"line": 1, "period": "2025年12月"}}, "fields": {"甲": "name", "乙": "name"}}
        answer = self.api.put(f"{ADDRESS}{pk}/columns/", said, format="json")
        self.assertEqual(answer.status_code, 400)
        self.assertIn("有两列都选成了", answer.json()["fields"][1])
        said["fields"]["乙"] = "owed"
        told = self.api.put(f"{ADDRESS}{pk}/columns/", said, format="json").json()
        self.assertEqual((told["state"], told["people"], told["total"]), ("ready", 2, "7000.00"))

    def test_lines_are_left_out_with_a_reason_and_come_back(self) -> None:
        pk = self.begun(["张三", "", "", 3000, 0], ["李四", "", "", "不知道多少", 0])
        self.assertEqual(self.patch(pk, left={"0-3": "上月已登记"}).json()["state"], "ready")
        self.assertEqual(self.get(pk, "lines/?show=left")["results"][0]["left_because"], "上月已登记")
        self.assertEqual(self.patch(pk, back=["0-3"]).json()["state"], "wrong")
        for said in ({"left": {"0-99": "x"}}, {"fixes": {"0-2": {"shoe": "44"}}}, {"back": ["x"]}, {"fixes": {"0-2": {"due": "x" * 300}}}):
            self.assertEqual(self.patch(pk, **said).status_code, 400, said)

    def test_a_long_sheet_is_registered_by_the_task(self) -> None:
        pk = self.begun(*[[messy.name_of(i), messy.id_of(i), "", 3000, 0] for i in range(12)])
        with patch("arrears.sheet_registering.LONG_FROM", 10), patch("arrears.api.sheets.register_sheets.delay"):
            answers = [self.register(pk) for _time in range(2)]
        self.assertEqual([(answer.status_code, answer.json()["state"]) for answer in answers], [(202, "under_way")] * 2)
        self.assertEqual(self.patch(pk, fixes={"0-2": {"due": "1"}}).json()["code"], "under_way")
        self.assertEqual(self.api.delete(f"{ADDRESS}{pk}/").json()["code"], "under_way")
        register_sheets()
        self.assertEqual(self.get(pk)["claim"], str(Claim.objects.get().pk))

    def test_a_sheet_that_is_given_up_is_gone(self) -> None:
        pk = self.begun(["张三", "", "", 3000, 0])
        self.assertEqual(self.api.delete(f"{ADDRESS}{pk}/").status_code, 204)
        self.assertEqual(self.api.get(f"{ADDRESS}{pk}/").status_code, 404)

    def test_what_the_api_began_the_page_goes_on_with(self) -> None:
        pk = self.begun(["张三", "", "", 3000, 0])
        self.assertContains(self.page(UUID(pk)), "¥3,000.00")
        self.assertContains(self.client.get(self.check(UUID(pk))), "翰林雅苑二期")
