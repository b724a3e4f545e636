"""工单来源: who sets them up, what is kept of a token, what is written down, and that everybody else finds nothing."""

from datetime import timedelta

from django.urls import reverse

from arrears.models import Returned, Source, SourceRecord, SourceToken
from arrears.sources import keeping, tokens
from grid import roles
from grid.models import AccessLog
from grid.refused import Refused
from tests.arrears.orders import OrdersTestCase
from tests.base import NOW, make_person

DAY = timedelta(days=1)
TYPED = {
    "name": "12345 热线", "code": "suqian-12345", "channel": "hotline", "region": "3213", "reply_days": "5", "reply_unit": "working",
    "reply_basis": "", "return_way": "none", "url": "", "secret": "",
}  # fmt: skip
HOOK = {"return_way": "webhook", "url": "https://hotline.example.com/orders", "secret": "a-secret-of-16-and-more"}


class SettingUpTest(OrdersTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.sign_in(self.administrator)

    def test_an_administrator_of_the_city_adds_one_and_it_is_written_down(self) -> None:
        response = self.client.post("/sources/new/", TYPED, follow=True)
        self.assertContains(response, "已添加")
        source = Source.objects.get()
        self.assertEqual((source.code, source.region_id, source.reply_days, source.created_by), ("suqian-12345", "3213", 5, self.administrator))
        self.assertContains(response, "未核实")  # nobody has compared the days with a text
        self.assertEqual(SourceRecord.objects.get().kind, "added")
        self.assertEqual(AccessLog.objects.filter(act="set_source", subject="source", subject_id=source.pk, person=self.administrator).count(), 1)
        self.assertContains(self.client.get("/sources/"), "12345 热线")

    def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(self) -> None:
        for change, sentence in (
            ({"code": "热线"}, "代码用小写字母"), ({"reply_days": "0"}, "1"), ({"is_verified": "on"}, "写明依据"),
            ({"region": ""}, "必填"), ({**HOOK, "url": "http://hotline.example.com/"}, "https://"), ({**HOOK, "secret": "short"}, "至少 16 个字符"),
        ):  # fmt: skip
            with self.subTest(change):
                response = self.client.post("/sources/new/", {**TYPED, **change})
                self.assertContains(response, sentence, status_code=response.status_code)
                self.assertContains(response, 'value="12345 热线"', status_code=response.status_code)
        self.assertFalse(Source.objects.exists())
        self.client.post("/sources/new/", TYPED)
        self.assertContains(self.client.post("/sources/new/", TYPED), "已经有这个代码", status_code=409)

    def test_an_address_inside_the_house_is_refused_until_the_installation_allows_it(self) -> None:
        for url in (
            "https://10.1.2.3/x", "https://127.0.0.1/x", "https://[::1]/x", "https://localhost/x", "https://169.254.169.254/latest", "https://intranet/x",
            "https://db.internal/x", "https://a@hotline.example.com/", "https://hotline.example.com:8443/", "ftp://hotline.example.com/", "https://[::ffff:10.0.0.1]/",
        ):  # fmt: skip
            with self.subTest(url), self.assertRaises(Refused) as caught:
                self.make_source("inside", **{**HOOK, "url": url})
            self.assertEqual(caught.exception.code, "source_address")
        with self.settings(CHANNEL_HOSTS=["http://10.1.2.3:8080"]):
            self.make_source("inside", **{**HOOK, "url": "http://10.1.2.3:8080/x"})
        self.make_source("outside", **HOOK)

    def test_address_and_secret_are_sealed_and_never_shown_again(self) -> None:
        source = self.make_source(**HOOK)
        row = Source.objects.filter(pk=source.pk).values().get()
        self.assertFalse(any("hotline.example.com" in str(value) or HOOK["secret"] in str(value) for value in row.values()))
        for address in (reverse("source_detail", args=[source.pk]), reverse("source_edit", args=[source.pk])):
            page = self.client.get(address)
            self.assertNotContains(page, HOOK["secret"])
            self.assertNotContains(page, "/orders")
        self.assertContains(self.client.get(reverse("source_detail", args=[source.pk])), "hotline.example.com")
        self.assertNotIn(HOOK["secret"], str(list(SourceRecord.objects.values())))

    def test_a_change_says_what_was_changed_and_what_is_left_empty_stays(self) -> None:
        source = self.make_source(**HOOK)
        typed = {**TYPED, "name": "12345", "code": "hotline", "return_way": "webhook", "reply_days": "3"}
        self.assertContains(self.client.post(reverse("source_edit", args=[source.pk]), typed, follow=True), "已保存")
        source.refresh_from_db()
        self.assertEqual((source.reply_days, source.url(), source.secret()), (3, HOOK["url"], HOOK["secret"]))
        record = SourceRecord.objects.filter(kind="changed").get()
        self.assertEqual((record.facts["was"]["reply_days"], record.facts["became"]["reply_days"]), (None, 3))
        self.assertContains(self.client.post(reverse("source_edit", args=[source.pk]), typed, follow=True), "没有改动")
        self.assertEqual(SourceRecord.objects.filter(kind="changed").count(), 1)

    def test_its_own_words_for_our_states(self) -> None:
        source = self.make_source()
        self.client.post(reverse("source_wording", args=[source.pk]), {"accepted": "04-办理中", "declined": "  "})
        source.refresh_from_db()
        self.assertEqual(source.wording, {"accepted": "04-办理中"})
        self.assertContains(self.client.get(reverse("source_detail", args=[source.pk])), "04-办理中")

    def test_switched_off_and_on(self) -> None:
        source = self.make_source()
        self.client.post(reverse("source_switch", args=[source.pk]))
        self.assertContains(self.client.get("/sources/"), "已停用")
        self.client.post(reverse("source_switch", args=[source.pk]), {"on": "1"})
        self.assertNotContains(self.client.get("/sources/"), "已停用")
        self.assertEqual([row.kind for row in SourceRecord.objects.order_by("id")], ["added", "switched_off", "switched_on"])

    def test_what_waits_turns_with_the_way_it_goes(self) -> None:
        source = self.make_source(return_way="file")
        self.take(source)
        keeping.change(source, self.administrator, now=NOW, **HOOK)
        row = Returned.objects.get()
        self.assertEqual((row.way, row.standing, row.next_try_at), ("webhook", "waits", NOW))
        keeping.change(source, self.administrator, now=NOW, return_way="none")
        row.refresh_from_db()
        self.assertEqual((row.standing, row.next_try_at), ("waits", None))


class TokenTest(OrdersTestCase):
    def test_it_is_shown_once_and_kept_as_a_digest(self) -> None:
        source = self.make_source()
        self.sign_in(self.administrator)
        response = self.client.post(reverse("source_token", args=[source.pk]))
        token = response.context["token"]
        self.assertContains(response, token)
        self.assertIn("no-store", response["Cache-Control"])
        self.assertNotContains(self.client.get(reverse("source_detail", args=[source.pk])), token)
        row = SourceToken.objects.get()
        self.assertNotIn(token, str(SourceToken.objects.values().get()))
        self.assertEqual(row.end, token[-4:])
        self.assertEqual(tokens.find(token, NOW), row)
        self.assertIsNone(tokens.find(token[:-1], NOW))
        self.assertIsNone(tokens.find("", NOW))

    def test_one_that_is_replaced_goes_on_for_a_day_and_a_revoked_one_ends_at_once(self) -> None:
        source = self.make_source()
        first, second = (self.token_of(source) for _each in range(2))
        self.assertIsNotNone(tokens.find(first, NOW + DAY - timedelta(seconds=1)))
        self.assertIsNone(tokens.find(first, NOW + DAY))
        row = tokens.find(second, NOW)
        self.assertTrue(tokens.revoke(row, self.administrator, now=NOW))
        self.assertFalse(tokens.revoke(row, self.administrator, now=NOW))
        self.assertIsNone(tokens.find(second, NOW))
        kinds = list(SourceRecord.objects.order_by("id").values_list("kind", flat=True))
        self.assertEqual(kinds, ["added", "token_made", "token_replaced", "token_revoked"])
        row.refresh_from_db()
        self.assertEqual((row.ended_by, row.ends_at), (self.administrator, NOW))

    def test_replacing_does_not_lengthen_what_ends_sooner(self) -> None:
        source = self.make_source()
        first = self.token_of(source)
        self.token_of(source)
        tokens.make(source, self.administrator, now=NOW + timedelta(hours=20))
        self.assertIsNone(tokens.find(first, NOW + DAY))

    def test_on_the_page_it_is_revoked(self) -> None:
        source = self.make_source()
        token = self.token_of(source)
        self.sign_in(self.administrator)
        self.assertContains(self.client.post(reverse("source_token_revoke", args=[SourceToken.objects.get().pk]), follow=True), "已吊销")
        self.assertIsNone(tokens.find(token, self.now))


class WhoMayTest(OrdersTestCase):
    def test_only_the_citys_administrators_set_up_and_for_others_it_is_404(self) -> None:
        source = self.make_source()
        self.token_of(source)
        token = SourceToken.objects.get()
        county_administrator = make_person("xianguan", "县管", roles.ADMINISTRATOR, "321322")
        for person in (*self.everybody().values(), county_administrator):
            keeps = person == self.administrator
            sees = keeps or person in (self.city, self.county, self.county_b, county_administrator)
            self.sign_in(person)
            with self.subTest(person=person.full_name):
                self.assertEqual(self.client.get("/sources/").status_code, 200 if sees else 404)
                self.assertEqual(self.client.get(reverse("source_detail", args=[source.pk])).status_code, 200 if sees else 404)
                self.assertEqual(self.client.get("/sources/new/").status_code, 200 if keeps else 404)
                for name in ("source_edit", "source_wording"):
                    self.assertEqual(self.client.get(reverse(name, args=[source.pk])).status_code, 200 if keeps else 404)
                if not keeps:
                    for name, pk in (
                        ("source_switch", source.pk), ("source_token", source.pk), ("source_try", source.pk), ("source_resend", source.pk),
                        ("source_token_revoke", token.pk),
                    ):  # fmt: skip
                        self.assertEqual(self.client.post(reverse(name, args=[pk])).status_code, 404, name)
        self.assertEqual(SourceRecord.objects.count(), 2)
        for verb in (
            lambda: keeping.add(self.city, now=NOW, code="x-1", name="x", region=self.regions["3213"]),
            lambda: keeping.change(source, county_administrator, now=NOW, name="y"),
            lambda: keeping.switch(source, self.county, now=NOW, is_active=False),
            lambda: tokens.make(source, self.city, now=NOW), lambda: tokens.revoke(token, self.city, now=NOW),
        ):  # fmt: skip
            with self.assertRaises(Refused) as caught:
                verb()
            self.assertEqual(caught.exception.code, "not_administrator")

    def test_a_countys_own_source_is_nothing_to_another_county(self) -> None:
        source = self.make_source(region=self.regions["321322"])
        for person, status in ((self.county, 200), (self.city, 200), (self.county_b, 404)):
            self.sign_in(person)
            self.assertEqual(self.client.get(reverse("source_detail", args=[source.pk])).status_code, status)

    def test_pages_change_nothing_by_get(self) -> None:
        source = self.make_source()
        self.sign_in(self.administrator)
        for name in ("source_switch", "source_token", "source_try", "source_resend", "source_hand_out"):
            self.assertEqual(self.client.get(reverse(name, args=[source.pk])).status_code, 405, name)


class PagesAskTest(OrdersTestCase):
    def test_the_list_asks_as_often_for_three_as_for_thirty(self) -> None:
        self.sign_in(self.administrator)
        for number in range(3):
            self.take(self.make_source(f"source-{number}"))
        few = self.queries("/sources/")
        for number in range(3, 30):
            self.take(self.make_source(f"source-{number}"))
        self.assertEqual(self.queries("/sources/"), few)

    def test_the_page_of_one_asks_as_often_for_three_changes_as_for_thirty(self) -> None:
        source = self.make_source()
        self.sign_in(self.administrator)
        for number in range(3):
            self.take(source, f"N{number}")
        address = reverse("source_detail", args=[source.pk])
        few = self.queries(address)
        for number in range(3, 30):
            self.take(source, f"N{number}")
        self.assertEqual(self.queries(address), few)

    def test_it_shows_when_something_last_came_and_went_and_what_waits(self) -> None:
        source = self.make_source()
        self.take(source)
        self.sign_in(self.administrator)
        page = self.client.get("/sources/")
        self.assertContains(page, "1 条待回传")
        self.assertContains(page, "1 件待处理")
        self.assertContains(page, "2026-03-02 10:00")
