"""A draft from a phone: accepted once, refused with reasons, never overwriting what was changed elsewhere."""

import json
import shutil
import tempfile
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from threading import Barrier, Thread
from typing import Any
from unittest.mock import patch
from uuid import UUID, uuid4

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import TransactionTestCase, override_settings
from django.urls import reverse

from arrears import casework, drafts
from arrears.field.retention import DRAFT_WORDS, faults
from arrears.field.shape import ASKED, differing, laid_over, taken_out
from arrears.intake import RespondentFacts
from arrears.models import Claim, DraftReceipt, Employer, IntakeDraft, Site
from arrears.privacy import VERSION
from arrears.tasks import forget_words
from config.phone import KEPT
from tests.arrears.pages import SOON, PagesTestCase
from tests.base import NOW, TODAY, Cast

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\0" * 9
FIELDS = {
    "name": "李国庆", "phone": "", "id_number": "", "contact_rule": "open", "firm": "", "called": "孙老板", "role": "foreman",
    "region": "321322101", "site": "翰林雅苑二期", "last_day": "2026-01-20", "received": TODAY.isoformat(), "amount": "叁仟伍佰元整", "story": "约定完工付清。",
}  # fmt: skip


class Sending:
    def send(self, pk: UUID, fields: dict[str, str] | None = None, **more: Any) -> Any:
        said = {"fields": fields or FIELDS, "consent": True, "version": "2026-01", **more}
        return self.client.post(reverse("field_send", args=[pk]), json.dumps(said), content_type="application/json")


class FieldTestCase(Sending, PagesTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.sign_in(self.grid_worker)


class ReceivingTest(FieldTestCase):
    def test_a_draft_becomes_a_claim_with_everything_that_was_asked(self) -> None:
        answer = self.send(uuid4(), written_at="2026-03-02T08:55:00+08:00", sent_at=(SOON - timedelta(hours=3)).isoformat())
        claim = Claim.objects.get()
        self.assertEqual((answer.status_code, answer.json()["number"], answer.json()["is_new"]), (201, claim.number, True))
        self.assertEqual((claim.claimed, claim.region_id, claim.site.name, claim.received_on), (Decimal(3500), "321322101", "翰林雅苑二期", TODAY))
        self.assertEqual((claim.channel, claim.respondents.get().aliases, claim.respondents.get().role), ("patrol", "孙老板", "foreman"))
        said = claim.events.get(kind="register").facts
        self.assertEqual((said["privacy_notice"], said["written_at"], said["phone_clock_minutes"]), ("2026-01", "2026-03-02T08:55+08:00", "-180"))

    def test_a_notice_nobody_here_knows_is_refused_and_the_draft_can_still_be_kept(self) -> None:
        pk = uuid4()
        answer = self.send(pk, version="2019-01")
        self.assertEqual(answer.status_code, 422)
        self.assertIn("2019-01", answer.json()["errors"]["consent"][0])
        self.assertEqual(self.send(pk, version=None).status_code, 422)
        self.assertFalse(Claim.objects.exists())
        self.assertEqual(self.send(pk, version="2019-01", only_keep=True).json()["state"], "kept")

    def test_five_answers_are_enough(self) -> None:
        """Who, whom against, where, since when it is known, how much; the rest is left empty."""
        fewest = {name: FIELDS[name] for name in ("name", "called", "region", "received", "amount")}
        self.assertEqual(self.send(uuid4(), fewest).status_code, 201)
        claim = Claim.objects.get()
        self.assertEqual((claim.contract, claim.respondents.get().role, claim.claimants.get().contact_rule), ("unknown", "employer", "open"))

    def test_sent_again_after_a_lost_answer_it_is_the_same_claim(self) -> None:
        pk = uuid4()
        first, second = self.send(pk), self.send(pk)
        self.assertEqual((first.status_code, second.status_code), (201, 200))
        self.assertEqual((second.json()["number"], second.json()["is_new"]), (first.json()["number"], False))
        self.assertEqual((Claim.objects.count(), IntakeDraft.objects.count()), (1, 0))

    def test_what_looks_like_the_same_matter_is_named_once_it_has_arrived(self) -> None:
        known = self.make_claim()  # 李建国, 13800000001
        far = self.make_claim("321323101")
        pk = uuid4()
        answer = self.send(pk, {**FIELDS, "name": "李建国", "phone": "13800000001"}).json()
        self.assertEqual([one["number"] for one in answer["alike"]], [known.number])
        self.assertNotIn(far.number, str(answer))
        self.assertEqual(self.send(pk, {**FIELDS, "name": "李建国", "phone": "13800000001"}).json()["alike"], answer["alike"])
        self.assertEqual(self.send(uuid4()).json()["alike"], [])

    def test_changed_after_it_was_registered_it_is_shown_beside_the_claim_and_changes_nothing(self) -> None:
        pk = uuid4()
        number = self.send(pk).json()["number"]
        answer = self.send(pk, {**FIELDS, "amount": "9000", "phone": "13800000009"})
        said = answer.json()
        self.assertEqual((answer.status_code, said["state"], said["is_registered"], said["number"]), (409, "conflict", True, number))
        self.assertEqual((said["differ"], said["theirs"]["amount"]), (["phone", "amount"], "叁仟伍佰元整"))
        self.assertEqual(Claim.objects.get().claimed, Decimal(3500))

    def test_what_is_wrong_is_said_at_the_phones_own_fields_and_nothing_is_left_behind(self) -> None:
        wrong = {**FIELDS, "name": "", "called": "", "amount": "很多", "received": (TODAY + timedelta(days=2)).isoformat(), "phone": "12"}
        answer = self.send(uuid4(), wrong)
        self.assertEqual(answer.status_code, 422)
        self.assertEqual(set(answer.json()["errors"]), {"name", "phone", "firm", "received", "amount"})
        self.assertEqual((Claim.objects.count(), IntakeDraft.objects.count()), (0, 0))

    def test_mended_it_is_accepted_under_the_same_id(self) -> None:
        pk = uuid4()
        self.assertEqual(self.send(pk, {**FIELDS, "amount": "很多"}).status_code, 422)
        self.assertEqual(self.send(pk).status_code, 201)

    def test_without_the_notice_it_is_refused(self) -> None:
        answer = self.send(uuid4(), consent=False)
        self.assertEqual((answer.status_code, list(answer.json()["errors"])), (422, ["consent"]))
        self.assertFalse(Claim.objects.exists())

    def test_a_server_that_fails_in_the_middle_keeps_nothing_and_takes_it_next_time(self) -> None:
        pk = uuid4()
        self.client.raise_request_exception = False
        with patch("arrears.intake.announce", side_effect=RuntimeError("disk")):
            self.assertEqual(self.send(pk).status_code, 500)
        self.assertEqual((Claim.objects.count(), IntakeDraft.objects.count(), DraftReceipt.objects.count()), (0, 0, 0))
        self.assertEqual(self.send(pk).status_code, 201)

    def test_what_is_no_draft_at_all_is_refused_in_words(self) -> None:
        for body in ("", "[]", "{", "1"):
            answer = self.client.post(reverse("field_send", args=[uuid4()]), body, content_type="application/json")
            self.assertEqual((answer.status_code, answer.json()["code"]), (409, "unreadable"))
        self.assertEqual(self.send(uuid4(), {**FIELDS, "story": "长" * 300_000}).json()["code"], "too_large")
        self.assertEqual(self.send(uuid4(), {"name": ["x"], "amount": {"a": 1}}).status_code, 422)
        self.assertEqual(self.send(uuid4(), {**FIELDS, "story": "a\x00b"}).status_code, 201)

    def test_after_the_session_has_ended_the_phone_is_told_so(self) -> None:
        self.client.logout()
        answers = [self.send(uuid4()), self.client.get(reverse("field_me")), self.client.post(reverse("field_file", args=[uuid4()]))]
        self.assertEqual([(answer.status_code, answer.json()["state"]) for answer in answers], [(401, "signed_out")] * 3)
        for name in ("field_me", "field_known"):  # a page that only looks who is there has made no error
            quiet = self.client.get(reverse(name), headers={"X-Quiet": "1"})
            self.assertEqual((quiet.status_code, quiet.json()["state"]), (200, "signed_out"))
            self.assertNotIn("person", quiet.json())
        quiet = self.client.post(reverse("field_file", args=[uuid4()]), headers={"X-Quiet": "1"})
        self.assertEqual(quiet.status_code, 401)

    def test_whoever_may_not_log_claims_is_refused(self) -> None:
        self.sign_in(self.mediator)
        self.assertIn(self.send(uuid4()).status_code, (409, 422))
        self.assertFalse(Claim.objects.exists())

    def test_a_draft_of_somebody_else_stays_theirs(self) -> None:
        pk, other = uuid4(), uuid4()
        drafts.keep(self.chief, other, "who", {"who-0-name": ["甲"]}, "whom", now=NOW)
        self.send(pk)
        self.sign_in(self.chief)
        self.assertEqual(self.send(pk).json()["code"], "other_person")
        self.sign_in(self.grid_worker)
        self.assertEqual(self.send(other).json()["code"], "other_person")
        self.assertEqual(Claim.objects.count(), 1)


class BothSidesTest(FieldTestCase):
    def kept(self) -> tuple[UUID, str]:
        pk = uuid4()
        answer = self.send(pk, only_keep=True)
        self.assertEqual((answer.status_code, answer.json()["state"]), (200, "kept"))
        return pk, answer.json()["version"]

    def change_at_a_desk(self, pk: UUID) -> None:
        draft = IntakeDraft.objects.get(pk=pk)
        money = {**draft.typed()["money"], "money-0-rate": ["9000"]}
        drafts.keep(self.grid_worker, pk, "money", money, "story", now=draft.updated_at + timedelta(minutes=5))

    def test_kept_on_the_server_it_is_gone_on_with_there(self) -> None:
        pk, _version = self.kept()
        page = self.client.get(reverse("draft_step", args=[pk, "who"]))
        self.assertContains(page, "李国庆")
        self.assertFalse(Claim.objects.exists())

    def test_changed_on_one_side_only_it_is_accepted(self) -> None:
        pk, version = self.kept()
        self.assertEqual(self.send(pk, {**FIELDS, "amount": "4000"}, base=version).status_code, 201)
        self.assertEqual(Claim.objects.get().claimed, Decimal(4000))

    def test_changed_on_both_it_is_put_to_the_person_field_by_field(self) -> None:
        pk, version = self.kept()
        self.change_at_a_desk(pk)
        answer = self.send(pk, {**FIELDS, "amount": "4000"}, base=version)
        said = answer.json()
        self.assertEqual((answer.status_code, said["differ"], said["theirs"]["amount"], said["is_registered"]), (409, ["amount"], "9000", False))
        self.assertFalse(Claim.objects.exists())
        self.assertEqual(self.send(pk, {**FIELDS, "amount": "4000"}, base=version, decided=said["version"]).status_code, 201)
        self.assertEqual(Claim.objects.get().claimed, Decimal(4000))

    def test_decided_on_an_older_version_it_is_asked_again(self) -> None:
        pk, version = self.kept()
        self.change_at_a_desk(pk)
        seen = self.send(pk, {**FIELDS, "amount": "4000"}, base=version).json()["version"]
        self.change_at_a_desk(pk)
        self.assertEqual(self.send(pk, {**FIELDS, "amount": "4000"}, base=version, decided=seen).status_code, 409)

    def test_registered_at_a_desk_meanwhile_it_is_not_registered_again(self) -> None:
        pk, version = self.kept()
        self.client.post(reverse("draft_check", args=[pk]), {"consent": "on"})
        self.assertEqual(Claim.objects.count(), 1)
        self.assertEqual(self.send(pk, base=version).status_code, 200)
        self.assertEqual(self.send(pk, {**FIELDS, "amount": "1"}, base=version).json()["is_registered"], True)
        self.assertEqual(Claim.objects.count(), 1)


class FilesTest(FieldTestCase):
    def setUp(self) -> None:
        super().setUp()
        folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, folder)
        changed = override_settings(MEDIA_ROOT=folder)
        changed.enable()
        self.addCleanup(changed.disable)

    def file(self, pk: UUID, kind: str, content: bytes = PNG) -> Any:
        return self.client.post(reverse("field_file", args=[pk]), {"file": SimpleUploadedFile("a", content), "kind": kind, "written_at": "2026-03-02T09:00:00+08:00", "version": "2026-01"})

    def test_a_photo_sent_twice_is_there_once_and_a_signature_says_who_when_and_under_which_notice(self) -> None:
        pk = uuid4()
        self.send(pk)
        self.assertEqual([self.file(pk, "photo").status_code, self.file(pk, "photo").status_code], [201, 200])
        self.assertEqual(self.file(pk, "signature", PNG + b"1").status_code, 201)
        found = list(Claim.objects.get().evidence.values_list("kind", "title"))
        self.assertEqual([kind for kind, _title in found], ["photo", "signature"])
        self.assertEqual(found[1][1], "李国庆签名，2026-03-02 09:00，告知文本2026-01")
        signed = {"file": SimpleUploadedFile("a", PNG + b"2"), "kind": "signature", "version": "2019-01"}
        self.assertEqual(self.client.post(reverse("field_file", args=[pk]), signed).json()["code"], "unknown_notice")

    def test_before_its_draft_a_file_waits_and_what_is_no_evidence_is_refused(self) -> None:
        pk = uuid4()
        self.assertEqual(self.file(pk, "photo").json()["code"], "no_claim")
        self.send(pk)
        self.assertEqual(self.file(pk, "photo", b"<html>").json()["code"], "file_active")
        self.assertEqual(self.file(pk, "nonsense").status_code, 409)
        self.sign_in(self.chief)
        self.assertEqual(self.file(pk, "photo").json()["code"], "no_claim")


class ShellTest(FieldTestCase):
    def test_the_page_is_the_same_for_everybody(self) -> None:
        mine = self.client.get(reverse("field_app"))
        self.client.logout()
        self.assertEqual(mine.content, self.client.get(reverse("field_app")).content)
        self.assertNotContains(mine, self.grid_worker.full_name)

    def test_the_worker_keeps_the_shell_and_static_files_alone(self) -> None:
        answer = self.client.get("/sw.js")
        self.assertEqual((answer["Content-Type"], answer["Service-Worker-Allowed"]), ("text/javascript", "/"))
        self.assertContains(answer, 'SHELL = "/field/"')
        self.assertNotContains(answer, "&quot;")

    def test_the_worker_comes_too_where_files_are_named_by_their_content(self) -> None:
        """As in earnest; there a file that was not collected is an error."""
        with tempfile.TemporaryDirectory() as root:
            paths = {name: name.replace(".", ".0123456789ab.", 1) for name in KEPT}
            Path(root, "staticfiles.json").write_text(json.dumps({"version": "1.1", "hash": "", "paths": paths}))
            house = {**settings.STORAGES, "staticfiles": {"BACKEND": "config.static_files.HouseStorage"}}
            with override_settings(STATIC_ROOT=root, STORAGES=house):
                answer = self.client.get("/sw.js")
        self.assertContains(answer, 'STATIC = "/static/"')
        for name in paths.values():
            self.assertContains(answer, f'"/static/{name}"')

    def test_the_manifest_speaks_both_languages_and_names_icons_that_are_there(self) -> None:
        said = self.client.get("/app.webmanifest").json()
        self.assertEqual((said["start_url"], said["display"], said["short_name"]), ("/field/", "standalone", "薪安"))
        self.assertEqual({icon["sizes"] for icon in said["icons"]}, {"180x180", "192x192", "512x512"})

    def test_pages_of_cases_are_never_stored(self) -> None:
        claim = self.make_claim()
        for address in (reverse("claim_detail", args=[claim.pk]), reverse("claim_list"), reverse("claim_new"), reverse("desk")):
            self.assertIn("no-store", self.client.get(address).get("Cache-Control", ""), address)


class ShapeTest(FieldTestCase):
    def test_what_is_laid_over_comes_out_again_and_keeps_what_the_phone_does_not_ask(self) -> None:
        known = {"who": {"who-TOTAL_FORMS": ["2"], "who-1-name": ["乙"]}, "where": {"work": ["瓦工"], "received_on": ["2026-03-01"]}}
        laid = laid_over(FIELDS, known)
        self.assertEqual(taken_out(laid), FIELDS)
        self.assertEqual((laid["who"]["who-1-name"], laid["who"]["who-TOTAL_FORMS"], laid["where"]["work"]), (["乙"], ["2"], ["瓦工"]))
        self.assertEqual(taken_out(known)["received"], "2026-03-01")

    def test_a_choice_left_alone_says_what_it_means(self) -> None:
        self.assertEqual(differing({}, {"contact_rule": "open", "role": "employer"}), [])
        self.assertEqual(differing({"name": "甲"}, {"role": "labour"}), ["name", "role"])
        self.assertEqual(len({asked.typed for asked in ASKED}), len(ASKED))


class AtOnceTest(Sending, Cast, TransactionTestCase):
    def test_sent_by_two_tabs_at_once_it_is_one_claim(self) -> None:
        self.make_cast()
        pk, barrier, answers = uuid4(), Barrier(2), []
        fields = {**FIELDS, "received": "2026-03-02"}

        def send() -> None:
            client = self.client_class()
            client.force_login(self.grid_worker)
            barrier.wait()
            said = {"fields": fields, "consent": True, "version": VERSION}
            answers.append(client.post(reverse("field_send", args=[pk]), json.dumps(said), content_type="application/json").status_code)
            connections.close_all()

        tabs = [Thread(target=send) for _number in range(2)]
        for tab in tabs:
            tab.start()
        for tab in tabs:
            tab.join(30)
        self.assertEqual((sorted(answers), Claim.objects.count(), IntakeDraft.objects.count()), ([200, 201], 1, 0))


class PromiseOnThePhoneTest(FieldTestCase):
    """告知承诺 with the draft: checked before anything is registered, promised once, and told when it could not be."""

    PROMISE = {"papers": ["identity", "iou"], "due_on": "2026-03-16", "signed": True}

    def test_it_is_registered_with_the_claim_and_once(self) -> None:
        pk = uuid4()
        first, second = self.send(pk, promise=self.PROMISE), self.send(pk, promise=self.PROMISE)
        self.assertEqual((first.status_code, first.json()["unpromised"], second.status_code, second.json()["unpromised"]), (201, [], 200, []))
        rows = Claim.objects.get().owed_papers.all()
        self.assertEqual([(row.paper, row.due_on.isoformat()) for row in rows], [("identity", "2026-03-16"), ("iou", "2026-03-16")])

    def test_unsigned_it_is_refused_at_its_own_field_and_nothing_is_registered(self) -> None:
        answer = self.send(uuid4(), promise={**self.PROMISE, "signed": "true", "due_on": ""})
        self.assertEqual((answer.status_code, set(answer.json()["errors"])), (422, {"promise_signed", "promise_due_on"}))
        self.assertEqual(self.send(uuid4(), promise={**self.PROMISE, "papers": ["moon"]}).status_code, 422)
        self.assertEqual(self.send(uuid4(), promise={"papers": 7, "due_on": 7}).status_code, 422)
        self.assertFalse(Claim.objects.exists())
        for odd in (None, 7, [], {"papers": {}}, {"papers": 7, "signed": 1}):
            self.assertEqual(self.send(uuid4(), promise=odd).status_code, 201, odd)

    def test_a_day_too_far_off_is_told_and_the_claim_stands(self) -> None:
        answer = self.send(uuid4(), promise={**self.PROMISE, "due_on": "2026-12-31"})
        self.assertEqual(answer.status_code, 201)
        self.assertIn("不能超过 30 天", answer.json()["unpromised"][0])
        self.assertFalse(Claim.objects.get().owed_papers.exists())


class FillingTest(FieldTestCase):
    """Written on the phone after the draft was registered: what the claim lacks is filled in, what it knows stays."""

    def setUp(self) -> None:
        super().setUp()
        self.pk = uuid4()
        self.send(self.pk, {**FIELDS, "site": "", "last_day": ""})
        self.claim = Claim.objects.get()

    def fill(self, pk: UUID | None = None, **changes: str) -> Any:
        said = {"fields": {**FIELDS, **changes}}
        return self.client.post(reverse("field_fill", args=[pk or self.pk]), json.dumps(said), content_type="application/json")

    def test_empty_ones_are_filled_and_the_others_are_left_to_a_person(self) -> None:
        answer = self.fill(phone="13800000009", amount="9000", story="另一种说法。").json()
        self.assertEqual((sorted(answer["filled"]), answer["left"]), (["last_day", "phone", "site"], ["amount", "story"]))
        claim = Claim.objects.get()
        self.assertEqual((claim.claimants.get().phone, claim.site.name, claim.last_working_day.isoformat()), ("13800000009", "翰林雅苑二期", "2026-01-20"))
        self.assertEqual((claim.claimed, claim.story), (Decimal(3500), "约定完工付清。"))
        self.assertEqual(answer["url"], reverse("claim_complete", args=[claim.pk]))

    def test_filled_in_the_draft_differs_no_more_and_twice_is_once(self) -> None:
        self.fill(phone="13800000009")
        self.assertEqual(self.fill(phone="13800000009").json()["left"], [])
        self.assertEqual(self.claim.events.filter(kind="complete").count(), 1)
        answer = self.send(self.pk, {**FIELDS, "phone": "13800000009"})
        self.assertEqual((answer.status_code, answer.json()["state"]), (200, "registered"))

    def test_what_cannot_be_read_is_said_at_its_field_and_nothing_is_filled(self) -> None:
        answer = self.fill(phone="12")
        self.assertEqual((answer.status_code, set(answer.json()["errors"])), (422, {"phone"}))
        self.assertIsNone(Claim.objects.get().site)

    def test_a_claim_that_has_ended_and_somebody_elses_draft_are_refused(self) -> None:
        self.assertEqual(self.fill(uuid4()).json()["code"], "no_claim")
        self.sign_in(self.chief)
        self.assertEqual(self.fill().json()["code"], "no_claim")
        self.sign_in(self.grid_worker)
        casework.advance(self.claim, "withdraw", self.grid_worker, now=NOW, reason="已经给钱", confirmed=True)
        self.assertEqual(self.fill(phone="13800000009").json()["code"], "wrong_state")
        self.client.logout()
        self.assertEqual(self.fill().status_code, 401)


class KnownNearbyTest(FieldTestCase):
    """What a phone keeps for typing without a network: nearest first, in sight only, and no private person's name."""

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        for region, firm, site in (
            ("321322102", "胡集建工有限公司", "胡集安置房"), ("321322101", "宿迁宏远劳务有限公司", "翰林雅苑二期"), ("321323101", "泗阳远方建筑公司", "裴圩学校"),
        ):  # fmt: skip
            cls.make_claim(region=region, respondents=[RespondentFacts(firm)], site_name=site)
        cls.make_claim(respondents=[RespondentFacts("孙老板")])

    def known(self) -> dict[str, Any]:
        return self.client.get(reverse("field_known")).json()

    def test_of_the_own_township_for_a_grid_worker(self) -> None:
        known = self.known()
        self.assertEqual(known["sites"], [["翰林雅苑二期", "321322101", "陇集镇", 0]])
        self.assertEqual(known["employers"], [["宿迁宏远劳务有限公司", "", 0]])
        self.assertEqual(known["rings"], ["本乡镇（街道）", "本县（区）", "本市"])

    def test_a_firm_of_the_county_with_a_credit_code_is_offered_by_name_and_code_alone(self) -> None:
        Employer.objects.filter(name="胡集建工有限公司").update(credit_code="91321322MA1N00001X")
        self.assertEqual(self.known()["employers"], [["宿迁宏远劳务有限公司", "", 0], ["胡集建工有限公司", "91321322MA1N00001X", 1]])

    def test_of_the_whole_county_for_its_officer_and_never_of_another(self) -> None:
        self.sign_in(self.county)
        self.assertEqual({row[0] for row in self.known()["sites"]}, {"胡集安置房", "翰林雅苑二期"})
        self.assertEqual({row[0] for row in self.known()["employers"]}, {"宿迁宏远劳务有限公司", "胡集建工有限公司"})

    def test_whoever_registers_nothing_keeps_nothing(self) -> None:
        self.sign_in(self.auditor)
        self.assertEqual((self.known()["sites"], self.known()["employers"]), ([], []))
        self.client.logout()
        self.assertEqual(self.client.get(reverse("field_known")).status_code, 401)

    def test_no_longer_than_a_pocket_and_in_the_same_queries(self) -> None:
        few = self.queries(reverse("field_known"))
        region = self.regions["321322101"]
        Site.objects.bulk_create(Site(region=region, name=f"工地{number:03}") for number in range(230))
        self.assertEqual((len(self.known()["sites"]), self.queries(reverse("field_known"))), (200, few))


class ForgettingTest(FieldTestCase):
    """The words a draft was registered with go after ninety days; sent once more it is still the same claim."""

    def setUp(self) -> None:
        super().setUp()
        self.pk = uuid4()
        self.number = self.send(self.pk).json()["number"]

    def forget(self, days: int) -> int:
        with patch("django.utils.timezone.now", return_value=SOON + timedelta(days=days)):
            return forget_words()

    def test_after_their_time_the_words_go_and_the_key_stays(self) -> None:
        self.assertEqual(self.forget(90), 0)
        self.assertNotEqual(DraftReceipt.objects.get().sealed, "")
        self.assertEqual((self.forget(91), self.forget(91)), (1, 0))
        receipt = DraftReceipt.objects.get()
        self.assertEqual((receipt.sealed, len(receipt.said), receipt.claim.number), ("", 64, self.number))

    def test_the_same_words_are_told_their_claim_again(self) -> None:
        self.forget(91)
        answer = self.send(self.pk, {**FIELDS, "contact_rule": ""})  # left alone it means the same
        self.assertEqual((answer.status_code, answer.json()["number"], answer.json()["is_new"]), (200, self.number, False))
        self.assertEqual(Claim.objects.count(), 1)

    def test_other_words_are_refused_with_the_number_and_register_nothing(self) -> None:
        self.forget(91)
        answer = self.send(self.pk, {**FIELDS, "amount": "9000"})
        self.assertEqual((answer.status_code, answer.json()["code"]), (409, "words_gone"))
        self.assertIn(self.number, answer.json()["message"])
        filled = self.client.post(reverse("field_fill", args=[self.pk]), json.dumps({"fields": FIELDS}), content_type="application/json")
        self.assertEqual(filled.json()["code"], "words_gone")
        self.assertEqual((Claim.objects.count(), IntakeDraft.objects.count()), (1, 0))

    def test_a_wrong_table_is_named(self) -> None:
        self.assertEqual(DRAFT_WORDS.days, 90)
        wrong = faults(replace(DRAFT_WORDS, days=0, confidence="Z"))
        self.assertEqual(wrong, ["confidence Z is unknown", "days must be above zero"])
