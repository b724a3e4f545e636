"""Words in versions: who may publish, what is refused, and which words a notice keeps."""

from threading import Barrier, Thread
from typing import Any

from django.db import connection
from django.test import SimpleTestCase, TransactionTestCase
from django.utils import translation

from grid import roles, wordings
from grid.kinds import KINDS, TOPICS
from grid.models import Notice, Wording
from grid.notices import tell, words
from grid.refused import Refused
from grid.wordings import Draft, preview, publish, words_of
from tests.base import NOW, Cast, CastTestCase, make_person

KIND = "clock_late"
CLOCK = {
    "number": "宿欠〔2026〕321322-00001", "due": "2026-03-09", "rule": "受理决定", "rule_en": "Acceptance decision",
    "article": "第十八条", "article_en": "art. 18", "rung_msgid": "时限届满",
}  # fmt: skip
DRAFT = Draft("急：%(number)s", "%(number)s 应于 %(due)s 办完。", "", "Urgent: %(number)s", "%(number)s was due on %(due)s.", "")


def changed(**fields: str) -> Draft:
    return Draft(**{**vars(DRAFT), **fields})


class Publishing(CastTestCase):
    def publish(self, draft: Draft = DRAFT, **changes: Any) -> Wording:
        given = {"note": "写得更清楚", "base": Wording.objects.filter(kind=KIND).count(), **changes}
        return publish(KIND, given.pop("person", self.administrator), NOW, draft, **given)

    def refusal(self, draft: Draft = DRAFT, **changes: Any) -> str:
        with self.assertRaises(Refused) as caught:
            self.publish(draft, **changes)
        return caught.exception.code

    def tell(self, key: str) -> Notice:
        tell([self.chief], KIND, key=key, now=NOW, facts=CLOCK, region_code="321322101")
        return Notice.objects.get(key=key, channel="in_app")

    def test_a_notice_keeps_the_words_of_its_day(self) -> None:
        before = self.tell("a")
        first = self.publish()
        between = self.tell("b")
        self.publish(changed(title="第二版 %(number)s"))
        after = self.tell("c")
        with translation.override("zh-hans"):
            titles = [words(row)[0] for row in (before, between, after)]
        self.assertEqual(titles, [f"{CLOCK['number']}：时限届满", f"急：{CLOCK['number']}", f"第二版 {CLOCK['number']}"])
        self.assertEqual((first.version, between.wording_id), (1, first.pk))

    def test_both_languages_and_the_short_form(self) -> None:
        self.publish(changed(short_en="Late: %(number)s"))
        row = self.tell("a")
        with translation.override("en"):
            said = wordings.say(row)
        self.assertEqual((said.title, said.short), (f"Urgent: {CLOCK['number']}", f"Late: {CLOCK['number']}"))
        with translation.override("zh-hans"):
            self.assertEqual(wordings.say(row).short, f"急：{CLOCK['number']}")

    def test_what_a_notice_does_not_have_is_a_dash(self) -> None:
        self.publish()
        row = self.tell("a")
        row.facts = {"number": "1"}
        self.assertIn("应于 — 办完", words(row)[1])

    def test_a_version_is_read_once_however_many_notices_have_it(self) -> None:
        self.publish()
        row = self.tell("a")
        words(row)
        with self.assertNumQueries(0):
            words(row)

    def test_only_administrators_of_the_city_publish(self) -> None:
        of_county = make_person("xianguan", "县管", roles.ADMINISTRATOR, "321322")
        for person in (self.county, self.city, self.auditor, self.outsider, of_county):
            self.assertEqual(self.refusal(person=person), "not_administrator")

    def test_somebody_elses_version_is_not_overwritten(self) -> None:
        self.publish()
        self.assertEqual(self.refusal(base=0), "wording_stale")
        self.assertEqual(Wording.objects.count(), 1)

    def test_bad_words_are_refused(self) -> None:
        for fields, code in (
            ({"title": "%(claimant)s 的案件"}, "wording_unknown_place"),
            ({"text_en": "%(amount)s"}, "wording_unknown_place"),
            ({"title": "%(number)d"}, "wording_malformed"),
            ({"title": "%(number s"}, "wording_malformed"),
            ({"text": "已用 80%"}, "wording_malformed"),
            ({"text": "%"}, "wording_malformed"),
            ({"text": "%%(number)s%"}, "wording_malformed"),  # reads %%, then a text, then a sign that begins nothing
            ({"text": "%(number)999999999s"}, "wording_malformed"),
            ({"text": "%*s"}, "wording_malformed"),
            ({"text": "%(number.__class__)s"}, "wording_malformed"),
            ({"text": "%%%(number.__class__)s"}, "wording_malformed"),
            ({"title": " "}, "wording_empty"),
            ({"text_en": ""}, "wording_empty"),
            ({"title": "长" * 121}, "wording_too_long"),
        ):
            self.assertEqual(self.refusal(changed(**fields)), code, fields)
        self.assertEqual(self.refusal(note=" "), "wording_no_note")
        self.assertFalse(Wording.objects.exists())

    def test_a_percent_sign_is_written_twice(self) -> None:
        self.publish(changed(text="%(number)s 的时限已用 80%%"))
        self.assertTrue(words(self.tell("a"))[1].endswith("已用 80%"))

    def test_whatever_was_published_reaches_nothing_and_stops_no_delivery(self) -> None:
        facts = {"number": "1", "text": "%(due)s {0} <b>"}
        for text, said in {
            "%%(number)s": "%(number)s", "%%%(number)s": "%1", "{number} {0.__class__}": "{number} {0.__class__}",
            "%(text)s": "%(due)s {0} <b>", "%(absent)s": "—",
            "%": "%", "%%(number)s%": "%(number)s%", "%(number)999999999s": "%(number)999999999s", "%(number)d": "%(number)d",
        }.items():  # fmt: skip
            self.assertEqual(wordings.filled(text, facts), said)

    def test_a_preview_needs_no_notice(self) -> None:
        said = preview(KIND, DRAFT, "en")
        self.assertEqual(said.title, "Urgent: 宿欠〔2026〕321322-00001")
        with self.assertRaises(Refused):
            preview(KIND, changed(title="%(who)s"), "en")
        self.assertFalse(Wording.objects.exists())

    def test_the_words_of_a_version(self) -> None:
        self.publish()
        self.assertEqual(words_of(KIND, 1), DRAFT)
        own = words_of(KIND)
        self.assertIn("现已逾期", own.text)
        self.assertNotIn("现已逾期", own.text_en)


class Racing(Cast, TransactionTestCase):
    def test_of_two_at_once_one_is_told_that_it_came_second(self) -> None:
        self.make_cast()
        start, results = Barrier(2), []

        def run() -> None:
            start.wait()
            try:
                results.append(publish(KIND, self.administrator, NOW, DRAFT, note="n", base=0).version)
            except Refused as refusal:
                results.append(refusal.code)
            finally:
                connection.close()

        threads = [Thread(target=run) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(sorted(results, key=str), [1, "wording_stale"])


class Kinds(SimpleTestCase):
    def test_every_kind_can_be_previewed_in_the_codes_own_words(self) -> None:
        for name, kind in KINDS.items():
            self.assertIn(kind.topic, TOPICS)
            self.assertLessEqual(wordings.places(name), wordings.readable(kind.sample).keys(), name)
            for language in ("zh-hans", "en"):
                self.assertTrue(preview(name, wordings.of_code(kind), language).title)
