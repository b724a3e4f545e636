"""The room of a hearing: who came, what was read, minutes while they are written, closed, corrected and signed."""

import hashlib
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.test import SimpleTestCase
from django.utils import translation

from arrears.models import Evidence
from arrears.papers.record import Record
from arrears.serving import verbs as serving
from arrears.serving.verbs import Said
from grid.models import Task
from mediation import integrity_checks
from mediation.models import EarlierSitting, HearingRecord, Minutes, MinutesSignature, Presence, Room
from mediation.room import calling, pages, signing, verbs
from mediation.room.notes import kind_of
from mediation.room.quorum import Seat, quorum
from mediation.room.rights import RIGHTS, VERSION, text_of
from mediation.room.verbs import Came
from tests.base import NOW, TODAY
from tests.mediation.base import at
from tests.mediation.room_base import AWAY, FIRM_HERE, HERE, NOTES, RoomTestCase, glass

LATER = NOW + timedelta(minutes=10)


class QuorumTest(SimpleTestCase):
    """By hand: who is there, and whether a hearing can be held."""

    def said(self, *seats: Seat, mediator: bool = True) -> tuple[list[str], list[str]]:
        found = quorum(mediator, seats)
        return [str(one) for one in found.missing], [way.move for way in found.ways if way.move]

    def test_both_sides_and_the_mediator_are_enough(self) -> None:
        self.assertEqual(self.said(Seat("worker", "李", "came"), Seat("respondent", "公司", "late")), ([], []))

    def test_without_the_mediator_nothing_begins(self) -> None:
        missing, moves = self.said(Seat("worker", "李", "came"), Seat("respondent", "公司", "came"), mediator=False)
        self.assertEqual((missing, moves), (["调解员还没有签到。"], ["postpone"]))

    def test_an_absent_worker_withdraws_nothing(self) -> None:
        missing, moves = self.said(Seat("worker", "李", "absent"), Seat("respondent", "公司", "came"))
        self.assertEqual((missing, moves), (["申请人一方没有人到场。"], ["adjourn", "convert", "no_show"]))

    def test_an_absent_employer_may_end_it_and_the_worker_is_told_of_arbitration(self) -> None:
        missing, moves = self.said(Seat("worker", "李", "came"), Seat("respondent", "公司", "absent"))
        self.assertEqual((missing, moves), (["被申请方一方没有人到场。"], ["adjourn", "no_show", "fail"]))

    def test_of_several_one_of_each_side_is_enough_and_the_others_are_not_bound(self) -> None:
        seats = Seat("worker", "李", "came"), Seat("worker", "王", "absent"), Seat("respondent", "公司", "came")
        found = quorum(True, seats)
        self.assertTrue(found.is_there)
        self.assertEqual([str(one) for one in found.notes], ["王没有到场：可以和到场的人先谈，但没有到场的人不受约束。"])

    def test_who_could_not_be_called_is_not_in_default(self) -> None:
        missing, moves = self.said(Seat("worker", "李", "came"), Seat("respondent", "公司", "uncalled"))
        self.assertEqual((missing, moves), (["被申请方一方没有人到场。", "公司没有通知到：不算缺席，要补送通知。"], ["adjourn"]))

    def test_who_is_not_said_yet_is_asked_for_and_not_called_absent(self) -> None:
        self.assertEqual(self.said(Seat("worker", "李"), Seat("respondent", "公司", "came")), (["还没有登记是否到场：李。"], []))

    def test_an_agent_without_special_authority_may_speak_but_not_agree(self) -> None:
        ordinary = Seat("respondent", "公司", "came", "agent", "ordinary")
        self.assertIn("没有特别授权", str(quorum(True, [Seat("worker", "李", "came"), ordinary]).notes[0]))
        self.assertEqual(quorum(True, [Seat("worker", "李", "came"), replace(ordinary, authority="special")]).notes, ())


class PagesTest(SimpleTestCase):
    def test_the_same_words_fall_into_the_same_pages_with_the_same_fingerprints(self) -> None:
        made = pages.of("\n".join(f"第{number}行" for number in range(60)))
        self.assertEqual([page.number for page in made], [1, 2, 3])  # 26 lines each
        self.assertEqual(made[0].text.split("\n")[-1], "第25行")
        self.assertEqual(made[2].sha256, hashlib.sha256(f"3\n{made[2].text}".encode()).hexdigest())
        self.assertEqual(pages.whole(page.sha256 for page in made), hashlib.sha256("\n".join(page.sha256 for page in made).encode()).hexdigest())

    def test_a_paragraph_is_cut_by_the_end_of_a_page_only_and_nothing_is_lost(self) -> None:
        self.assertEqual(pages.of("字" * 80)[0].text, "字" * 80)  # three lines of 38
        made = pages.of("\n".join(["行"] * 25) + "\n" + "字" * 80)
        self.assertEqual([page.text.split("\n")[-1] for page in made], ["字" * 38, "字" * 42])
        self.assertEqual(pages.of("字" * 38 * 26 + "末")[1].text, "末")
        self.assertEqual([page.text for page in pages.of("")], [""])

    def test_the_same_text_on_another_page_is_another_page(self) -> None:
        self.assertNotEqual(pages.fingerprint(1, "同"), pages.fingerprint(2, "同"))

    def test_only_pages_that_changed_have_to_be_signed_again(self) -> None:
        self.assertEqual(pages.unsigned(["a", "b", "c"], ["a", "x", "c"]), [2])

    def test_a_template_follows_the_kind_of_hearing(self) -> None:
        self.assertEqual([kind_of(False, 9), kind_of(False, 10), kind_of(True, 10)], ["usual", "group", "on_site"])


class CheckInTest(RoomTestCase):
    def test_who_came_by_whom_and_what_was_checked_is_kept(self) -> None:
        hearing = self.open_room()
        row = verbs.check_in(hearing, self.door(hearing, "respondent"), self.mediator, now=NOW, said=FIRM_HERE)
        self.assertEqual((row.state, row.at, row.by, row.stands_in), ("came", NOW, "legal", "王经理"))
        self.assertEqual((row.paper, row.last_four, row.checked_by, row.checked_at), ("licence", "0001", self.mediator, NOW))
        event = hearing.mediation.claim.events.first()
        self.assertEqual((event.facts["move"], event.facts["who"], event.facts["presence"]), ("present", row.name, "came"))
        self.assertNotIn("0001", str(event.facts))

    def test_said_again_the_last_word_holds_and_the_time_of_coming_stays(self) -> None:
        hearing = self.open_room()
        verbs.check_in(hearing, self.door(hearing, "worker"), self.mediator, now=NOW, said=Came("came"))
        row = verbs.check_in(hearing, self.door(hearing, "worker"), self.chief, now=LATER, said=HERE)
        self.assertEqual((Presence.objects.count(), row.at, row.checked_by, row.checked_at), (1, NOW, self.chief, LATER))

    def test_only_the_last_four_digits_are_taken(self) -> None:
        hearing = self.open_room()
        door = self.door(hearing, "worker")
        self.assertEqual(self.refusal(verbs.check_in, hearing, door, self.mediator, now=NOW, said=replace(HERE, last_four="321322199001011234")), "bad_digits")
        self.assertEqual(self.refusal(verbs.check_in, hearing, door, self.mediator, now=NOW, said=replace(HERE, last_four="")), "no_digits")
        verbs.check_in(hearing, door, self.mediator, now=NOW, said=Came("came", paper="known"))

    def test_who_did_not_come_was_called_and_it_is_proved(self) -> None:
        hearing = self.open_room()
        door = self.door(hearing, "respondent")
        for lacks in (replace(AWAY, called_by=""), replace(AWAY, called_proof=" ")):
            self.assertEqual(self.refusal(verbs.check_in, hearing, door, self.mediator, now=NOW, said=lacks), "not_called")
        row = verbs.check_in(hearing, door, self.mediator, now=NOW, said=AWAY)
        self.assertEqual((row.is_here, row.at, row.called_proof, row.paper), (False, None, "3月1日9:20通话两分钟", ""))

    def test_an_agent_has_a_name_and_an_authority(self) -> None:
        hearing = self.open_room()
        door = self.door(hearing, "worker")
        self.assertEqual(self.refusal(verbs.check_in, hearing, door, self.mediator, now=NOW, said=Came("came", by="agent")), "no_agent")
        self.assertEqual(self.refusal(verbs.check_in, hearing, door, self.mediator, now=NOW, said=Came("came", by="agent", stands_in="周律师")), "no_authority")
        row = verbs.check_in(hearing, door, self.mediator, now=NOW, said=Came("came", by="agent", stands_in="周律师", authority="special"))
        self.assertEqual(row.signs_as, "周律师")

    def test_the_mediator_signs_in_himself(self) -> None:
        hearing = self.open_room()
        self.assertEqual(self.refusal(verbs.sign_in, hearing, self.chief, now=NOW), "not_the_mediator")
        self.assertEqual(verbs.sign_in(hearing, self.mediator, now=NOW).capacity, "mediator")

    def test_whoever_cannot_record_a_result_cannot_work_in_the_room(self) -> None:
        hearing = self.open_room()
        self.assertEqual(self.refusal(verbs.check_in, hearing, self.door(hearing, "worker"), self.grid_worker, now=NOW, said=HERE), "not_your_role")

    def test_other_people_are_in_the_room_too(self) -> None:
        hearing = self.open_room()
        self.assertEqual(self.refusal(verbs.add_person, hearing, self.mediator, now=NOW, capacity="observer", name=" ", said=Came("came")), "no_name")
        self.assertEqual(self.refusal(verbs.add_person, hearing, self.mediator, now=NOW, capacity="mediator", name="李", said=Came("came")), "bad_input")
        verbs.add_person(hearing, self.mediator, now=NOW, capacity="observer", name="刘督办", said=Came("came"))
        self.assertEqual(Presence.objects.get().capacity, "observer")

    def test_each_of_them_says_what_their_part_asks(self) -> None:
        hearing = self.open_room()
        worker = self.door(hearing, "worker")
        add = lambda capacity, **said: verbs.add_person(  # noqa: E731
            hearing, self.mediator, now=NOW, capacity=capacity, name="马翻译", beside=said.pop("beside", None), said=Came("came", **said)
        )
        full = {"beside": worker, "credential": "维吾尔语，大学翻译专业", "promised": True}
        for lacks, code in (({"beside": None}, "no_party"), ({"credential": " "}, "no_credential"), ({"promised": False}, "no_promise")):
            with self.subTest(code):
                self.assertEqual(self.refusal(add, "interpreter", **{**full, **lacks}), code)
        made = add("interpreter", **full)
        self.assertEqual((made.beside, made.credential, made.promised_at), (worker, "维吾尔语，大学翻译专业", NOW))
        for capacity in ("guardian", "support"):
            self.assertEqual(self.refusal(add, capacity, credential="父亲，户口簿"), "no_party")
            self.assertEqual(self.refusal(add, capacity, beside=worker), "no_credential")
        self.assertEqual(self.refusal(add, "union"), "no_credential")
        self.assertEqual(self.refusal(add, "witness"), "no_promise")
        self.assertEqual(self.refusal(add, "helper"), "no_party")
        stranger = self.door(self.open_room(self.make_mediation("scheduled", self.make_other_claim(), room=self.room2, mediator=self.mediator2)), "worker")
        self.assertEqual(self.refusal(add, "helper", beside=stranger), "no_such_party")

    def test_the_minutes_say_whom_they_were_there_for_and_what_they_promised(self) -> None:
        hearing = self.open_room()
        worker = self.door(hearing, "worker")
        said = Came("came", credential="父亲，户口簿")
        verbs.add_person(hearing, self.mediator, now=NOW, capacity="guardian", name="李父", beside=worker, said=said)
        verbs.add_person(hearing, self.mediator, now=NOW, capacity="interpreter", name="马翻译", beside=worker, said=replace(said, credential="手语", promised=True))
        verbs.add_person(hearing, self.mediator, now=NOW, capacity="union", name="工会王", said=replace(said, credential="县总工会介绍信"))
        made = self.closed(hearing)
        text = "".join(page["text"] for page in made.pages)
        self.assertIn("监护人、法定代理人 李父，2026-03-02 10:00到场，没有核对证件，为李建国到场，父亲，户口簿。", text)
        self.assertIn("翻译 马翻译，2026-03-02 10:00到场，没有核对证件，为李建国到场，手语，2026-03-02 10:00承诺如实翻译。", text)
        rows = signing.hands(hearing, made, list(hearing.presences.all()), [])
        self.assertEqual([hand.presence.signs_as for hand in rows], ["李父", "马翻译", "李建国", "王经理", "条和"])  # the union's does not sign; the mediator is last

    def test_after_the_result_nothing_more_is_said_at_the_door_until_it_is_undone(self) -> None:
        hearing = self.open_room(self.make_mediation("held"))
        door = self.door(hearing, "worker")
        self.assertEqual(self.refusal(verbs.check_in, hearing, door, self.mediator, now=NOW, said=HERE), "not_live")
        hearing.mediation.refresh_from_db()
        self.make_move(hearing.mediation, "undo")
        verbs.check_in(hearing, door, self.mediator, now=NOW, said=HERE)

    def test_who_could_not_be_called_is_not_absent(self) -> None:
        hearing = self.open_room()
        door = self.door(hearing, "respondent")
        self.assertEqual(self.refusal(verbs.check_in, hearing, door, self.mediator, now=NOW, said=Came("uncalled")), "no_why")
        row = verbs.check_in(hearing, door, self.mediator, now=NOW, said=Came("uncalled", why="电话停机，地址没有人", called_by="phone", called_proof="x"))
        self.assertEqual((row.is_here, row.at, row.called_by, row.called_proof, row.why), (False, None, "", "", "电话停机，地址没有人"))

    def test_at_another_time_everybody_comes_again_and_nothing_written_is_lost(self) -> None:
        hearing = self.open_room()
        self.everybody_in(hearing)
        verbs.read_rights(hearing, self.mediator, now=NOW)
        verbs.save_notes(hearing, self.mediator, now=NOW, notes=NOTES, version=0)
        self.make_move(hearing.mediation, "postpone")
        kept = HearingRecord.objects.get()
        self.assertEqual((Presence.objects.count(), kept.rights_at, kept.notes), (0, None, NOTES))
        was = EarlierSitting.objects.get()
        self.assertEqual((was.starts_at, was.place, was.mediator, was.moved_by), (at("09:00"), "第一调解室", "条和", self.mediator))
        self.assertEqual([(one["name"], one["state"], one["last_four"], one["stands_in"]) for one in was.people],
                         [("条和", "came", "", ""), ("李建国", "came", "123X", ""), ("宿迁宏远劳务有限公司", "came", "0001", "王经理")])
        self.assertEqual((was.rights_version, was.rights_at, was.rights_by), (VERSION, NOW, "条和"))
        told = hearing.mediation.claim.events.first()
        self.assertEqual((told.facts["move"], told.facts["who"]), ("begun_before", ["条和", "李建国", "宿迁宏远劳务有限公司"]))
        self.everybody_in(hearing)
        verbs.read_rights(hearing, self.mediator, now=NOW)
        made = verbs.close(hearing, self.mediator, now=NOW, version=1)
        self.assertIn("改动以前签到的：条和、李建国、宿迁宏远劳务有限公司（王经理）", made.pages[0]["text"])

    def test_what_was_kept_of_an_earlier_sitting_is_never_changed(self) -> None:
        hearing = self.open_room()
        self.everybody_in(hearing)
        self.make_move(hearing.mediation, "postpone")
        for act in (lambda: EarlierSitting.objects.update(place="别处"), lambda: EarlierSitting.objects.all().delete()):
            with self.assertRaisesMessage(DatabaseError, "never changed"), transaction.atomic():
                act()

    def test_nothing_is_kept_of_a_door_nobody_came_to(self) -> None:
        hearing = self.open_room()
        self.make_move(hearing.mediation, "postpone")
        self.assertFalse(EarlierSitting.objects.exists())

    def test_every_way_to_another_time_or_place_keeps_who_had_come(self) -> None:
        online = Room.objects.create(name="网上调解室一", region_id="321322", medium="online")
        for move, answers in (("convert", {"room": online}), ("on_site", {})):
            with self.subTest(move):
                hearing = self.open_room()
                self.everybody_in(hearing)
                self.make_move(hearing.mediation, move, **answers)
                self.assertEqual((hearing.presences.count(), len(hearing.earlier_sittings.get().people)), (0, 3))
                hearing.mediation.refresh_from_db()
                self.make_move(hearing.mediation, "hold")
                self.make_move(hearing.mediation, "fail")

    def test_once_minutes_are_closed_the_hearing_keeps_its_time(self) -> None:
        hearing = self.open_room()
        self.closed(hearing)
        self.assertEqual(self.refusal(self.make_move, hearing.mediation, "postpone"), "minutes_closed")
        self.assertEqual(self.refusal(self.make_move, hearing.mediation, "on_site"), "minutes_closed")
        self.assertEqual(Presence.objects.count(), 3)
        hearing.mediation.refresh_from_db()
        self.make_move(hearing.mediation, "adjourn")

    def test_adjourned_and_undone_the_door_stays_as_it_was(self) -> None:
        """Before its hour too: whoever was let in, for them it had begun."""
        hearing = self.open_room()
        self.everybody_in(hearing)
        self.assertEqual(self.refusal(self.make_move, hearing.mediation, "fail"), "hearing_begun")
        self.make_move(hearing.mediation, "adjourn")
        hearing.refresh_from_db()
        self.assertEqual((hearing.state, hearing.presences.count()), ("adjourned", 3))
        self.make_move(hearing.mediation, "undo")
        self.assertEqual(hearing.presences.count(), 3)


class AbsentTest(RoomTestCase):
    """One rule for the door, the page of the result and the API."""

    def setUp(self) -> None:
        super().setUp()
        self.hearing = self.open_room()
        self.mediation = self.hearing.mediation
        self.firm = self.door(self.hearing, "respondent")

    def no_show(self, **said):
        return self.make_move(self.mediation, "no_show", **{"absent": [self.firm.party_id], "called_by": "", "called_proof": "", **said})

    def tasks(self):
        return [(row.owner, row.facts) for row in Task.objects.filter(kind="hearing_to_call", done_at=None)]

    def test_nobody_is_absent_without_a_word_on_how_they_were_called(self) -> None:
        for said in ({}, {"called_by": "phone"}, {"called_proof": "通话两分钟"}, {"called_by": "phone", "called_proof": " "}):
            with self.subTest(said):
                self.assertEqual(self.refusal(self.no_show, **said), "not_called")
        self.assertFalse(Presence.objects.exists())
        self.no_show(called_by="phone", called_proof="3月1日9:20通话两分钟")
        row = Presence.objects.get()
        self.assertEqual((row.attendance, row.state, row.called_by, row.called_proof), (self.firm, "absent", "phone", "3月1日9:20通话两分钟"))

    def test_a_hearing_that_was_held_asks_the_same_of_those_who_stayed_away(self) -> None:
        hold = lambda **said: self.make_move(self.mediation, "hold", absent=[self.firm.party_id], **said)  # noqa: E731
        self.assertEqual(self.refusal(hold), "not_called")
        hold(called_by="message", called_proof="短信截图")
        self.assertEqual(self.mediation.claim.events.first().facts["absent"], [self.firm.name])

    def test_what_the_door_said_is_not_asked_again(self) -> None:
        verbs.check_in(self.hearing, self.firm, self.mediator, now=NOW, said=AWAY)
        self.no_show(absent=None)
        self.assertEqual((Presence.objects.get().called_proof, self.mediation.state), (AWAY.called_proof, "no_show"))

    def test_a_notice_that_was_served_is_proof_enough(self) -> None:
        row = calling.notify(self.hearing, [self.firm], self.mediator, now=NOW)[0]
        file = SimpleUploadedFile("回证.pdf", b"%PDF-1.4 receipt", "application/pdf")
        serving.attempt(row.service, self.mediator, now=NOW, method="direct", said=Said(TODAY, received_by="前台", files={"receipt": [file]}))
        self.no_show()
        self.assertEqual(Presence.objects.get().called_by, "paper")
        self.assertIn("直接送达", Presence.objects.get().called_proof)

    def test_the_result_cannot_say_other_than_the_door(self) -> None:
        verbs.check_in(self.hearing, self.firm, self.mediator, now=NOW, said=FIRM_HERE)
        self.assertEqual(self.refusal(self.no_show, called_by="phone", called_proof="x"), "here_at_door")
        verbs.check_in(self.hearing, self.firm, self.mediator, now=NOW, said=AWAY)
        self.assertEqual(self.refusal(self.make_move, self.mediation, "hold", absent=[]), "away_at_door")
        self.assertEqual(self.refusal(self.no_show, absent=[uuid4()]), "no_such_party")

    def test_who_could_not_be_called_is_no_default_but_a_service_to_be_made_good(self) -> None:
        verbs.check_in(self.hearing, self.firm, self.mediator, now=NOW, said=Came("uncalled", why="电话停机"))
        self.assertEqual(self.refusal(self.no_show, called_by="phone", called_proof="x"), "not_called")
        self.assertEqual(self.refusal(self.no_show, absent=None), "not_called")
        self.make_move(self.mediation, "adjourn")
        self.assertEqual(self.tasks(), [(self.mediator, {"number": self.mediation.claim.number})])
        self.make_move(self.mediation, "schedule", starts_at=at("14:00"), ends_at=at("15:00"))
        again = self.mediation.hearings.last()
        calling.notify(again, list(again.attendances.all()), self.mediator, now=NOW)
        self.assertEqual(self.tasks(), [])

    def test_undone_nothing_is_left_to_make_good(self) -> None:
        verbs.check_in(self.hearing, self.firm, self.mediator, now=NOW, said=Came("uncalled", why="电话停机"))
        self.make_move(self.mediation, "hold", absent=[])
        self.assertEqual(self.mediation.claim.events.first().facts["uncalled"], [self.firm.name])
        self.assertEqual(len(self.tasks()), 1)
        self.make_move(self.mediation, "undo")
        self.assertEqual(self.tasks(), [])

    def test_undone_what_was_said_with_the_result_is_taken_back_with_it_and_the_door_is_not(self) -> None:
        worker = self.door(self.hearing, "worker")
        verbs.check_in(self.hearing, worker, self.mediator, now=NOW - timedelta(minutes=5), said=AWAY)
        self.make_move(self.mediation, "no_show", absent=[self.firm.party_id, worker.party_id])
        self.assertEqual(Presence.objects.count(), 2)
        self.make_move(self.mediation, "undo")
        self.assertEqual(Presence.objects.get().attendance, worker)

    def test_the_api_is_asked_the_same(self) -> None:
        self.client.force_login(self.mediator)
        address = f"/api/v1/mediations/{self.mediation.pk}/moves/no_show/"
        answer = self.client.post(address, {"absent": [str(self.firm.party_id)]}, "application/json")
        self.assertEqual((answer.status_code, answer.json()["code"]), (409, "not_called"))
        answer = self.client.post(address, {"absent": [str(self.firm.party_id)], "called_by": "phone", "called_proof": "通话两分钟"}, "application/json")
        self.assertEqual((answer.status_code, answer.json()["state"]), (200, "no_show"))


class RightsTest(RoomTestCase):
    def test_what_was_read_is_kept_word_for_word(self) -> None:
        hearing = self.open_room()
        self.assertEqual(self.refusal(verbs.read_rights, hearing, self.mediator, now=NOW), "nobody_here")
        self.everybody_in(hearing)
        kept = verbs.read_rights(hearing, self.mediator, now=NOW)
        self.assertEqual((kept.rights_version, kept.rights_at, kept.rights_text), (VERSION, NOW, text_of(RIGHTS)))
        self.assertIn("十五日内没有达成协议的，可以依法申请劳动仲裁", kept.rights_text)


class NotesTest(RoomTestCase):
    def save(self, hearing, notes=NOTES, version=0, person=None):
        return verbs.save_notes(hearing, person or self.mediator, now=NOW, notes=notes, version=version)

    def test_each_saved_text_is_one_version_on(self) -> None:
        hearing = self.open_room()
        self.assertEqual(self.save(hearing).version, 1)
        self.assertEqual(self.save(hearing, {**NOTES, "worker": "要求一次付清。"}, 1).version, 2)

    def test_who_saves_second_gets_both_texts_and_nothing_is_lost(self) -> None:
        hearing = self.open_room()
        self.save(hearing)
        with self.assertRaises(verbs.StaleNotes) as caught:
            self.save(hearing, {**NOTES, "result": "没有达成协议。"}, 0, self.chief)
        stale = caught.exception
        self.assertEqual((stale.mine["result"], stale.theirs["result"], stale.version, stale.differ), ("没有达成协议。", NOTES["result"], 1, ["result"]))
        self.assertEqual(HearingRecord.objects.get().notes["result"], NOTES["result"])
        self.assertEqual(self.save(hearing, {**NOTES, "result": "没有达成协议。"}, stale.version, self.chief).version, 2)

    def test_a_save_whose_answer_was_lost_is_the_same_save(self) -> None:
        hearing = self.open_room()
        self.save(hearing)
        self.assertEqual(self.save(hearing).version, 1)

    def test_a_section_has_an_end(self) -> None:
        hearing = self.open_room()
        self.assertEqual(self.refusal(self.save, hearing, {"result": "字" * 8001}), "too_long")
        self.save(hearing, {"result": "字" * 8000})

    def test_what_is_read_on_the_page_is_what_was_signed(self) -> None:
        """Marks that turn the order of letters round would show another sum than the one that is kept."""
        hearing = self.open_room()
        self.save(hearing, {**NOTES, "result": "欠\u202e0008\u202c元\0\x07，\u2067付清\u2069。\r\n第二行\t完"})
        self.assertEqual(HearingRecord.objects.get().notes["result"], "欠0008元，付清。\n第二行\t完")
        self.save(hearing, {"result": "قەرز 8000 يۈەن"}, 1)  # Uyghur goes from right to left by itself
        self.assertEqual(HearingRecord.objects.get().notes["result"], "قەرز 8000 يۈەن")

    def test_what_could_not_be_printed_is_said_before_anybody_signs(self) -> None:
        hearing = self.open_room()
        self.everybody_in(hearing)
        verbs.read_rights(hearing, self.mediator, now=NOW)
        self.save(hearing, {**NOTES, "worker": "工头发来\U0010fffd"})  # nobody has a letter there
        self.assertEqual(self.refusal(verbs.close, hearing, self.mediator, now=NOW, version=1), "no_glyph")
        self.assertEqual(HearingRecord.objects.get().notes["worker"], "工头发来\U0010fffd")
        self.save(hearing, NOTES, 1)
        verbs.close(hearing, self.mediator, now=NOW, version=2)

    def test_minutes_are_closed_when_everything_was_done(self) -> None:
        hearing = self.open_room()
        self.save(hearing, {"opening": "开场。"})
        close = lambda version: verbs.close(hearing, self.mediator, now=NOW, version=version)  # noqa: E731
        self.assertEqual(self.refusal(close, 1), "nothing_written")
        self.save(hearing, NOTES, 1)
        self.assertEqual(self.refusal(close, 1), "stale_notes")
        self.assertEqual(self.refusal(close, 2), "no_mediator")
        self.everybody_in(hearing)
        self.assertEqual(self.refusal(close, 2), "rights_unread")
        verbs.read_rights(hearing, self.mediator, now=NOW)
        made = close(2)
        self.assertEqual((made.number, made.is_whole), (1, True))
        text = "".join(page["text"] for page in made.pages).replace("\n", "")
        for words in (hearing.mediation.claim.number, "李建国", "末四位123X", "王经理", "【调解结果】", "达成协议，分两期支付。"):
            self.assertIn(words, text)
        self.assertEqual(self.refusal(self.save, hearing, {**NOTES, "result": "改。"}, 2), "closed")
        self.assertEqual(self.refusal(close, 2), "closed")

    def test_whoever_came_after_the_rights_were_read_hears_them_too(self) -> None:
        hearing = self.open_room()
        self.everybody_in(hearing)
        verbs.read_rights(hearing, self.mediator, now=NOW - timedelta(minutes=5))
        self.save(hearing)
        self.assertEqual(self.refusal(verbs.close, hearing, self.mediator, now=NOW, version=1), "rights_unheard")
        verbs.read_rights(hearing, self.mediator, now=LATER)
        verbs.close(hearing, self.mediator, now=LATER, version=1)

    def test_a_beginning_nobody_went_on_from_is_nobodys_statement(self) -> None:
        hearing = self.open_room()
        self.everybody_in(hearing)
        verbs.read_rights(hearing, self.mediator, now=NOW)
        self.save(hearing, {**NOTES, "worker": "申请人称：欠八千元。", "respondent": "被申请方称："})
        text = "".join(page["text"] for page in verbs.close(hearing, self.mediator, now=NOW, version=1).pages)
        self.assertIn("【申请人陈述】\n申请人称：欠八千元。", text)
        self.assertNotIn("被申请方称", text)

    def test_minutes_are_chinese_in_whatever_language_somebody_works(self) -> None:
        with translation.override("en"):
            made = self.closed(self.open_room())
        self.assertIn("申请人 李建国，2026-03-02 10:00到场，核对居民身份证", made.pages[0]["text"].replace("\n", ""))

    def test_a_correction_is_the_next_version_with_a_reason(self) -> None:
        hearing = self.open_room()
        first = self.closed(hearing)
        correct = lambda **said: verbs.correct(hearing, self.mediator, now=LATER, **{"notes": NOTES, "reason": "金额写错", "after": 1, **said})  # noqa: E731
        self.assertEqual(self.refusal(correct, reason=" "), "no_reason")
        self.assertEqual(self.refusal(correct), "nothing_changed")
        second = correct(notes={**NOTES, "undisputed": "欠2026年1月工资8200元。"})
        self.assertEqual((second.number, second.reason), (2, "金额写错"))
        self.assertEqual(self.refusal(correct, notes={"result": "另一个人的更正"}), "stale")
        first.refresh_from_db()
        self.assertIn("8000元", str(first.pages))

    def test_closed_minutes_are_never_changed_not_even_by_the_database(self) -> None:
        self.closed(self.open_room())
        for act in (lambda: Minutes.objects.update(sha256="0" * 64), lambda: Minutes.objects.all().delete()):
            with self.assertRaisesMessage(DatabaseError, "never changed"), transaction.atomic():
                act()


class SigningTest(RoomTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.hearing = self.open_room()
        self.minutes = self.closed(self.hearing)
        self.me, self.worker, self.firm = self.hearing.presences.order_by("entered_at", "id")

    def sign(self, presence, shade=0, person=None, **said):
        facts = {"now": LATER, "seen": self.minutes.sha256, "picture": glass(shade), **said}
        return signing.sign(said.pop("minutes", self.minutes), presence, person or self.mediator, **{k: v for k, v in facts.items() if k != "minutes"})

    def hands(self, minutes=None):
        rows = signing.hands(self.hearing, minutes or self.minutes, list(self.hearing.presences.all()), list(MinutesSignature.objects.all()))
        return {hand.presence.signs_as: list(hand.unsigned) for hand in rows}

    def test_a_signature_names_what_it_signed(self) -> None:
        made = self.sign(self.worker)
        self.assertEqual((made.sha256, made.pages, made.name), (self.minutes.sha256, self.minutes.fingerprints, "李建国"))
        self.assertEqual(made.evidence.kind, "signature")
        self.assertIn(self.minutes.short, made.evidence.title)
        self.assertEqual(self.hands(), {"条和": [1, 2], "李建国": [], "王经理": [1, 2]})

    def test_each_signature_is_kept_as_what_it_is(self) -> None:
        """Under the worker's name nobody finds the firm's hand: a signed application is looked for there."""
        made = [self.sign(presence, 9 + n).evidence for n, presence in enumerate((self.worker, self.firm, self.me))]
        self.assertEqual([row.kind for row in made], ["signature", "firm_sign", "other_sign"])
        self.assertEqual([str(row.get_kind_display()) for row in made], ["劳动者签名", "用工一方签名", "代理人、调解员和其他人签名"])
        self.assertFalse([row for row in Record(self.hearing.mediation.claim, TODAY).evidence if "sign" in row.kind])

    def test_who_saw_another_text_does_not_sign_this_one(self) -> None:
        self.assertEqual(self.refusal(self.sign, self.worker, seen="0" * 64), "stale")
        self.assertFalse(Evidence.objects.filter(kind="signature").exists())

    def test_nobody_signs_twice_nor_with_the_same_picture_for_somebody_else(self) -> None:
        self.sign(self.worker)
        self.assertEqual(self.refusal(self.sign, self.worker, 9), "signed_already")
        self.assertEqual(self.refusal(self.sign, self.firm), "same_file")
        self.sign(self.firm, 9)

    def test_the_mediator_signs_at_his_own_account_and_last(self) -> None:
        self.assertEqual(self.refusal(self.sign, self.me, person=self.chief), "not_the_mediator")
        self.sign(self.worker)
        self.assertEqual(self.refusal(self.sign, self.me, 9), "others_first")
        signing.refuse(self.minutes, self.firm, self.mediator, now=LATER, seen=self.minutes.sha256, because="不认金额", witness="村委张")
        self.sign(self.me, 9)

    def test_whoever_has_signed_stays_at_the_door_as_they_were(self) -> None:
        self.sign(self.worker)
        self.assertEqual(
            self.refusal(verbs.check_in, self.hearing, self.worker.attendance, self.mediator, now=LATER, said=Came("came", by="agent", stands_in="别人", authority="special")),
            "signed_at_door",
        )

    def test_who_was_here_cannot_change_under_closed_minutes(self) -> None:
        """Somebody came after they were closed: they are corrected first, or nobody could say what was signed."""
        verbs.check_in(self.hearing, self.firm.attendance, self.mediator, now=LATER, said=replace(FIRM_HERE, stands_in="李经理"))
        self.assertEqual(self.refusal(self.sign, self.worker), "door_changed")
        self.assertEqual(self.refusal(verbs.read_rights, self.hearing, self.mediator, now=LATER), "closed")
        self.minutes = verbs.correct(self.hearing, self.mediator, now=LATER, notes=NOTES, reason="来人登记有误", after=1)
        self.assertIn("李经理", self.minutes.pages[0]["text"])
        self.sign(self.worker)

    def test_a_correction_leaves_only_the_changed_pages_unsigned(self) -> None:
        long = {**NOTES, "worker": "\n".join(f"第{n}句" for n in range(40))}
        two = verbs.correct(self.hearing, self.mediator, now=LATER, notes=long, reason="补记陈述", after=1)
        self.minutes = two
        self.sign(self.worker)
        three = verbs.correct(self.hearing, self.mediator, now=LATER, notes={**long, "result": "没有达成协议。"}, reason="结果写错", after=2)
        changed = [n for n, (old, new) in enumerate(zip(two.fingerprints, three.fingerprints, strict=True), 1) if old != new]
        self.assertEqual(self.hands(three)["李建国"], changed)
        self.assertTrue(0 < len(changed) < len(three.pages))
        self.assertEqual(self.refusal(signing.sign, two, self.firm, self.mediator, now=LATER, seen=two.sha256, picture=glass(7)), "stale")

    def test_a_refusal_has_a_reason_and_a_witness_and_may_be_thought_better_of(self) -> None:
        refuse = lambda **said: signing.refuse(self.minutes, self.firm, self.mediator, now=LATER, **{"seen": self.minutes.sha256, "because": "不认金额", "witness": "村委张", **said})  # noqa: E731
        self.assertEqual(self.refusal(refuse, because=" "), "no_reason")
        for nobody in ("", "王经理", "条和"):  # neither whoever would not sign nor the mediator
            self.assertEqual(self.refusal(refuse, witness=nobody), "no_witness")
        made = refuse()
        self.assertTrue(made.is_refusal)
        self.assertEqual(self.hands()["王经理"], [1, 2])
        self.sign(self.firm)
        self.assertEqual(self.hands()["王经理"], [])

    def test_a_signature_is_never_changed(self) -> None:
        self.sign(self.worker)
        with self.assertRaisesMessage(DatabaseError, "never changed"), transaction.atomic():
            MinutesSignature.objects.update(name="别人")

    def test_a_page_that_was_changed_past_the_house_is_found(self) -> None:
        self.sign(self.worker)
        self.assertEqual(integrity_checks.minutes(NOW).count, 0)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE mediation_minutes DISABLE TRIGGER never_changed")
            cursor.execute("UPDATE mediation_minutes SET pages = jsonb_set(pages, '{0,text}', '\"改过\"')")
            cursor.execute("ALTER TABLE mediation_minutes ENABLE TRIGGER never_changed")
        self.assertEqual(integrity_checks.minutes(NOW).count, 1)

    def test_what_is_no_picture_is_no_signature(self) -> None:
        text = glass()
        text.file.seek(0)
        text.file.truncate()
        text.file.write(b"just words")
        text.file.seek(0)
        self.assertEqual(self.refusal(self.sign, self.worker, picture=text), "no_picture")
