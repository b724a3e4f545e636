"""What is written, shown and recorded in an online room; and that nothing else is kept."""

import hashlib
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings
from django.urls import reverse

from arrears.evidence import add_evidence
from arrears.models import Event
from arrears.papers.blocks import Paragraph, Words
from arrears.papers.pdf import Foot, typeset
from grid.models import AccessLog
from mediation.models import OnlineConsent, OnlineNote, OnlineRecording, OnlineShown
from mediation.online import chat, ice, recording, signalling
from mediation.online.table import MOST_TURNS
from tests.base import NOW
from tests.mediation.test_online import DURING, Browser, OnlineTestCase

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\0" * 32
PDF = typeset([Paragraph([Words("工资欠条。")])], Foot("欠条", date(2026, 3, 2)))


class KeptTestCase(OnlineTestCase):
    def meet(self) -> tuple[Browser, Browser]:
        host, guest = self.host(), self.invited()
        host.let_in(guest)
        guest.turn()
        return host, guest

    # Recording

    def start(self, host: Browser) -> Any:
        return host.ask("act", act="record_start", mime="video/webm;codecs=vp8,opus")

    def piece(self, host: Browser, recorded: str, number: int, content: bytes) -> Any:
        return host.client.post(reverse("online_piece", args=[self.hearing.pk, recorded, number]), content, content_type="application/octet-stream")

    def agreed(self) -> tuple[Browser, Browser, str]:
        host, guest = self.meet()
        host.ask("act", act="ask_recording")
        guest.ask("act", act="consent", agrees="yes")
        return host, guest, self.start(host).json()["recording"]


class ChatTest(KeptTestCase):
    def test_everybody_reads_it_and_only_what_the_mediator_takes_is_kept(self) -> None:
        host, guest = self.meet()
        for text in ("三月底以前付清", "还有一句"):
            self.assertEqual(guest.ask("act", act="say", text=text).status_code, 200)
        lines = host.turn()["chat"]
        self.assertEqual([(one["name"], one["text"], one["at"]) for one in lines], [("宏远劳务 钱经理", "三月底以前付清", "09:05"), ("宏远劳务 钱经理", "还有一句", "09:05")])
        for _twice in range(2):
            self.assertEqual(host.ask("act", act="take", line=lines[0]["n"]).status_code, 200)
        self.assertEqual([(note.seat.name, note.text, note.taken_by) for note in chat.notes_of(self.hearing)], [("宏远劳务 钱经理", "三月底以前付清", self.mediator)])
        self.assertEqual(host.turn()["taken"], [lines[0]["n"]])
        host.ask("act", act="close")
        self.assertEqual(signalling.line().exists(signalling.key(host.seat.room_id, "chat")), 0)
        self.assertEqual(OnlineNote.objects.count(), 1)

    def test_who_may_not_and_what_is_refused(self) -> None:
        host, guest = self.meet()
        watcher, waiting = self.official(self.city), self.invited(name="等候的人")
        watcher.turn()
        guest.ask("act", act="say", text="一句话")
        [line] = host.turn()["chat"]
        for who, act, code in (
            (watcher, {"act": "say", "text": "x"}, "silent_seat"), (waiting, {"act": "say", "text": "x"}, "not_in"), (guest, {"act": "say", "text": "  "}, "nothing_said"),
            (guest, {"act": "say", "text": "字" * 501}, "too_long"), (guest, {"act": "take", "line": line["n"]}, "not_your_role"),
            (host, {"act": "take", "line": "1-0"}, "no_such_line"), (host, {"act": "take", "line": "x"}, "no_such_line"),
        ):  # fmt: skip
            answer = who.ask("act", **act)
            self.assertEqual((answer.status_code, answer.json()["code"]), (409, code), act)

    def test_whoever_is_admitted_later_does_not_read_what_was_written_before(self) -> None:
        host, guest = self.meet()
        guest.ask("act", act="say", text="只对先到的人说")
        late = self.invited(name="后来的人")
        host.let_in(late)
        seat = late.seat
        seat.decided_at = seat.decided_at + timedelta(days=365)  # the streams' numbers are of the real clock
        self.assertEqual(chat.since(seat, ""), [])
        self.assertEqual(len(chat.since(guest.seat, "")), 1)


class ShownTest(KeptTestCase):
    def show(self, browser: Browser, name: str = "考勤.png", content: bytes = PNG, **said: Any) -> Any:
        url = reverse("online_show", args=[self.hearing.pk])
        return browser.client.post(url, {"file": SimpleUploadedFile(name, content), **said} if content else said)

    def test_a_picture_is_seen_by_those_in_the_room_while_it_is_shown_and_then_gone(self) -> None:
        host, guest = self.meet()
        waiting = self.invited(name="等候的人")
        self.assertEqual(self.show(guest).status_code, 200)
        shown = host.turn()["shown"]
        self.assertEqual((shown["title"], shown["by"], shown["kind"]), ("考勤", "宏远劳务 钱经理", "image"))
        url = reverse("online_shown", args=[self.hearing.pk, shown["id"]])
        answer = host.client.get(url)
        self.assertEqual((answer.status_code, b"".join(answer.streaming_content), answer["X-Content-Type-Options"]), (200, PNG, "nosniff"))
        self.assertIn("sandbox", answer["Content-Security-Policy"])
        self.assertEqual((waiting.client.get(url).status_code, Client().get(url).status_code), (404, 404))
        place = Path(OnlineShown.objects.get().file.path)
        with self.captureOnCommitCallbacks(execute=True):
            guest.ask("act", act="take_down")
        self.assertEqual((host.turn()["shown"], host.client.get(url).status_code, place.exists()), (None, 404, False))

    def test_the_next_one_takes_the_place_and_closing_ends_it(self) -> None:
        host, guest = self.meet()
        self.show(guest)
        self.assertEqual(self.show(host, "账.pdf", PDF).status_code, 200)
        self.assertEqual(guest.turn()["shown"]["kind"], "pdf")
        self.assertEqual(guest.ask("act", act="take_down").json()["code"], "not_yours")
        host.ask("act", act="close")
        self.assertFalse(OnlineShown.objects.exists())

    def test_what_is_no_picture_or_pdf_and_who_only_watches_is_refused(self) -> None:
        host, guest = self.meet()
        watcher = self.official(self.city)
        watcher.turn()
        self.assertEqual(self.show(guest, "词.txt", "只是文字".encode()).json()["code"], "not_to_show")
        self.assertEqual(self.show(guest, "x.png", b"<script>").status_code, 409)
        self.assertEqual(self.show(watcher).json()["code"], "silent_seat")
        self.assertEqual(self.show(host, content=b"").json()["code"], "nothing_chosen")
        with override_settings(CLAMD_URL="tcp://127.0.0.1:9"):
            self.assertEqual(self.show(guest).json()["code"], "file_unscanned")
        self.assertFalse(OnlineShown.objects.exists())

    def test_of_evidence_only_the_redacted_copy_and_only_by_the_mediator(self) -> None:
        host, guest = self.meet()
        paper = add_evidence(self.claim, SimpleUploadedFile("身份证.png", PNG), self.county, now=NOW, kind="identity", title="身份证")
        self.assertEqual(self.show(host, content=b"", evidence=str(paper.pk)).json()["code"], "not_your_role")  # nothing to show of it yet
        covered = paper.redacted.create(extension="png", mime="image/png", size=len(PNG) + 1, sha256="x", added_at=NOW)
        covered.file.name = "redacted/x"
        Path(covered.file.path).parent.mkdir(parents=True, exist_ok=True)
        Path(covered.file.path).write_bytes(PNG + b"\0")
        covered.save(update_fields=["file"])
        self.assertEqual(self.show(guest, content=b"", evidence=str(paper.pk)).json()["code"], "not_your_role")
        self.assertEqual(self.show(host, content=b"", evidence=str(paper.pk)).status_code, 200)
        self.assertEqual(Path(OnlineShown.objects.get().file.path).read_bytes(), PNG + b"\0")
        self.assertTrue(AccessLog.objects.filter(person=self.mediator, act="download", subject_id=paper.pk).exists())


class RecordingTest(KeptTestCase):
    def test_nothing_is_recorded_before_everybody_has_agreed(self) -> None:
        host, guest = self.meet()
        self.assertEqual(self.start(host).json()["code"], "not_agreed")
        self.assertEqual(guest.ask("act", act="consent", agrees="yes").json()["code"], "nobody_asked")
        host.ask("act", act="ask_recording")
        said = guest.turn()["recording"]
        self.assertEqual((said["question"], said["mine"], said["agreed"], said["waits"]), (1, None, False, ["宏远劳务 钱经理"]))
        self.assertEqual(self.start(host).json()["code"], "not_agreed")
        guest.ask("act", act="consent", agrees="no")
        self.assertEqual((self.start(host).json()["code"], host.turn()["recording"]["refused"]), ("not_agreed", ["宏远劳务 钱经理"]))
        guest.ask("act", act="consent", agrees="yes")
        self.assertEqual(self.start(host).status_code, 200)
        self.assertEqual(self.start(host).json()["code"], "records_already")
        answers = OnlineConsent.objects.values_list("seat__name", "agrees", "said_at")
        self.assertEqual([row[:2] for row in answers], [("条和", True), ("宏远劳务 钱经理", False), ("宏远劳务 钱经理", True)])
        self.assertTrue(all(row[2] == DURING for row in answers))

    def test_pieces_make_one_file_with_its_fingerprint_and_place(self) -> None:
        host, guest, recorded = self.agreed()
        self.assertEqual(guest.turn()["recording"]["on"], recorded)
        parts = [b"eins", b"zwei" * 1000, b"drei"]
        for number, part in enumerate(parts):
            self.assertEqual(self.piece(host, recorded, number, part).status_code, 200)
        self.assertEqual(self.piece(host, recorded, 2, b"drei").status_code, 200)  # its answer was lost
        self.assertEqual(self.piece(host, recorded, 5, b"x").json()["code"], "out_of_order")
        self.assertEqual(self.piece(guest, recorded, 3, b"x").json()["code"], "not_your_role")
        host.ask("act", act="record_stop")
        row, whole = OnlineRecording.objects.get(), b"".join(parts)
        self.assertEqual((row.sha256, row.size, row.pieces, row.ended_because), (hashlib.sha256(whole).hexdigest(), len(whole), 3, "host"))
        self.assertEqual(Path(row.file.path).read_bytes(), whole)
        self.assertEqual(Path(row.file.path).stat().st_mode & 0o777, 0o600)
        event = Event.objects.get(facts__move="online_recorded")
        self.assertEqual((event.facts["sha256"], event.facts["place"]), (row.sha256, row.file.name))
        self.assertEqual(self.piece(host, recorded, 3, b"x").json()["code"], "ended")

    def test_a_piece_that_was_being_written_when_the_power_went_is_written_over(self) -> None:
        host, _guest, recorded = self.agreed()
        self.piece(host, recorded, 0, b"eins")
        with open(OnlineRecording.objects.get().file.path, "ab") as file:
            file.write(b"half of it")
        self.piece(host, recorded, 1, b"zwei")
        host.ask("act", act="record_stop")
        self.assertEqual(OnlineRecording.objects.get().sha256, hashlib.sha256(b"einszwei").hexdigest())

    def test_one_who_takes_consent_back_ends_it_and_so_does_a_newcomer_and_the_end_of_the_room(self) -> None:
        host, guest, recorded = self.agreed()
        self.piece(host, recorded, 0, b"eins")
        guest.ask("act", act="consent", agrees="no")
        self.assertEqual((host.turn()["recording"]["on"], OnlineRecording.objects.get().ended_because), ("", "refused"))
        guest.ask("act", act="consent", agrees="yes")
        second = self.start(host).json()["recording"]
        self.piece(host, second, 0, b"zwei")
        late = self.invited(name="后来的人")
        host.let_in(late)
        late.turn()
        self.assertEqual(OnlineRecording.objects.get(pk=second).ended_because, "newcomer")
        late.ask("act", act="consent", agrees="yes")
        third = self.start(host).json()["recording"]
        self.piece(host, third, 0, b"drei")
        host.ask("act", act="close")
        self.assertEqual(OnlineRecording.objects.get(pk=third).ended_because, "closed")

    def test_whoever_only_watches_is_not_asked(self) -> None:
        host, guest = self.meet()
        self.official(self.city).turn()
        host.ask("act", act="ask_recording")
        guest.ask("act", act="consent", agrees="yes")
        self.assertEqual(self.start(host).status_code, 200)

    def test_a_browser_that_sends_no_more_has_ended_it_and_one_without_a_piece_never_was(self) -> None:
        host, _guest, recorded = self.agreed()
        self.piece(host, recorded, 0, b"eins")
        self.assertEqual(recording.end_silent(DURING + timedelta(seconds=119)), 0)
        self.assertEqual(recording.end_silent(DURING + timedelta(seconds=121)), 1)
        self.assertEqual(OnlineRecording.objects.get().ended_because, "silent")
        self.start(host)
        host.ask("act", act="record_stop")
        self.assertEqual(OnlineRecording.objects.count(), 1)

    def test_who_may_fetch_it(self) -> None:
        host, _guest, recorded = self.agreed()
        self.piece(host, recorded, 0, b"eins")
        url = reverse("online_recording", args=[recorded])
        self.assertEqual(host.client.get(url).status_code, 404)  # not whole yet
        host.ask("act", act="record_stop")
        codes = {}
        for name, person in self.everybody().items():
            client = Client()
            client.force_login(person)
            codes[name] = client.get(url).status_code
        self.assertEqual({name for name, code in codes.items() if code == 200}, {"mediator", "city"})
        self.assertEqual(set(codes.values()), {200, 404})
        answer = host.client.get(url)
        self.assertEqual((b"".join(answer.streaming_content), answer["Content-Disposition"].split(";")[0]), (b"eins", "attachment"))
        self.assertTrue(AccessLog.objects.filter(person=self.mediator, act="download", subject_id=self.mediation.pk).exists())
        self.assertContains(host.client.get(reverse("hearing_online", args=[self.hearing.pk])), hashlib.sha256(b"eins").hexdigest())


class WayTest(KeptTestCase):
    def test_without_settings_browsers_find_each_other_in_one_network_only(self) -> None:
        host = self.official(self.mediator)
        self.assertEqual(host.turn()["ice"], [])

    @override_settings(ONLINE_STUN=["stun:stun.example.test:3478"], ONLINE_TURN=["turn:turn.example.test:3478"], ONLINE_TURN_SECRET="north")
    def test_a_turn_password_is_for_one_person_and_four_hours(self) -> None:
        host = self.official(self.mediator)
        stun, turn = host.turn()["ice"]
        self.assertEqual(stun, {"urls": ["stun:stun.example.test:3478"]})
        until = int((DURING + timedelta(hours=4)).timestamp())
        self.assertEqual((turn["urls"], turn["username"]), (["turn:turn.example.test:3478"], f"{until}:{host.seat.pk}"))
        self.assertEqual(turn["credential"], ice.password(turn["username"]))
        self.assertNotIn("ice", host.turn())

    @override_settings(ONLINE_TURN=["turn:turn.example.test:3478"], ONLINE_TURN_SECRET="north", ONLINE_RELAY_ONLY=True)
    def test_whoever_waits_may_try_the_line_and_whoever_was_sent_out_may_not(self) -> None:
        host, guest = self.meet()
        waiting = self.invited(name="等候的人")
        for one in (host, guest, waiting):
            said = one.ask("act", act="try_line").json()
            self.assertEqual((said["ice"][0]["urls"], said["relay_only"]), (["turn:turn.example.test:3478"], True))
            self.assertTrue(said["ice"][0]["username"].endswith(f":{one.seat.pk}"))  # their own password, not somebody else's
        host.ask("act", act="remove", seat=str(waiting.seat.pk))
        answer = waiting.ask("act", act="try_line")
        self.assertEqual((answer.status_code, answer.json()["code"]), (409, "sent_out"))
        self.assertEqual(Client().post(reverse("online_act", args=[self.hearing.pk]), {"act": "try_line"}).status_code, 404)
        self.assertEqual([guest.ask("act", act="try_line").status_code for _each in range(MOST_TURNS)][-1], 429)

    @override_settings(ONLINE_TURN_SECRET="north")
    def test_the_password_is_what_coturn_expects(self) -> None:
        # printf 1433895918:alice | openssl dgst -sha1 -hmac north -binary | base64
        self.assertEqual(ice.password("1433895918:alice"), "RqMvcGPYTJMGThVLSi4amT4zFtI=")
