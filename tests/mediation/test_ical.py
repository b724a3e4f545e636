"""iCalendar: what is written another program reads as it was meant (icalendar, which had no part in writing it); folding and
escaping to the letter; the personal address; the entry that goes with a mail."""

from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import patch

import icalendar
from django.test import SimpleTestCase
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from grid import outbox
from grid.addressees import Contact
from grid.channels.email import mail_of
from grid.days import SHANGHAI
from grid.models import Notice
from mediation.feeds import links
from mediation.feeds.ical import CANCELLED, Entry, calendar, folded, text
from mediation.hearings import advance
from mediation.models import CalendarLink, Hearing
from tests.base import NOW
from tests.mediation.base import MediationTestCase, at
from tests.mediation.test_pages import PageTestCase

START = datetime(2026, 3, 3, 9, 0, tzinfo=SHANGHAI)
ANY_TEXT = st.text(st.characters(blacklist_categories=["Cs", "Cc"], whitelist_characters="\n\t"), max_size=200)


def entry(**changes: Any) -> Entry:
    usual = {"uid": "1@x", "sequence": 0, "starts_at": START, "ends_at": START + timedelta(minutes=90), "summary": "调解会"}
    return Entry(**{**usual, **changes})


def read(content: bytes) -> icalendar.Component:
    (event,) = icalendar.Calendar.from_ical(content).walk("VEVENT")
    return event


class WriterTest(SimpleTestCase):
    def test_a_whole_calendar_to_the_letter(self) -> None:
        said = calendar([entry(location="第一调解室，县城, 人民路; 1 号", sequence=3, url="https://x.cn/a?b=1,2", organizer="xinan@x.cn")], written_at=NOW, name="我")
        self.assertEqual(said.decode().split("\r\n"), [
            "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Xinan//Hearings//ZH", "CALSCALE:GREGORIAN", "METHOD:PUBLISH", "NAME:我",
            "X-WR-CALNAME:我", "X-WR-TIMEZONE:Asia/Shanghai", "BEGIN:VTIMEZONE", "TZID:Asia/Shanghai", "BEGIN:STANDARD",
            "DTSTART:19910915T020000", "TZOFFSETFROM:+0900", "TZOFFSETTO:+0800", "TZNAME:CST", "END:STANDARD", "END:VTIMEZONE",
            "BEGIN:VEVENT", "UID:1@x", "DTSTAMP:20260302T020000Z", "SEQUENCE:3", "DTSTART;TZID=Asia/Shanghai:20260303T090000",
            "DTEND;TZID=Asia/Shanghai:20260303T103000", "SUMMARY:调解会", "LOCATION:第一调解室，县城\\, 人民路\\; 1 号",
            "URL:https://x.cn/a?b=1,2", "ORGANIZER:mailto:xinan@x.cn", "STATUS:CONFIRMED", "END:VEVENT", "END:VCALENDAR", "",
        ])  # fmt: skip

    def test_lines_are_folded_between_characters_after_75_octets(self) -> None:
        self.assertEqual(list(folded("a" * 75)), [b"a" * 75 + b"\r\n"])
        self.assertEqual(list(folded("a" * 76)), [b"a" * 75 + b"\r\n", b" a\r\n"])
        pieces = list(folded("b" + "案" * 60))  # three octets each
        self.assertEqual(pieces[0], ("b" + "案" * 24).encode() + b"\r\n")
        self.assertTrue(all(len(piece) <= 77 for piece in pieces))

    def test_what_has_a_meaning_in_a_calendar_is_escaped(self) -> None:
        self.assertEqual(text("a\\b;c,d\r\ne\rf"), "a\\\\b\\;c\\,d\\ne\\nf")
        self.assertEqual(text("x\x00\x1b\x7fy\tz"), "xy\tz")

    @given(ANY_TEXT, ANY_TEXT, st.integers(0, 10**6))
    @settings(max_examples=150, deadline=None)
    def test_another_program_reads_what_was_meant(self, summary: str, location: str, sequence: int) -> None:
        event = read(calendar([entry(summary=summary or "x", location=location, sequence=sequence)], written_at=NOW))
        self.assertEqual((str(event["SUMMARY"]), str(event.get("LOCATION", "")), event["SEQUENCE"]), (summary or "x", location, sequence))
        self.assertEqual(event["DTSTART"].dt.astimezone(UTC), START.astimezone(UTC))
        self.assertEqual(event["DTSTART"].params["TZID"], "Asia/Shanghai")

    def test_an_hour_of_the_winter_and_of_the_summer_is_the_same_hour(self) -> None:
        for month in (1, 7):
            begins = datetime(2026, month, 6, 9, 0, tzinfo=SHANGHAI)
            event = read(calendar([entry(starts_at=begins, ends_at=begins + timedelta(hours=1))], written_at=NOW))
            self.assertEqual(event["DTSTART"].dt.utcoffset(), timedelta(hours=8))
            self.assertEqual((event["DTEND"].dt - event["DTSTART"].dt), timedelta(hours=1))


class FeedTest(PageTestCase):
    def address(self) -> str:
        self.sign_in(self.mediator)
        answer = self.client.post(reverse("calendar_link"))
        self.client.logout()
        return answer.context["address"]

    def path(self) -> str:
        return "/" + self.address().split("/", 3)[3]

    def events(self, path: str) -> list[icalendar.Component]:
        answer = self.client.get(path)
        self.assertEqual((answer.status_code, answer["Content-Type"]), (200, "text/calendar; charset=utf-8"))
        return icalendar.Calendar.from_ical(answer.content).walk("VEVENT")

    def test_it_follows_a_hearing_through_move_and_cancellation_under_one_uid(self) -> None:
        mediation = self.open_mediation("scheduled")
        path = self.path()
        (first,) = self.events(path)
        self.assertEqual(str(first["ORGANIZER"]), "mailto:xinan@localhost")
        self.make_move_now(mediation, "postpone", starts_at=self.at("15:00"), ends_at=self.at("16:00"), room=self.room, mediator=self.mediator, reason="x")
        (moved,) = self.events(path)
        self.assertEqual((moved["UID"], int(moved["SEQUENCE"])), (first["UID"], int(first["SEQUENCE"]) + 1))
        self.assertEqual(moved["DTSTART"].dt.hour, 15)
        self.make_move_now(mediation, "adjourn", reason="x")
        (gone,) = self.events(path)
        self.assertEqual((gone["UID"], str(gone["STATUS"]), int(gone["SEQUENCE"])), (first["UID"], CANCELLED, 2))

    def make_move_now(self, mediation: Any, move: str, **answers: Any) -> None:
        advance(mediation, move, self.mediator, now=self.now + timedelta(seconds=1), **answers)

    def test_it_names_no_party_and_only_what_the_person_may_see(self) -> None:
        self.open_mediation("scheduled")
        path = self.path()
        content = self.client.get(path).content.decode()
        self.assertNotIn("工人0", content)
        self.assertNotIn("公司0", content)
        self.assertEqual(len(self.events(path)), 1)
        self.mediator.postings.update(ends_on=self.today - timedelta(days=1))
        self.assertEqual(self.events(path), [])
        type(self.mediator).objects.filter(pk=self.mediator.pk).update(is_active=False)
        self.assertEqual(self.client.get(path).status_code, 404)

    def test_a_new_address_and_ending_it_kill_the_old_one(self) -> None:
        first, second = self.path(), self.path()
        self.assertEqual([self.client.get(path).status_code for path in (first, second)], [404, 200])
        self.sign_in(self.mediator)
        self.assertNotContains(self.client.get(reverse("calendar_link")), second.split("/")[2])  # shown once
        self.client.post(reverse("calendar_link"), {"end": "1"})
        self.assertEqual(self.client.get(second).status_code, 404)
        self.assertEqual(self.client.get("/calendar/nonsense.ics").status_code, 404)

    def test_the_database_does_not_know_the_address(self) -> None:
        token = links.make(self.mediator, now=self.now)
        self.assertNotIn(token, str(CalendarLink.objects.values().get()))
        self.assertEqual(links.find(token, self.now), self.mediator)
        self.assertIsNotNone(CalendarLink.objects.get().read_at)


class MailTest(MediationTestCase):
    def mail(self, notice: Notice) -> Any:
        notice.channel = "email"
        with patch("mediation.mail_files.timezone.now", return_value=NOW):
            return mail_of(outbox.message_of(notice, Contact(self.mediator.pk, "条和", "a@example.com"), None))

    def test_a_notice_of_a_hearing_carries_its_entry_as_it_stands_now(self) -> None:
        mediation = self.make_mediation("accepted")
        self.make_move(mediation, "schedule", self.county)
        notice = Notice.objects.get(kind="hearing_scheduled", recipient=self.mediator, channel="in_app")
        Hearing.objects.update(version=4)
        part = self.mail(notice).message().get_payload()[1]
        self.assertEqual((part.get_content_type(), part.get_param("method"), part.get_filename()), ("text/calendar", "PUBLISH", "hearing.ics"))
        event = read(part.get_payload(decode=True))
        self.assertEqual((event["UID"], event["SEQUENCE"]), (f"{mediation.hearings.get().pk}@{event['UID'].split('@')[1]}", 4))
        self.assertEqual(event["DTSTART"].dt, at("09:00"))

    def test_one_that_is_off_is_cancelled_and_what_is_about_none_carries_nothing(self) -> None:
        mediation = self.make_mediation("scheduled")
        plain = Notice(kind="mediation_moved", key="x", facts={"number": "1", "move_msgid": "受理", "by": "x", "respondent": "y"})
        self.assertEqual(self.mail(plain).attachments, [])
        self.make_move(mediation, "adjourn", self.county)
        notice = Notice.objects.get(kind="mediation_moved", recipient=self.mediator, channel="in_app", facts__has_key="hearing")
        part = self.mail(notice).message().get_payload()[1]
        self.assertEqual(part.get_param("method"), "CANCEL")
        self.assertEqual(str(read(part.get_payload(decode=True))["STATUS"]), CANCELLED)

    def test_out_of_the_calendar_of_a_mediator_who_was_replaced_it_is_taken(self) -> None:
        mediation = self.make_mediation("scheduled")
        self.make_move(mediation, "postpone", self.county, mediator=self.mediator2)
        kept = {notice.recipient: notice for notice in Notice.objects.filter(kind="hearing_moved", channel="in_app")}
        self.assertEqual(self.said(kept[self.mediator]), ("CANCEL", CANCELLED))
        self.assertEqual(self.said(kept[self.mediator2]), ("PUBLISH", "CONFIRMED"))
        Hearing.objects.update(mediator=self.mediator)  # it has come back before the mail went out
        self.assertEqual(self.said(kept[self.mediator]), ("PUBLISH", "CONFIRMED"))

    def said(self, notice: Notice) -> tuple[str, str]:
        part = self.mail(notice).message().get_payload()[1]
        return part.get_param("method"), str(read(part.get_payload(decode=True))["STATUS"])
