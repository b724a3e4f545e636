"""What respondents and who stands in for a party are told of a hearing: who, by which way, in which words, when not at all, and whose
work it is when nobody can be reached."""

import re
from datetime import date, timedelta
from typing import Any

from django.core import mail
from django.test import override_settings
from django.urls import reverse

from arrears.intake import ClaimantFacts, RespondentFacts
from arrears.models import Evidence, Respondent, Service
from arrears.telling import tell as told_of
from grid import outbox
from grid.kinds import KINDS
from grid.models import Notice, Task
from grid.models.notices import DROPPED, QUEUED, SENT
from mediation import hearings, party_notices, party_telling, rooms
from mediation.models import Hearing, HearingLink, Mediation, PartyContact, PartyDay, Room
from mediation.notice_kinds import PARTY_KINDS
from mediation.parties import parties_of
from mediation.room import calling
from mediation.room.reminding import remind_due
from tests.base import NOW, TODAY
from tests.gateways import SmsGateway
from tests.mediation.base import TOMORROW, at
from tests.mediation.room_base import RoomTestCase
from tests.mediation.test_pages import PageTestCase

SMS = override_settings(SMS_URL="https://sms.example/send", SMS_KEY="k", SMS_SECRET="s", SITE_URL="https://xinan.example")
BOSS = "13700000007"
DAY = date(2026, 3, 12)
LATER = {"starts_at": at("09:00", DAY), "ends_at": at("10:30", DAY)}


class Written(RoomTestCase):
    def mediated(self, state: str = "accepted", phone: str = BOSS, **sitting: Any) -> Mediation:
        firm = [RespondentFacts("宿迁宏远劳务有限公司", phone=phone)]
        return self.make_mediation(state, self.make_handled_claim(respondents=firm), **({**LATER, **sitting} if state == "scheduled" else {}))

    def written(self) -> list[Notice]:
        return list(Notice.objects.filter(addressee_kind="called").order_by("created_at", "id"))

    def kinds(self) -> list[str]:
        return [row.kind for row in self.written()]

    def firm(self, mediation: Mediation) -> Any:
        return next(party for party in parties_of(mediation.claim) if party.kind == "respondent")

    def worker(self, mediation: Mediation) -> Any:
        return next(party for party in parties_of(mediation.claim) if party.kind == "worker")

    def contact(self, mediation: Mediation, party: Any, capacity: str = "agent", person: Any = None, **facts: Any) -> PartyContact:
        said = {"name": "王律师", "phone": "13700000008", "version": 0, **facts}
        return party_telling.set_contact(mediation, party, capacity, person or self.county, now=NOW, **said)

    def tasks(self) -> list[Task]:
        return list(Task.objects.filter(kind="party_unreached", done_at=None))


@SMS
class MovesTest(Written):
    def test_the_firm_is_told_when_and_where_with_its_own_link_and_no_name(self) -> None:
        mediation = self.mediated("scheduled")
        with SmsGateway() as gateway, override_settings(**gateway.settings):
            while outbox.send_one(NOW):
                pass
        (text,) = [one["text"] for one in gateway.messages if one["phone"] == BOSS]
        self.assertIn(f"欠薪案件{mediation.claim.number}定于2026-03-12 09:00–10:30在第一调解室开调解会，请派能作主的人到场。", text)
        self.assertIn("本消息只作提醒，书面通知另行送达", text)
        self.assertNotIn("李建国", text)
        address = re.search(r"https://xinan\.example(/called/[\w-]+/)", text)
        self.assertIsNotNone(address)
        link = HearingLink.objects.get()
        self.assertEqual((link.sent_to, link.attendance.party_kind), ("self", "respondent"))
        self.assertNotIn(address[1].split("/")[2], str(Notice.objects.values().get(addressee_kind="called")))  # no row keeps the way in
        self.assertNotIn(address[1].split("/")[2], str(HearingLink.objects.values().get()))

    def test_every_change_is_told_once_and_an_old_message_that_waits_is_taken_back(self) -> None:
        mediation = self.mediated("scheduled")
        self.make_move(mediation, "postpone", starts_at=at("14:00", DAY), ends_at=at("15:00", DAY))
        self.assertEqual([(row.kind, row.state) for row in self.written()], [("party_hearing", DROPPED), ("party_hearing_moved", QUEUED)])
        self.assertEqual(self.written()[-1].facts["begins"], at("09:00", DAY).isoformat())  # who is told after that came in vain
        online = Room.objects.create(name="线上一室", region_id="321322", medium="online", link="https://meeting.example/1")
        self.make_move(mediation, "convert", room=online)
        self.assertEqual((self.kinds()[-1], self.written()[-1].facts.get("place_msgid")), ("party_hearing_moved", "网上"))
        facts = {name: getattr(online, name) for name in ("name", "medium", "address", "capacity", "is_step_free", "is_active", "equipment")}
        rooms.change(online, self.county, now=NOW, version=1, **facts, link="https://meeting.example/2")
        self.assertEqual(self.kinds()[-1], "party_hearing_way")
        rooms.change(online, self.county, now=NOW, version=2, **facts, link="https://meeting.example/2")
        self.assertEqual(self.kinds().count("party_hearing_way"), 1)  # the same link
        self.make_move(mediation, "fail")
        self.assertEqual([row.kind for row in self.written() if row.state == QUEUED], ["party_hearing_off"])

    def test_held_or_begun_nobody_is_told_that_it_is_off(self) -> None:
        held = self.mediated("scheduled", starts_at=at("09:00"), ends_at=at("10:00"))
        self.make_move(held, "hold")
        self.make_move(held, "fail")
        self.assertNotIn("party_hearing_off", self.kinds())
        self.assertEqual({row.state for row in self.written()}, {DROPPED})

    def test_adjourned_once_it_has_begun_they_were_there(self) -> None:
        mediation = self.mediated("scheduled", starts_at=at("09:00"), ends_at=at("10:00"))
        hearings.advance(mediation, "adjourn", self.mediator, now=at("09:30"), reason="核对考勤")
        self.assertNotIn("party_hearing_off", self.kinds())

    def test_adjourned_before_it_began_they_stay_at_home(self) -> None:
        self.make_move(self.mediated("scheduled"), "adjourn")
        self.assertEqual(self.kinds()[-1], "party_hearing_off")

    def test_a_result_taken_back_calls_again_and_one_joined_to_another_is_moved(self) -> None:
        mediation = self.mediated("scheduled")
        self.make_move(mediation, "adjourn")
        self.make_move(mediation, "undo")
        self.assertEqual(self.kinds()[-1], "party_hearing")
        other = self.make_mediation(
            "scheduled", self.make_handled_claim(claimants=[ClaimantFacts("赵六")], respondents=[RespondentFacts("宿迁宏远劳务有限公司", phone=BOSS)]),
            starts_at=at("15:00", DAY), ends_at=at("16:00", DAY),
        )  # fmt: skip
        self.make_move(other, "join", hearing=mediation.hearings.get())
        self.assertEqual(self.kinds()[-1], "party_hearing_moved")

    def test_each_step_of_the_ladder_reaches_them_and_nothing_once_it_has_begun(self) -> None:
        mediation = self.mediated("scheduled")
        remind_due(at("10:00", date(2026, 3, 9)))
        remind_due(at("16:00", date(2026, 3, 11)))
        self.assertEqual(self.kinds(), ["party_hearing", "party_hearing_near", "party_hearing_near"])
        late = at("09:05", DAY)
        with SmsGateway() as gateway, override_settings(**gateway.settings):
            while outbox.send_one(late):
                pass
        self.assertEqual([one["text"] for one in gateway.messages if one["phone"] == BOSS], [])  # the channel was down until it had begun
        self.assertEqual({row.state for row in self.written()}, {DROPPED})
        self.assertEqual(mediation.hearings.get().state, "scheduled")

    def test_at_night_it_waits_until_the_morning(self) -> None:
        self.mediated("scheduled")
        self.assertFalse(self.written()[0].sent_at)
        with SmsGateway() as gateway, override_settings(**gateway.settings):
            while outbox.send_one(at("22:30", TODAY)):
                pass
            self.assertEqual(gateway.messages, [])
            while outbox.send_one(at("08:01", TOMORROW)):
                pass
        self.assertIn(BOSS, [one["phone"] for one in gateway.messages])

    def test_two_firms_of_which_one_was_not_called(self) -> None:
        firms = [RespondentFacts("甲公司", phone=BOSS), RespondentFacts("乙公司", phone="13700000009")]
        mediation = self.make_mediation("accepted", self.make_handled_claim(respondents=firms))
        called = [party.pk for party in parties_of(mediation.claim) if party.name != "乙公司"]
        self.make_move(mediation, "schedule", parties=called, **LATER)
        self.assertEqual([row.attendance.name for row in HearingLink.objects.all()], ["甲公司"])

    @override_settings(SMS_URL="")
    def test_without_a_gateway_nothing_is_written_and_nobody_is_asked(self) -> None:
        self.mediated("scheduled", phone="")
        self.assertEqual((self.written(), self.tasks()), ([], []))


@SMS
class ContactsTest(Written):
    def test_who_stands_in_for_a_party_gets_their_own_words_link_language_and_mail(self) -> None:
        mediation = self.mediated("scheduled")
        self.contact(mediation, self.worker(mediation), name="王律师", email="wang@example.com", language="en")
        agent = HearingLink.objects.get(sent_to="agent")
        rows = [row for row in self.written() if row.addressee_id == agent.pk]
        self.assertEqual([(row.kind, row.channel) for row in rows], [("party_hearing", "sms"), ("party_hearing", "email")])
        self.assertEqual({row.facts["please_msgid"] for row in rows}, {"请您到场，带好委托书"})
        self.assertEqual((agent.name, agent.attendance.party_kind), ("王律师", "worker"))
        Notice.objects.exclude(channel="email", addressee_kind="called").delete()
        while outbox.send_one(NOW):
            pass
        (message,) = mail.outbox
        self.assertEqual(message.to, ["wang@example.com"])
        self.assertIn("https://xinan.example/called/", message.body)
        self.assertNotIn("/hearings/", message.body)
        self.assertNotIn("请登录系统", message.body)
        (part,) = message.attachments
        ics = part.get_payload(decode=True).decode().replace("\r\n ", "")
        self.assertIn("/called/", ics)
        self.assertNotIn("/mediations/", ics)

    def test_a_new_number_ends_the_old_address_and_is_told_at_once(self) -> None:
        mediation = self.mediated("scheduled")
        old = HearingLink.objects.get().pk
        self.contact(mediation, self.firm(mediation), "self", name="", phone="13700000011")
        self.assertFalse(HearingLink.objects.filter(pk=old).exists())
        self.assertIsNone(party_notices.reached(old))  # what waits for the old one goes nowhere
        self.assertEqual(self.kinds(), ["party_hearing", "party_hearing"])
        self.assertEqual(party_notices.reached(HearingLink.objects.get().pk).phone, "13700000011")

    def test_what_is_refused_says_what_to_do(self) -> None:
        mediation = self.mediated("scheduled")
        firm, worker = self.firm(mediation), self.worker(mediation)
        refused = [
            ("worker_own", worker, "self", {}), ("no_name", firm, "agent", {"name": " "}), ("no_mobile", firm, "agent", {"phone": "0527-84350001"}),
            ("no_mobile", firm, "agent", {"phone": "1380000000"}), ("no_mobile", firm, "agent", {"phone": "手机"}), ("bad_email", firm, "agent", {"email": "x@"}),
            ("bad_email", firm, "agent", {"email": "a@b.com\nBcc: c@d.com"}), ("no_address", firm, "agent", {"phone": "", "email": ""}),
            ("other_side", firm, "self", {"phone": "13800000001"}), ("other_side", worker, "agent", {"phone": BOSS}), ("stale", firm, "agent", {"version": 3}),
            ("not_your_role", firm, "agent", {"person": self.auditor}),
        ]  # fmt: skip
        for code, party, capacity, facts in refused:
            with self.subTest(code, **facts):
                self.assertEqual(self.refusal(self.contact, mediation, party, capacity, **facts), code)
        self.assertFalse(PartyContact.objects.exists())
        self.contact(mediation, firm)
        self.assertEqual(self.refusal(self.contact, mediation, firm), "stale")  # said twice
        self.contact(mediation, firm, version=1, name="李律师")
        self.assertEqual(PartyContact.objects.get().version, 2)

    def test_whom_nobody_may_write_to_is_not_written_to(self) -> None:
        mediation = self.mediated()
        self.contact(mediation, self.firm(mediation), "self", name="", phone="", may_write=False)
        self.make_move(mediation, "schedule", **LATER)
        self.assertEqual(self.written(), [])
        self.assertEqual([task.owner for task in self.tasks()], [self.mediator])

    def test_the_firm_whose_number_is_a_workers_is_not_written_to_there(self) -> None:
        self.mediated("scheduled", phone="13800000001")
        self.assertEqual((self.written(), len(self.tasks())), ([], 1))

    def test_the_history_says_it_without_a_number(self) -> None:
        mediation = self.mediated()
        self.contact(mediation, self.firm(mediation))
        event = mediation.claim.events.first()
        self.assertEqual(told_of(event).title, "登记了怎样通知宿迁宏远劳务有限公司开会")
        self.assertNotIn("13700000008", str(event.facts))

    def test_served_electronically_by_their_own_consent_it_says_so(self) -> None:
        mediation = self.mediated("scheduled")
        hearing = mediation.hearings.get()
        rows = calling.notify(hearing, list(hearing.attendances.all()), self.mediator, now=NOW)
        paper = Evidence.objects.create(claim=mediation.claim, added_by=self.mediator, added_at=NOW, kind="other", size=1, sha256="0" * 64)
        firm = next(row for row in rows if row.attendance.party_kind == "respondent")
        Service.objects.filter(pk=firm.service_id).update(e_address=BOSS, consent=paper)
        remind_due(at("16:00", date(2026, 3, 11)))
        self.assertEqual(self.written()[-1].facts["paper_msgid"], "书面通知发到您同意的电子送达地址")


@SMS
class UnreachedTest(Written):
    def test_a_firm_without_a_mobile_is_the_mediators_work_until_it_was_held(self) -> None:
        mediation = self.mediated("scheduled", phone="0527-84350001")
        (task,) = self.tasks()
        self.assertEqual((task.owner, task.path), (self.mediator, f"/hearings/{mediation.hearings.get().pk}/#calls"))
        self.make_move(mediation, "postpone", starts_at=at("14:00", DAY), ends_at=at("15:00", DAY))
        self.assertEqual(len(self.tasks()), 1)
        self.make_move(mediation, "hold")
        self.assertEqual(self.tasks(), [])

    def test_a_number_that_is_no_good_is_the_mediators_work_and_not_the_administrators(self) -> None:
        self.mediated("scheduled")
        Notice.objects.exclude(addressee_kind="called").delete()
        with SmsGateway([{"code": "bad_number", "message": "no"}]) as gateway, override_settings(**gateway.settings):
            while outbox.send_one(NOW):
                pass
        self.assertEqual([task.owner for task in self.tasks()], [self.mediator])
        self.assertFalse(Task.objects.filter(kind="delivery_failed").exists())

    def test_what_has_waited_since_hours_is_said_by_somebody_when_the_hearing_is_near(self) -> None:
        self.mediated("scheduled")
        self.assertEqual(self.tasks(), [])
        remind_due(at("16:00", date(2026, 3, 11)))
        self.assertEqual(len(self.tasks()), 1)

    def test_who_agreed_once_in_this_case_to_electronic_service_need_not_agree_again(self) -> None:
        mediation = self.mediated("scheduled")
        hearing = mediation.hearings.get()
        called = list(hearing.attendances.all())
        firm = next(row for row in calling.notify(hearing, called, self.mediator, now=NOW) if row.attendance.party_kind == "respondent")
        paper = Evidence.objects.create(claim=mediation.claim, added_by=self.mediator, added_at=NOW, kind="other", size=1, sha256="0" * 64)
        Service.objects.filter(pk=firm.service_id).update(e_address=BOSS, consent=paper)
        self.make_move(mediation, "postpone", starts_at=at("14:00", DAY), ends_at=at("15:00", DAY))
        hearing.refresh_from_db()
        rows = {row.attendance.party_kind: Service.objects.get(pk=row.service_id) for row in calling.notify(hearing, called, self.mediator, now=NOW)}
        self.assertEqual((rows["respondent"].e_address, rows["respondent"].consent, rows["worker"].e_address), (BOSS, paper, ""))

    def test_with_a_mail_address_the_firm_is_reached(self) -> None:
        mediation = self.mediated(phone="")
        self.contact(mediation, self.firm(mediation), "self", name="", phone="", email="firm@example.com")
        self.make_move(mediation, "schedule", **LATER)
        self.assertEqual((self.tasks(), [row.channel for row in self.written()]), ([], ["email"]))


@SMS
class OwnPageTest(PageTestCase):
    """By the real clock, as whoever opens a link has it."""

    def setUp(self) -> None:
        super().setUp()
        self.mediation = self.open_mediation()
        Respondent.objects.filter(claim=self.mediation.claim).update(phone=BOSS)
        starts = self.at("09:00")
        hearings.advance(
            self.mediation, "schedule", self.mediator, now=self.now, room=self.room, mediator=self.mediator, starts_at=starts,
            ends_at=starts + timedelta(hours=1), anyway=True,
        )  # fmt: skip
        self.link = HearingLink.objects.get(sent_to="self")
        self.path = party_notices.links.address_of(self.link).removeprefix("https://xinan.example")

    def test_the_address_opens_the_page_and_what_they_confirm_proves_the_call(self) -> None:
        self.assertContains(self.client.get(self.path), "工资支付台账")
        self.client.post(self.path)
        hearing = Hearing.objects.get(mediation=self.mediation)
        one = next(one for one in calling.calls(hearing, list(hearing.attendances.all())) if one.attendance.party_kind == "respondent")
        self.assertEqual((one.knows, one.proof[0], one.is_handed), (True, "link", False))

    def test_a_link_that_was_handed_over_leaves_this_one_alone(self) -> None:
        self.sign_in(self.mediator)
        self.client.post(reverse("hearing_links", args=[self.link.hearing_id]), {"who": self.link.attendance_id})
        self.client.logout()
        self.assertEqual(self.client.get(self.path).status_code, 200)

    def test_they_say_themselves_that_nothing_is_to_come_any_more(self) -> None:
        self.assertContains(self.client.get(self.path), "不要再给我发短信、邮件")
        answer = self.client.post(self.path, {"stop": "1"}, follow=True)
        self.assertContains(answer, "我们不再给您发短信、邮件")
        self.client.post(self.path, {"stop": "1"})  # said twice
        contact = PartyContact.objects.get()
        self.assertEqual((contact.may_write, contact.stopped_at is not None, contact.version), (False, True, 2))
        self.assertEqual(self.mediation.claim.events.filter(facts__move="party_stopped").count(), 1)
        self.assertIs(party_notices.reached(self.link.pk).may_be_told, False)
        link = HearingLink.objects.get(pk=self.link.pk)
        self.assertIsNone(link.seen_at)

    def test_they_say_that_they_cannot_come_and_the_mediator_has_to_move_it(self) -> None:
        day = self.at("09:00").date()
        self.assertContains(self.client.get(self.path), "这个时间来不了")
        answer = self.client.post(self.path, {"days": "1", "day0": day.isoformat(), "part0": "am"}, follow=True)
        self.assertContains(answer, "您说过来不了的日子")
        row = PartyDay.objects.get()
        self.assertEqual((row.day, row.part, row.said_by, row.party_id), (day, "am", None, self.link.attendance.party_id))
        self.assertEqual(Task.objects.filter(kind="hearing_to_move", done_at=None).count(), 1)
        for day0, sentence in ((self.today.isoformat(), "明天起三个月以内"), ("x", "日期读不出来"), ("", "请至少填写一个")):
            with self.subTest(day0):
                self.assertContains(self.client.post(self.path, {"days": "1", "day0": day0, "part0": "all"}), sentence, status_code=409)
        self.assertEqual(PartyDay.objects.count(), 1)
        hearings.advance(self.mediation, "fail", self.mediator, now=self.now, ground="refused", reason="不同意调解")
        later = self.client.post(self.path, {"days": "1", "day0": (day + timedelta(days=1)).isoformat(), "part0": "all"})
        self.assertContains(later, "不用再填", status_code=409)

    def test_the_page_of_the_hearing_says_whom_it_reached_and_whom_not(self) -> None:
        self.sign_in(self.mediator)
        url = reverse("hearing_room", args=[self.link.hearing_id])
        page = self.client.get(url)
        self.assertContains(page, "137****0007")
        self.assertNotContains(page, BOSS)
        self.assertContains(page, "等待发出")
        Notice.objects.filter(addressee_kind="called").update(state=SENT, sent_at=self.now)
        self.assertContains(self.client.get(url), "已发出")
        Respondent.objects.filter(claim=self.mediation.claim).update(phone="")
        self.assertContains(self.client.get(url), "没有手机号和邮箱，系统通知不到")

    def test_the_form_keeps_what_was_typed_and_the_api_says_the_same(self) -> None:
        url, firm = reverse("mediation_parties", args=[self.mediation.pk]), self.mediation.claim.respondents.get()
        said = {"form": "contact", "party": firm.pk, "capacity": "agent", "name": "王律师", "phone": "0527-84350001", "email": "", "language": "zh-hans", "may_write": "on", "version": 0}
        self.sign_in(self.county)
        answer = self.client.post(url, said)
        self.assertContains(answer, "短信发不到固定电话", status_code=409)
        self.assertContains(answer, 'value="王律师"', status_code=409)
        self.assertEqual(self.client.post(url, {**said, "phone": "13700000008"}).status_code, 302)
        self.assertEqual(PartyContact.objects.get().phone, "13700000008")
        self.assertContains(self.client.get(url), "137****0008")
        self.assertEqual(self.client.post(url, {**said, "capacity": "boss"}).status_code, 404)
        self.sign_in(self.auditor)
        self.assertNotContains(self.client.get(url), "13700000008")
        self.assertEqual(self.client.post(url, said).status_code, 409)


class WordsTest(Written):
    def test_each_kind_says_where_to_look_and_fits_a_text_message(self) -> None:
        for kind in PARTY_KINDS:
            with self.subTest(kind.name):
                said = KINDS[kind.name].short % {**kind.sample, "please": kind.sample["please_msgid"], "paper": kind.sample["paper_msgid"]}
                self.assertIn(kind.sample["url"], said)
                self.assertLessEqual(len(said), 201)  # three parts

    def test_a_token_cannot_be_worked_out_from_what_is_stored(self) -> None:
        with SMS:
            self.mediated("scheduled")
        link = HearingLink.objects.get()
        self.assertEqual(link.digest, party_notices.links.digest_of(party_notices.links.token_of(link)))
        self.assertNotIn(party_notices.links.token_of(link), str(HearingLink.objects.values().get()))
