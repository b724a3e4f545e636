"""A body without accounts: the link with a code, what it shows and does not, how it ends; and answers on paper."""

import os
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from unittest.mock import patch

from django.core import mail
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections
from django.test import Client, TransactionTestCase, override_settings
from django.urls import reverse
from PIL import Image, ImageChops
from pypdf import PdfReader, PdfWriter

from arrears import casework, referrals
from arrears.models import Clock, Event, Evidence, Referral, ReplyLink
from arrears.partners import link_answers, links, supplements, watermarks
from arrears.partners.links import code_of, token_of
from grid.models import BodyContact, Notice
from grid.outbox import send_one
from grid.refused import Refused
from tests.arrears.test_referral_moves import Scene, at
from tests.base import NOW, Cast

SMS = override_settings(SMS_URL="https://sms.example/send", SMS_KEY="k", SMS_SECRET="s", SITE_URL="https://xinan.example")
TO = {"name": "王检", "post": "民行科科长"}


def photo(colour: str = "white", size: tuple[int, int] = (900, 700)) -> bytes:
    made = BytesIO()
    Image.new("RGB", size, colour).save(made, "JPEG", quality=95)
    return made.getvalue()


def pdf(pages: int = 2) -> bytes:
    writer, made = PdfWriter(), BytesIO()
    for _number in range(pages):
        writer.add_blank_page(595, 842)
    writer.write(made)
    return made.getvalue()


LONG_PICTURE = """
import resource
from io import BytesIO
import django
django.setup()
from PIL import Image
from arrears.partners import watermarks
made = BytesIO()
watermarks.picture((Image.new("RGB", (90, 70), "white").save(made, "JPEG"), made.getvalue())[1], "JPEG", "检察院 简察 2026-03-03")
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
long = BytesIO()
Image.new("RGB", (1080, 20000), "white").save(long, "JPEG")
seen = Image.open(BytesIO(watermarks.picture(long.getvalue(), "JPEG", "检察院 简察 2026-03-03")))
after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
seen = seen.convert("L").point(lambda grey: 255 if grey < 215 else 0)
print(before * 1024, after * 1024, *(seen.crop((0, y, 1080, y + 1000)).histogram()[255] for y in (0, 9500, 19000)))
"""


class LinkScene(Scene):
    def setUp(self) -> None:
        cache.clear()
        clock = patch("django.utils.timezone.now", return_value=at(3))
        clock.start()
        self.addCleanup(clock.stop)
        self.link = self.issue()
        self.visitor = Client()

    def issue(self, **changes) -> ReplyLink:
        return links.issue(self.referral, self.county, now=at(3), **{**TO, **changes})

    def at(self, *, day: int, month: int = 3):
        return patch("django.utils.timezone.now", return_value=at(day, month))

    def url(self, link: ReplyLink | None = None) -> str:
        return reverse("reply", args=[token_of(link or self.link)])

    def unlock(self, link: ReplyLink | None = None, code: str = "", client: Client | None = None):
        link = link or self.link
        return (client or self.visitor).post(self.url(link), {"code": code or code_of(link)})

    def answer(self, name: str, link: ReplyLink | None = None, client: Client | None = None, **said: str):
        client, url = client or self.visitor, reverse("reply_move", args=[token_of(link or self.link), name])
        seal = re.search(r'name="seal" value="([^"]+)"', client.get(url).content.decode())
        return client.post(url, {"answered_name": "王检", "answered_post": "科长", "seal": seal.group(1) if seal else "", **said})

    def keep(self, title: str, content: bytes, extension: str, mime: str) -> Evidence:
        row = Evidence(
            claim=self.claim, kind="iou", title=title, original_name=f"a.{extension}", extension=extension, mime=mime, size=len(content),
            sha256=title, added_at=NOW, added_by=self.county, scan="clean",
        )  # fmt: skip
        row.file.save("x", ContentFile(content), save=False)
        row.save(force_insert=True)
        self.addCleanup(lambda: Path(row.file.path).unlink(missing_ok=True))
        return row


class WhatTheLinkOpensTest(LinkScene):
    def test_the_code_opens_the_frozen_facts_and_the_bodys_moves_only(self) -> None:
        self.assertNotContains(self.visitor.get(self.url()), "李建国")
        self.assertRedirects(self.unlock(), self.url())
        page = self.visitor.get(self.url())
        for words in ("李建国 / 宿迁宏远劳务有限公司", "8,000.00", "请支持起诉。", "13800000001", "签收", self.referral.sha256):
            self.assertContains(page, words)
        for words in ("/claims/", "/clocks/", "/referrals/", "/evidence/", "撤回移送", "发送补充材料"):
            self.assertNotContains(page, words)

    def test_no_page_of_it_is_kept_listed_or_told_to_others(self) -> None:
        self.unlock()
        for page in (self.visitor.get(self.url()), Client().get(self.url()), self.visitor.get(self.url() + "moves/receive/")):
            self.assertEqual(page["Referrer-Policy"], "no-referrer")
            self.assertEqual(page["X-Robots-Tag"], "noindex, nofollow")
            self.assertIn("no-store", page["Cache-Control"])
            self.assertIn("default-src", page["Content-Security-Policy"])
        cookie = self.visitor.cookies["xinan_reply"]
        self.assertEqual((cookie["samesite"], cookie["httponly"], cookie["path"]), ("Strict", True, self.url()))

    def test_anything_else_is_not_found(self) -> None:
        for url in ("/reply/x/", f"/reply/{self.link.pk}/", self.url()[:-2] + "/", self.url() + "moves/recall0/", self.url() + "x/"):
            with self.subTest(url):
                self.unlock()
                self.assertEqual(self.visitor.get(url).status_code, 404)

    def test_without_the_code_the_moves_and_the_files_stay_shut(self) -> None:
        file = self.keep("欠条", photo(), "jpg", "image/jpeg")
        self.referral.evidence.add(file)
        for url in (self.url() + "moves/receive/", f"{self.url()}files/{file.pk}/"):
            self.assertRedirects(self.visitor.get(url), self.url())
            self.assertEqual(self.visitor.post(url).status_code, 302 if "moves" in url else 405)
        self.referral.refresh_from_db()
        self.assertEqual(self.referral.state, "sent")

    def test_one_link_opens_no_other(self) -> None:
        other = links.issue(self.refer(self.court_for_aid()), self.county, now=at(3), **TO)
        self.unlock()
        self.visitor.cookies["xinan_reply"]["path"] = "/"
        self.assertNotContains(self.visitor.get(self.url(other)), "李建国")

    def court_for_aid(self):
        return self.court

    def test_a_form_without_its_seal_does_nothing(self) -> None:
        self.unlock()
        url = self.url() + "moves/receive/"
        for seal in ("", "x", f"{self.link.pk}:x"):
            self.visitor.post(url, {"answered_name": "王检", "answered_post": "科长", "seal": seal})
        self.referral.refresh_from_db()
        self.assertEqual(self.referral.state, "sent")

    def test_the_senders_moves_are_refused_and_bad_input_keeps_what_was_typed(self) -> None:
        self.unlock()
        self.assertContains(self.visitor.get(self.url() + "moves/recall/"), "协同单位不能进行这项操作。", status_code=409)
        self.answer("receive")
        page = self.answer("decline", reason="不是我们的事")
        self.assertContains(page, "还有内容需要改正")
        self.assertContains(page, "不是我们的事")

    def test_in_english_by_a_link_that_keeps_no_trace(self) -> None:
        response = self.visitor.get(self.url() + "?language=en")
        self.assertRedirects(response, self.url())
        self.assertContains(self.visitor.get(self.url()), 'lang="en"')


class AnsweringTest(LinkScene):
    def test_who_answered_stands_in_the_history_with_the_way(self) -> None:
        self.unlock()
        self.assertContains(self.answer("receive"), "已经收到")
        self.assertEqual(self.visitor.get(self.url()).status_code, 200)  # taking what came is no answer
        self.answer("accept", note="已受理")
        self.referral.refresh_from_db()
        self.assertEqual(self.referral.state, "accepted")
        event = Event.objects.filter(kind="referral").latest("seq")
        self.assertEqual((event.actor, event.facts["answered_by"], event.facts["way"]), (None, "王检（科长）", "link"))
        self.client.force_login(self.county)
        page = self.client.get(reverse("referral_detail", args=[self.referral.pk]))
        for words in ("答复人：王检（科长）", "答复方式：一次性链接和验证码", "用链接和验证码打开了移送"):
            self.assertContains(page, words)

    def test_every_answer_of_the_body_can_be_given(self) -> None:
        answers = {
            "accept": {}, "decline": {"ground": "not_ours", "reason": "不归我们"}, "return": {"wanted": "缺授权书"},
            "ask_more": {"wanted": "考勤", "supply_by": "2026-03-20"},
        }  # fmt: skip
        for name, said in answers.items():
            with self.subTest(name):
                Clock.objects.filter(about_id=self.referral.pk).delete()
                Referral.objects.filter(pk=self.referral.pk).update(state="received")
                self.referral = Referral.objects.get(pk=self.referral.pk)
                link, client = self.issue(), Client()
                self.unlock(link, client=client)
                self.assertContains(self.answer(name, link, client, **said), "这个链接用完了")
                self.assertContains(client.get(self.url(link)), "您的答复已经收到", status_code=410)
                self.assertIsNotNone(ReplyLink.objects.get(pk=link.pk).used_at)

    def test_the_sender_to_a_body_without_people_is_led_to_the_link(self) -> None:
        self.client.force_login(self.county)
        url, words = reverse("referral_detail", args=[self.referral.pk]), "收不到系统通知，请发一次性链接，或者登记书面答复"
        self.assertNotContains(self.client.get(url), words)
        self.partner.postings.all().delete()
        self.assertContains(self.client.get(url), words)

    def test_the_sender_is_told_and_the_clock_runs(self) -> None:
        self.unlock()
        self.answer("receive")
        self.assertTrue(Notice.objects.filter(recipient=self.county, kind="referral_moved", facts__by="沭阳县人民检察院").exists())
        self.assertEqual(self.running(), {"REF-ANSWER-5": date(2026, 3, 10)})

    def test_what_is_owed_next_comes_by_itself_with_the_same_code(self) -> None:
        link = self.issue(way="email", email="wang@example.test")
        mail.outbox.clear()
        self.unlock(link)
        self.answer("receive", link)
        self.answer("accept", link)
        following = ReplyLink.objects.get(used_at=None, revoked_at=None)
        self.assertEqual((following.way, code_of(following)), ("email", code_of(link)))
        self.assertNotEqual(token_of(following), token_of(link))
        self.assertGreater(following.expires_at, at(3) + timedelta(days=60))
        client = Client()
        self.unlock(following, code_of(link), client)
        self.assertContains(self.answer("conclude", following, client, outcome="sued", note="已立案"), "已经收到")
        self.referral.refresh_from_db()
        self.assertEqual(self.referral.state, "concluded")
        self.assertFalse(ReplyLink.objects.filter(used_at=None, revoked_at=None).exists())

    def test_a_link_that_was_handed_over_is_not_followed_by_another(self) -> None:
        self.unlock()
        self.answer("receive")
        self.answer("accept")
        self.assertFalse(ReplyLink.objects.filter(used_at=None, revoked_at=None).exists())

    def test_supplements_are_seen_and_received_by_it(self) -> None:
        Referral.objects.filter(pk=self.referral.pk).update(state="received")
        self.referral = Referral.objects.get(pk=self.referral.pk)
        supplements.send(self.referral, self.county, now=at(3), note="补充一份考勤")
        self.unlock()
        self.assertContains(self.visitor.get(self.url()), "补充一份考勤")
        self.answer("take")
        self.assertEqual(self.referral.supplements.get().received_by, "王检（科长）")


class HowItEndsTest(LinkScene):
    def test_it_expires(self) -> None:
        self.unlock()
        with self.at(day=17):
            self.assertContains(self.visitor.get(self.url()), "已经过期", status_code=410)
            self.assertContains(self.unlock(), "已经过期", status_code=410)

    def test_it_can_be_revoked_and_sent_again(self) -> None:
        self.unlock()
        self.client.force_login(self.county)
        url = reverse("referral_link_revoke", args=[self.referral.pk, self.link.pk])
        self.client.post(url)
        self.assertContains(self.visitor.get(self.url()), "已经作废", status_code=410)
        self.client.post(url)  # once is enough
        again = self.issue()
        self.assertRedirects(self.unlock(again), self.url(again))

    def test_a_new_one_makes_the_old_one_useless(self) -> None:
        self.issue()
        self.assertContains(self.visitor.get(self.url()), "已经作废", status_code=410)

    def test_a_few_wrong_codes_lock_it_for_good_and_the_sender_is_told(self) -> None:
        wrong = f"{(int(code_of(self.link)) + 1) % 10**6:06d}"
        for left in (4, 3, 2, 1):
            self.assertContains(self.unlock(code=wrong), f"还可以试 {left} 次")
        self.assertContains(self.unlock(code=wrong), "已经锁定", status_code=410)
        self.assertContains(self.unlock(), "已经锁定", status_code=410)
        self.assertTrue(Notice.objects.filter(recipient=self.county, kind="reply_locked").exists())
        self.assertTrue(Event.objects.filter(kind="reply", facts__cause="locked").exists())

    def test_a_right_code_forgets_the_wrong_ones(self) -> None:
        wrong = f"{(int(code_of(self.link)) + 1) % 10**6:06d}"
        for _round in range(3):
            for _try in range(4):
                self.unlock(code=wrong)
            self.assertEqual(self.unlock().status_code, 302)

    def test_an_address_has_so_many_tries_over_all_links(self) -> None:
        cache.set("reply:address:127.0.0.1", 30)
        self.assertEqual(self.unlock().status_code, 429)
        self.link.refresh_from_db()
        self.assertEqual(self.link.wrong_tries, 0)

    def test_it_ends_with_the_referral(self) -> None:
        file = self.keep("欠条", photo(), "jpg", "image/jpeg")
        self.referral.evidence.add(file)
        self.unlock()
        self.assertContains(self.visitor.get(self.url()), "李建国")
        self.make("recall", reason="已付清", day=3)
        for url in ("", "moves/receive/", f"files/{file.pk}/"):
            page = self.visitor.get(self.url() + url)
            self.assertContains(page, "已经结束，链接不再使用", status_code=410)
            self.assertNotContains(page, "李建国", status_code=410)
        self.link.refresh_from_db()
        self.assertFalse(self.link.is_live(at(3)))

    def test_one_that_was_left_open_by_an_ended_referral_opens_nothing(self) -> None:
        self.unlock()
        self.make("recall", reason="已付清", day=3)
        ReplyLink.objects.update(expires_at=at(20))
        self.assertContains(self.visitor.get(self.url()), "已经结束，链接不再使用", status_code=410)

    def test_what_a_ruling_gives_back_can_be_answered_by_a_new_link(self) -> None:
        link = self.issue(way="email", email="wang@example.test")
        self.make("receive", day=3)
        self.make("decline", day=3, ground="not_ours", reason="不归我院管。")
        self.assertFalse(ReplyLink.objects.get(pk=link.pk).is_live(at(3)))
        self.make("dispute", day=4, reason="应由检察院办理。")
        self.make("rule_takes", self.city, day=5, reason="由检察院办理。")
        again = self.referral.links.first()
        self.assertNotEqual(again.pk, link.pk)
        self.assertEqual((again.email, again.is_live(at(5)), code_of(again)), ("wang@example.test", True, code_of(link)))
        self.assertTrue(links.issue(self.referral, self.county, now=at(5), **TO).is_live(at(5)))

    def test_one_that_was_revoked_is_not_carried_on_by_a_ruling(self) -> None:
        link = self.issue(way="email", email="wang@example.test")
        links.revoke(link, self.county, now=at(3))
        self.make("receive", day=3)
        self.make("decline", day=3, ground="not_ours", reason="不归我院管。")
        self.make("dispute", day=4, reason="应由检察院办理。")
        self.make("rule_takes", self.city, day=5, reason="由检察院办理。")
        self.assertEqual(self.referral.links.first().pk, link.pk)

    def test_neither_token_nor_code_stands_in_the_database(self) -> None:
        with SMS:
            link = self.issue(way="email", email="wang@example.test", code_way="sms", phone="13900000009")
            for table in ("arrears_replylink", "grid_notice", "arrears_event"):
                with connection.cursor() as cursor:
                    cursor.execute(f"SELECT t::text FROM {table} t")
                    rows = " ".join(row[0] for row in cursor.fetchall())
                self.assertNotIn(token_of(link), rows)
                self.assertIsNone(re.search(rf"(?<!\d){code_of(link)}(?!\d)", rows), table)

    def test_the_mail_brings_the_link_and_never_the_code(self) -> None:
        link = self.issue(way="email", email="wang@example.test")
        mail.outbox.clear()
        while send_one(at(3)):
            pass
        [letter] = [letter for letter in mail.outbox if letter.to == ["wang@example.test"]]
        self.assertIn(token_of(link), letter.body)
        self.assertNotIn(code_of(link), letter.body)
        self.assertNotIn("李建国", letter.body)

    def test_what_was_revoked_before_it_went_out_is_not_sent(self) -> None:
        link = self.issue(way="email", email="wang@example.test")
        links.revoke(link, self.county, now=at(3))
        mail.outbox.clear()
        while send_one(at(3)):
            pass
        self.assertEqual([letter for letter in mail.outbox if letter.to == ["wang@example.test"]], [])


class MakingLinksTest(LinkScene):
    def test_the_form_knows_the_contacts_and_shows_link_and_code_once(self) -> None:
        BodyContact.objects.create(body=self.procuratorate, name="王检", post="科长", phone="13900000009", email="wang@example.test")
        self.client.force_login(self.county)
        url = reverse("referral_link", args=[self.referral.pk])
        self.assertContains(self.client.get(url), "wang@example.test")
        said = {**TO, "way": "hand", "code_way": "told", "days": "14"}
        page = self.client.post(url, said)
        link = ReplyLink.objects.get(used_at=None, revoked_at=None)
        self.assertContains(page, token_of(link))
        self.assertContains(page, code_of(link))
        self.assertIn("no-store", page["Cache-Control"])
        detail = self.client.get(reverse("referral_detail", args=[self.referral.pk]))
        self.assertContains(detail, "对方还没有打开")
        self.assertNotContains(detail, token_of(link))

    def test_what_cannot_be_sent_is_said(self) -> None:
        for changes, code in (
            ({"way": "email"}, "no_address"), ({"way": "sms", "phone": "13900000009"}, "no_sms"), ({"days": 0}, "bad_days"),
            ({"days": 61}, "bad_days"), ({"code_way": "sms"}, "no_address"),
        ):  # fmt: skip
            with self.subTest(changes), self.refused(code):
                self.issue(**changes)
        with SMS, self.refused("one_way"):
            self.issue(way="sms", code_way="sms", phone="13900000009")

    def test_only_who_could_have_sent_it_makes_one(self) -> None:
        url = reverse("referral_link", args=[self.referral.pk])
        expected = {"county": 200, "city": 200, "grid_worker": 409, "chief": 409, "mediator": 409, "auditor": 409}
        for name, person in self.everybody().items():
            with self.subTest(name):
                self.client.force_login(person)
                self.assertEqual(self.client.get(url).status_code, expected.get(name, 404))
        self.client.force_login(self.partner)
        self.assertNotContains(self.client.get(reverse("referral_detail", args=[self.referral.pk])), "一次性链接和书面答复")

    def test_nothing_is_made_for_what_has_ended(self) -> None:
        self.make("recall", reason="已付清", day=3)
        with self.refused("wrong_state"):
            self.issue()


class PaperTest(LinkScene):
    def post(self, name: str, **changes):
        said = {
            "answered_name": "王检", "answered_post": "科长", "paper_on": "2026-03-02",
            "scan": SimpleUploadedFile("a.jpg", photo("grey", (40, 40 + self.counter()))), **changes,
        }  # fmt: skip
        return self.client.post(reverse("referral_paper_move", args=[self.referral.pk, name]), said)

    def counter(self) -> int:
        self.count = getattr(self, "count", 0) + 1
        return self.count

    def test_the_officer_records_who_signed_on_which_day_with_the_scan(self) -> None:
        self.client.force_login(self.county)
        self.assertContains(self.client.get(reverse("referral_paper", args=[self.referral.pk])), "签收")
        self.assertRedirects(self.post("receive"), reverse("referral_detail", args=[self.referral.pk]))
        event = Event.objects.filter(kind="referral").latest("seq")
        self.assertEqual((event.actor, event.facts["answered_by"], event.facts["way"]), (self.county, "王检（科长）", "paper"))
        self.assertEqual((event.happened_on, event.facts["scan"]), (date(2026, 3, 2), "沭阳县人民检察院的书面答复"))
        self.assertEqual(self.claim.evidence.get().title, "沭阳县人民检察院的书面答复")

    def test_the_day_of_the_paper_counts(self) -> None:
        with self.at(day=20):
            self.client.force_login(self.county)
            self.assertContains(self.post("receive", paper_on="2026-03-01"), "答复的日期应在2026-03-02", status_code=409)
            self.assertContains(self.post("receive", paper_on="2026-03-21"), "答复的日期应在", status_code=409)
            self.post("receive", paper_on="2026-03-04")
        self.assertTrue(Clock.objects.get(about_id=self.referral.pk, rule_id="REF-RECEIVE-2").was_met)
        self.assertEqual(self.running(), {"REF-ANSWER-5": date(2026, 3, 11)})

    def test_a_refused_answer_leaves_no_paper_behind(self) -> None:
        self.client.force_login(self.county)
        folder = tempfile.mkdtemp()
        with override_settings(MEDIA_ROOT=folder):
            self.assertEqual(self.post("accept").status_code, 409)
            self.assertContains(self.post("receive", scan=""), "还有内容需要改正")
            self.assertEqual(self.post("receive", paper_on="2026-03-09").status_code, 409)
            self.assertEqual([name for _root, _dirs, names in os.walk(folder) for name in names], [])
        self.assertFalse(self.claim.evidence.exists())

    def test_only_senders_record_and_only_the_bodys_moves(self) -> None:
        self.client.force_login(self.county)
        self.assertEqual(self.post("recall", reason="x").status_code, 409)
        for person, code in ((self.chief, 409), (self.partner, 404), (self.county_b, 404)):
            self.client.force_login(person)
            self.assertEqual(self.post("receive").status_code, code)


class WatermarkTest(LinkScene):
    def test_a_picture_is_covered_with_the_words_and_the_original_is_not_touched(self) -> None:
        original = photo()
        file = self.keep("照片", original, "jpg", "image/jpeg")
        self.referral.evidence.add(file)
        self.client.force_login(self.partner)
        answer = self.client.get(reverse("evidence_file", args=[file.pk]))
        got = b"".join(answer.streaming_content)
        self.assertEqual(Path(file.file.path).read_bytes(), original)
        self.assertNotEqual(got, original)
        seen = Image.open(BytesIO(got)).convert("L")
        changed = ImageChops.difference(seen, Image.new("L", seen.size, 255)).point(lambda grey: 255 if grey > 40 else 0)
        for box in ((0, 0, 450, 350), (450, 0, 900, 350), (0, 350, 450, 700), (450, 350, 900, 700)):
            share = changed.crop(box).histogram()[255] / (450 * 350)
            self.assertGreater(share, 0.02)
            self.assertLess(share, 0.4)  # what is below stays readable
        self.client.force_login(self.county)
        self.assertEqual(b"".join(self.client.get(reverse("evidence_file", args=[file.pk])).streaming_content), original)

    def test_it_is_seen_on_black_as_on_white_and_differs_by_who_gets_it(self) -> None:
        for colour, limit in (("black", 0), ("white", 255)):
            made = Image.open(BytesIO(watermarks.picture(photo(colour), "JPEG", "检察院 简察"))).convert("L")
            other = Image.open(BytesIO(watermarks.picture(photo(colour), "JPEG", "法院 院长"))).convert("L")
            plain = Image.new("L", made.size, limit)
            self.assertGreater(max(ImageChops.difference(made, plain).getextrema()), 60, colour)
            self.assertIsNotNone(ImageChops.difference(made, other).getbbox())

    def test_a_long_picture_costs_no_more_than_its_points(self) -> None:
        """A screenshot of a whole chat; measured in a process of its own, because nothing here sees what Pillow takes."""
        measured = subprocess.run(
            [sys.executable, "-c", LONG_PICTURE], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2], env=os.environ,
        )  # fmt: skip
        before, after, top, middle, bottom = map(int, measured.stdout.split())
        points = 1080 * 20000 * 4
        self.assertLess(after - before, 6 * points)  # a square as wide as both sides takes 41 times
        self.assertTrue(all(0.02 * 1080 * 1000 < marked < 0.4 * 1080 * 1000 for marked in (top, middle, bottom)), measured.stdout)

    def test_the_smallest_and_the_narrowest_picture_are_covered_too(self) -> None:
        for size in ((1, 1), (2, 3000), (3000, 2), (40, 40), (300, 12)):
            made = Image.open(BytesIO(watermarks.picture(photo(size=size), "JPEG", "检察院 简察")))
            self.assertEqual(made.size, size)

    def test_a_pdf_names_who_got_it_on_every_page(self) -> None:
        original = pdf(3)
        file = self.keep("合同", original, "pdf", "application/pdf")
        self.referral.evidence.add(file)
        self.client.force_login(self.partner)
        got = b"".join(self.client.get(reverse("evidence_file", args=[file.pk])).streaming_content)
        pages = PdfReader(BytesIO(got)).pages
        self.assertEqual(len(pages), 3)
        for page in pages:
            text = page.extract_text()
            for words in ("沭阳县人民检察院", "简察", "2026-03-03"):
                self.assertIn(words, text)
        self.assertEqual(Path(file.file.path).read_bytes(), original)

    def test_what_cannot_be_marked_goes_out_as_it_came(self) -> None:
        for title, content, extension, mime in (
            ("录音", b"ID3\x03", "mp3", "audio/mpeg"), ("坏图", b"\xff\xd8\xff", "jpg", "image/jpeg"), ("坏档", b"%PDF-1.4 x", "pdf", "application/pdf"),
        ):  # fmt: skip
            file = self.keep(title, content, extension, mime)
            self.referral.evidence.add(file)
            self.client.force_login(self.partner)
            self.assertEqual(b"".join(self.client.get(reverse("evidence_file", args=[file.pk])).streaming_content), content)

    def test_the_holder_of_a_link_gets_the_same_and_it_is_recorded(self) -> None:
        file, kept = self.keep("合同", pdf(1), "pdf", "application/pdf"), self.keep("内部", pdf(1), "pdf", "application/pdf")
        self.referral.evidence.add(file)
        self.unlock()
        answer = self.visitor.get(reverse("reply_file", args=[token_of(self.link), file.pk]))
        text = PdfReader(BytesIO(b"".join(answer.streaming_content))).pages[0].extract_text()
        self.assertIn("沭阳县人民检察院 王检", text)
        self.assertEqual(answer["Referrer-Policy"], "no-referrer")
        self.assertEqual(self.visitor.get(reverse("reply_file", args=[token_of(self.link), kept.pk])).status_code, 404)
        self.assertEqual(Event.objects.get(kind="reply", facts__cause="file").facts["title"], "合同")


class TwoAtOnceTest(Cast, TransactionTestCase):
    def test_of_two_answers_by_one_link_one_counts(self) -> None:
        self.make_cast()
        claim = self.make_claim()
        casework.advance(claim, "accept", self.county, now=NOW, conditions=True)
        referral = referrals.refer(claim, self.county, now=NOW, kind="support", body=self.procuratorate, summary="x", evidence=[])
        referrals.advance(referral, "receive", self.partner, now=NOW)
        link = links.issue(referral, self.county, now=NOW, **TO)

        def give(move: str) -> str:
            said = {"ground": "not_ours", "reason": "不归我们"} if move == "decline" else {"note": ""}
            try:
                link_answers.answer(links.find(token_of(link)), move, now=at(3), name="王", post="科长", **said)
                return "done"
            except Refused as refusal:
                return refusal.code
            finally:
                connections.close_all()

        with ThreadPoolExecutor(2) as both:
            results = sorted(both.map(give, ("accept", "decline")))
        self.assertEqual(results[0], "done")
        self.assertIn(results[1], ("link_ended", "stale"))
        self.assertEqual(Event.objects.filter(kind="referral", facts__way="link").count(), 1)
