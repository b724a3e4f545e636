"""The pages of the room, as a browser without JavaScript uses them, and what the script of the minutes asks for."""

import re
from datetime import timedelta
from typing import Any
from unittest import mock

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from arrears.intake import ClaimantFacts
from mediation.models import Hearing, HearingLink, HearingRecord, Minutes, MinutesSignature, Presence
from mediation.room import verbs
from tests.base import NOW
from tests.mediation.room_base import NOTES, RoomTestCase, glass


class RoomPagesTest(RoomTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.hearing = self.open_room()
        self.client.force_login(self.mediator)

    def url(self, name: str, *args: Any) -> str:
        return reverse(name, args=[self.hearing.pk, *args])

    def post(self, name: str, /, *args: Any, **data: Any) -> Any:
        return self.client.post(self.url(name, *args), data)

    def test_a_hearing_goes_from_the_door_to_the_signatures(self) -> None:
        page = self.client.get(self.url("hearing_room"))
        self.assertContains(page, "还不能开始")
        self.post("hearing_present", who="mediator")
        self.post("hearing_present", who=self.door(self.hearing, "worker").pk, state="came", by="self", paper="id_card", last_four="123X")
        self.post("hearing_present", who=self.door(self.hearing, "respondent").pk, state="late", by="legal", stands_in="王经理")
        self.post("hearing_present", who="other", capacity="observer", name="刘督办")
        self.assertContains(self.client.get(self.url("hearing_room")), "双方都在，可以开始")
        self.post("hearing_rights")
        answer = self.post("hearing_notes", version=0, close="1", **NOTES)
        self.assertRedirects(answer, self.url("hearing_minutes", 1))
        self.assertContains(self.client.get(self.url("hearing_minutes", 1)), Minutes.objects.get().sha256)
        worker = Presence.objects.get(capacity="worker")
        shown = self.client.get(self.url("hearing_sign", worker.pk))
        self.assertContains(shown, Minutes.objects.get().sha256)
        answer = self.post("hearing_sign", worker.pk, seen=Minutes.objects.get().sha256, signature=glass())
        self.assertRedirects(answer, self.url("hearing_room") + "#sign", fetch_redirect_response=False)
        self.assertEqual(MinutesSignature.objects.get().name, "李建国")
        firm = Presence.objects.get(capacity="respondent")
        self.post("hearing_sign", firm.pk, seen=Minutes.objects.get().sha256, because="不认金额", witness="村委张")
        self.assertContains(self.client.get(self.url("hearing_room")), "不认金额")
        result = self.client.get(reverse("mediation_move", args=[self.hearing.mediation_id, "hold"]))
        self.assertContains(result, "达成协议，分两期支付。")  # nobody types it twice

    def test_a_link_is_made_once_however_often_the_page_is_loaded_and_is_gone_after_ten_minutes(self) -> None:
        now = timezone.now()
        span = (now + timedelta(hours=1), now + timedelta(hours=2))
        Hearing.objects.filter(pk=self.hearing.pk).update(span=span, busy=span)
        answer = self.post("hearing_links", who=self.door(self.hearing, "worker").pk)
        self.assertRedirects(answer, self.url("hearing_room") + "#calls", fetch_redirect_response=False)
        first = self.address(self.client.get(self.url("hearing_room")))
        self.assertEqual(self.address(self.client.get(self.url("hearing_room"))), first)
        self.assertEqual(HearingLink.objects.count(), 1)
        kept = self.client.session[f"hearing-link-{self.hearing.pk}"]
        self.assertNotIn(first.rstrip("/").rpartition("/")[2], kept)  # nobody who reads the sessions opens it
        with mock.patch("mediation.views.room.clock", return_value=(now + timedelta(minutes=11), now.date())):
            self.assertNotContains(self.client.get(self.url("hearing_room")), first)
        self.assertNotIn(f"hearing-link-{self.hearing.pk}", self.client.session)

    def address(self, page: Any) -> str:
        found = re.search(r'id="address" type="text" readonly value="([^"]+)"', page.content.decode())
        assert found is not None
        return found[1]

    def test_whoever_comes_back_to_an_act_after_signing_in_again_stands_in_the_room(self) -> None:
        for name in ("hearing_present", "hearing_calls", "hearing_links", "hearing_rights"):
            with self.subTest(name):
                self.assertRedirects(self.client.get(self.url(name)), self.url("hearing_room"))
        self.assertFalse(Presence.objects.exists())

    def test_what_was_refused_keeps_what_was_typed(self) -> None:
        door = self.door(self.hearing, "worker")
        answer = self.post("hearing_present", who=door.pk, state="came", by="agent", stands_in="周律师")
        self.assertContains(answer, "请选择代理人的授权", status_code=409)
        self.assertContains(answer, "周律师", status_code=409)
        self.assertEqual(self.post("hearing_present", who=door.pk, state="").status_code, 422)
        self.assertEqual(self.post("hearing_present", who="nobody").status_code, 404)

    def test_who_did_not_come_stands_in_the_form_of_the_result(self) -> None:
        door = self.door(self.hearing, "respondent")
        self.post("hearing_present", who=door.pk, state="absent", called_by="phone", called_proof="通话记录")
        form = self.client.get(reverse("mediation_move", args=[self.hearing.mediation_id, "no_show"]))
        self.assertContains(form, f'value="{door.party_id}" id="id_absent_1" checked', html=False)
        self.assertContains(form, "电话，通话记录")

    def test_the_script_is_answered_in_its_own_words(self) -> None:
        headers = {"HTTP_ACCEPT": "application/json"}
        said = lambda **data: self.client.post(self.url("hearing_notes"), data, **headers)  # noqa: E731
        self.assertEqual(said(version=0, result="一").json(), {"state": "kept", "version": 1})
        clash = said(version=0, result="二")
        self.assertEqual((clash.status_code, clash.json()["theirs"], clash.json()["differ"]), (409, {"result": "一"}, ["result"]))
        self.assertEqual(said(version="x", result="二").status_code, 422)
        long = said(version=1, result="字" * 8001)
        self.assertEqual((long.status_code, long.json()["state"]), (422, "bad_input"))
        self.assertIn("调解结果", long.json()["message"])
        self.assertEqual(said(version=1, result="二\0").json(), {"state": "kept", "version": 2})

    def test_a_page_that_was_open_while_somebody_signed_in_again_gets_its_token(self) -> None:
        here = self.client.get(self.url("hearing_notes"), headers={"Accept": "application/json"}).json()
        self.assertEqual((here["state"], here["person"]), ("here", str(self.mediator.pk)))
        self.assertTrue(here["token"])
        self.client.logout()
        self.assertEqual(self.client.post(self.url("hearing_notes"), {"version": 0, "result": "一"}, headers={"Accept": "application/json"}).status_code, 302)
        self.assertFalse(HearingRecord.objects.exists())

    def test_a_name_whose_answer_was_lost_on_the_way_is_there(self) -> None:
        minutes = self.closed(self.hearing)
        worker, headers = Presence.objects.get(capacity="worker"), {"HTTP_ACCEPT": "application/json"}
        sent = lambda **data: self.client.post(self.url("hearing_sign", worker.pk), {"seen": minutes.sha256, **data}, **headers)  # noqa: E731
        self.assertEqual(sent().json()["state"], "no_picture")
        self.assertEqual(sent(signature=glass()).json(), {"state": "signed", "to": self.url("hearing_room") + "#sign"})
        again = sent(signature=glass(3))
        self.assertEqual((again.status_code, again.json()["state"], again.json()["to"]), (409, "signed_already", self.url("hearing_room") + "#sign"))
        self.assertEqual(MinutesSignature.objects.count(), 1)

    def test_without_a_script_both_texts_stand_side_by_side(self) -> None:
        verbs.save_notes(self.hearing, self.chief, now=NOW, notes={"result": "章镇长写的"}, version=0)
        answer = self.post("hearing_notes", version=0, result="条和写的")
        self.assertContains(answer, "章镇长写的", status_code=409)
        self.assertContains(answer, "条和写的</textarea>", status_code=409)
        self.assertContains(answer, 'name="version" value="1"', status_code=409)
        self.assertEqual(HearingRecord.objects.get().notes, {"result": "章镇长写的"})

    def test_a_correction_through_its_page(self) -> None:
        self.closed(self.hearing)
        self.assertRedirects(self.client.get(self.url("hearing_notes")), self.url("hearing_minutes", 1))
        self.assertContains(self.post("hearing_correct", version=1, reason="写错", **NOTES), "完全一样", status_code=409)
        answer = self.post("hearing_correct", version=1, reason="写错", **{**NOTES, "result": "没有达成协议。"})
        self.assertRedirects(answer, self.url("hearing_minutes", 2))
        self.assertContains(self.client.get(self.url("hearing_minutes", 1)), "这是以前的版本")

    def test_whoever_may_only_look_sees_no_form(self) -> None:
        self.client.force_login(self.grid_worker)
        page = self.client.get(self.url("hearing_room"))
        self.assertNotContains(page, 'name="who"')
        self.assertEqual(self.post("hearing_rights").status_code, 409)

    def test_out_of_sight_is_404(self) -> None:
        self.client.force_login(self.mediator_b)
        for name, args in (("hearing_room", ()), ("hearing_notes", ()), ("hearing_minutes", (1,)), ("hearing_correct", ())):
            self.assertEqual(self.client.get(self.url(name, *args)).status_code, 404, name)

    def test_a_room_costs_the_same_for_one_party_and_for_thirty(self) -> None:
        one = self.count_queries()
        self.hearing = self.open_room(self.make_mediation("scheduled", self.make_many(), room=self.room2, mediator=self.mediator2))
        self.assertEqual(self.count_queries(), one)

    def make_many(self) -> Any:
        return self.make_other_claim(claimants=[ClaimantFacts(f"工人{n}", f"139000001{n:02d}") for n in range(30)])

    def count_queries(self) -> int:
        with CaptureQueriesContext(connection) as asked:
            self.assertEqual(self.client.get(self.url("hearing_room")).status_code, 200)
        return len(asked)


class HearingOfOthers(RoomTestCase):
    def test_the_page_of_the_mediation_leads_into_the_room(self) -> None:
        hearing: Hearing = self.open_room()
        self.client.force_login(self.mediator)
        self.assertContains(self.client.get(reverse("mediation_detail", args=[hearing.mediation_id])), reverse("hearing_room", args=[hearing.pk]))
