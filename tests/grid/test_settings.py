"""What people set for themselves."""

from datetime import time

from django.test import override_settings
from django.urls import reverse

from grid.models import Preference
from tests.base import CastTestCase


class SettingsTest(CastTestCase):
    def setUp(self) -> None:
        self.client.force_login(self.chief)

    def save(self, **changes: str):
        given = {"phone": "0527-83550012", "email": "zz@example.test", "language": "zh-hans", **changes}
        return self.client.post(reverse("settings"), given)

    def test_the_page_shows_the_postings_in_force(self) -> None:
        response = self.client.get(reverse("settings"))
        self.assertContains(response, "陇集镇 · 乡镇（街道）网格长")
        self.assertContains(response, "自 2020-01-01 起")

    def test_a_partner_sees_the_body(self) -> None:
        self.client.force_login(self.partner)
        self.assertContains(self.client.get(reverse("settings")), "沭阳县人民检察院 · 协同单位")

    def test_somebody_without_a_post_is_told_whom_to_ask(self) -> None:
        self.client.force_login(self.outsider)
        self.assertContains(self.client.get(reverse("settings")), "当前没有任职")

    def test_saving_changes_the_person_and_the_language_shown(self) -> None:
        response = self.save(language="en", email="")
        self.assertRedirects(response, reverse("settings"), fetch_redirect_response=False)
        self.assertEqual(response.cookies["django_language"].value, "en")
        self.chief.refresh_from_db()
        self.assertEqual((self.chief.language, self.chief.email, self.chief.phone), ("en", "", "0527-83550012"))

    def test_bad_input_is_said_and_nothing_saved(self) -> None:
        for bad in ({"email": "not-an-address"}, {"phone": "call me"}, {"language": "xx"}):
            with self.subTest(bad):
                self.assertContains(self.save(**bad), "还有内容需要改正")
        self.chief.refresh_from_db()
        self.assertEqual(self.chief.email, "zhangzhen@example.test")

    def test_nobody_changes_their_name_or_user_name_here(self) -> None:
        self.save(full_name="别人", username="other")
        self.chief.refresh_from_db()
        self.assertEqual((self.chief.full_name, self.chief.username), ("章镇", "zhangzhen"))

    def test_a_stranger_signs_in_first_and_other_methods_are_refused(self) -> None:
        self.assertEqual(self.client.put(reverse("settings")).status_code, 405)
        self.client.logout()
        self.assertEqual(self.client.get(reverse("settings")).status_code, 302)


@override_settings(SMS_URL="https://sms.example/send", SMS_KEY="k", SMS_SECRET="s")
class PreferenceTest(CastTestCase):
    def setUp(self) -> None:
        self.client.force_login(self.chief)

    def save(self, **changes: object):
        given = {"form": "preference", "digest": "none", "threshold": "5", "quiet_from": "", "quiet_to": "", **changes}
        return self.client.post(reverse("settings"), given)

    def test_without_a_choice_the_usual_channel_is_ticked_and_the_law_comes_at_once(self) -> None:
        page = self.client.get(reverse("settings"))
        self.assertContains(page, "法定时限逾期和提级的提醒不受这些设置影响")
        self.assertContains(page, 'value="email" id="id_topic_moves_0" aria-label="案件进展 · 电子邮件" checked')
        self.assertNotContains(page, "劳动者的消息")

    def test_what_is_chosen_is_kept_and_shown_again(self) -> None:
        answer = self.save(topic_moves=["sms"], topic_orders=["email", "sms"], digest="threshold", threshold="8",
                           quiet_from="22:00", quiet_to="07:00")  # fmt: skip
        self.assertRedirects(answer, reverse("settings"))
        kept = Preference.objects.get(person=self.chief)
        self.assertEqual((kept.channels["moves"], kept.channels["orders"], kept.channels["hearings"]), (["sms"], ["email", "sms"], []))
        self.assertEqual((kept.digest, kept.threshold, kept.quiet_from, kept.quiet_to), ("threshold", 8, time(22), time(7)))
        self.assertContains(self.client.get(reverse("settings")), 'value="22:00"')

    def test_bad_input_is_said_kept_and_nothing_saved(self) -> None:
        for bad, typed in (
            ({"quiet_from": "22:00"}, 'value="22:00"'), ({"quiet_from": "25:99", "quiet_to": "7:00"}, 'value="25:99"'),
            ({"quiet_from": "07:00", "quiet_to": "07:00"}, "开始和结束时间相同"), ({"threshold": "0", "digest": "threshold"}, 'value="0"'),
            ({"digest": "sometimes"}, "还有内容需要改正"), ({"topic_moves": ["pigeon"]}, "还有内容需要改正"),
        ):  # fmt: skip
            with self.subTest(bad):
                page = self.save(**bad)
                self.assertContains(page, "还有内容需要改正")
                self.assertContains(page, typed)
        self.assertFalse(Preference.objects.exists())

    def test_a_channel_that_is_not_set_up_is_not_offered_and_its_choice_is_not_lost(self) -> None:
        Preference.objects.create(person=self.chief, channels={"moves": ["sms"]})
        with override_settings(SMS_URL=""):
            self.assertNotContains(self.client.get(reverse("settings")), "短信")
            self.save(topic_moves=["email"])
        self.assertEqual(Preference.objects.get(person=self.chief).channels["moves"], ["email", "sms"])

    def test_saving_one_form_leaves_the_other_alone(self) -> None:
        self.save(digest="daily")
        self.client.post(reverse("settings"), {"form": "person", "phone": "", "email": "a@example.test", "language": "zh-hans"})
        self.assertEqual(Preference.objects.get(person=self.chief).digest, "daily")


class LanguageTest(CastTestCase):
    def choose(self, language: str, go_to: str = "/settings/"):
        return self.client.post(reverse("set_language"), {"language": language, "next": go_to})

    def test_the_switch_is_remembered_with_the_person_so_that_mails_follow_it(self) -> None:
        self.client.force_login(self.chief)
        response = self.choose("en")
        self.assertRedirects(response, "/settings/", fetch_redirect_response=False)
        self.assertEqual(response.cookies["django_language"].value, "en")
        self.chief.refresh_from_db()
        self.assertEqual(self.chief.language, "en")

    def test_a_language_we_do_not_speak_changes_nothing(self) -> None:
        self.client.force_login(self.chief)
        self.choose("fr-xx")
        self.chief.refresh_from_db()
        self.assertEqual(self.chief.language, "zh-hans")

    def test_a_stranger_may_switch_too_but_never_leaves_the_house_by_it(self) -> None:
        response = self.choose("en", "https://evil.example/")
        self.assertRedirects(response, "/", fetch_redirect_response=False)
        self.assertEqual(self.client.get(reverse("set_language")).status_code, 405)
