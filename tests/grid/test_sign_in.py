"""Coming in and going out: no user name can be guessed, no stranger's address is followed, and whoever was given
a password chooses their own first."""

from django.contrib.messages import get_messages
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import translation
from rest_framework.authtoken.models import Token

from grid.models import Person
from tests.base import CastTestCase

PASSWORD = "huai-he-2026-liu"
NEW = "yun-he-2027-chang"


class SignInTest(CastTestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        for person in (cls.chief, cls.outsider):
            person.set_password(PASSWORD)
            person.save(update_fields=["password"])

    def sign_in(self, username: str = "zhangzhen", password: str = PASSWORD, **more: str):
        return self.client.post(reverse("sign_in"), {"username": username, "password": password, **more})

    def test_every_page_sends_a_stranger_to_the_sign_in_page_and_back(self) -> None:
        response = self.client.get(reverse("inbox"))
        self.assertRedirects(response, f"{reverse('sign_in')}?next={reverse('inbox')}")
        self.assertContains(self.client.get(response.url), 'name="next" value="/inbox/"')
        self.assertRedirects(self.sign_in(next="/inbox/"), "/inbox/")

    def test_right_password_leads_to_the_desk(self) -> None:
        self.assertRedirects(self.sign_in(), "/", fetch_redirect_response=False)

    def test_wrong_password_and_unknown_and_inactive_people_hear_the_same(self) -> None:
        Person.objects.filter(pk=self.outsider.pk).update(is_active=False)
        answers = {
            self.sign_in(*tried).context["form"].non_field_errors()[0]
            for tried in (("zhangzhen", "wrong"), ("nobody-here", PASSWORD), ("wairen", PASSWORD))
        }
        self.assertEqual(answers, {"用户名或密码不正确，请核对大小写后再试。"})
        self.assertNotIn("_auth_user_id", self.client.session)

    def test_an_empty_form_says_what_is_missing(self) -> None:
        self.assertContains(self.sign_in("", ""), "请填写。", count=2)

    def test_no_address_of_a_stranger_is_followed(self) -> None:
        for bad in ("https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"):
            with self.subTest(bad):
                self.assertRedirects(self.sign_in(next=bad), "/", fetch_redirect_response=False)
                self.client.logout()

    def test_whoever_is_signed_in_needs_no_form(self) -> None:
        self.client.force_login(self.chief)
        self.assertRedirects(self.client.get(reverse("sign_in")), "/", fetch_redirect_response=False)

    def test_signing_out_is_a_post_and_ends_the_session(self) -> None:
        self.client.force_login(self.chief)
        self.assertEqual(self.client.get(reverse("sign_out")).status_code, 405)
        self.assertRedirects(self.client.post(reverse("sign_out")), reverse("sign_in"))
        self.assertEqual(self.client.get(reverse("inbox")).status_code, 302)

    @override_settings(AXES_ENABLED=True, AXES_FAILURE_LIMIT=3)
    def test_a_name_is_locked_after_too_many_failures_with_one_clear_sentence(self) -> None:
        for _attempt in range(2):
            self.assertEqual(self.sign_in(password="wrong").status_code, 200)
        response = self.sign_in(password="wrong")
        self.assertContains(response, "请 15 分钟后再试", status_code=429)
        self.assertEqual(self.sign_in().status_code, 429)

    def test_the_language_of_the_person_is_shown_after_signing_in(self) -> None:
        Person.objects.filter(pk=self.chief.pk).update(language="en")
        self.assertEqual(self.sign_in().cookies["django_language"].value, "en")

    def test_a_language_chosen_on_the_way_in_becomes_the_persons(self) -> None:
        self.client.post(reverse("set_language"), {"language": "en", "next": reverse("sign_in")})
        self.assertEqual(self.sign_in().cookies["django_language"].value, "en")
        self.chief.refresh_from_db()
        self.assertEqual(self.chief.language, "en")

    def test_other_methods_are_refused(self) -> None:
        self.assertEqual(self.client.delete(reverse("sign_in")).status_code, 405)


class PasswordTest(CastTestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.chief.set_password(PASSWORD)
        cls.chief.must_change_password = True
        cls.chief.save(update_fields=["password", "must_change_password"])

    def setUp(self) -> None:
        self.client.force_login(self.chief)

    def change(self, old: str = PASSWORD, new: str = NEW, again: str | None = None):
        return self.client.post(
            reverse("password_change"),
            {"old_password": old, "new_password1": new, "new_password2": new if again is None else again},
        )

    def test_a_given_password_has_to_be_changed_before_anything_else(self) -> None:
        self.assertRedirects(self.client.get(reverse("inbox")), reverse("password_change"))
        self.assertContains(self.client.get(reverse("password_change")), "请先换成自己的密码")
        answer = self.client.get("/api/v1/regions/", headers={"accept": "application/json"})
        self.assertEqual((answer.status_code, answer.json()["code"]), (403, "password_change_first"))
        self.assertEqual(self.client.get(reverse("inbox"), headers={"HX-Request": "true"}).headers["HX-Redirect"], "/password/")

    def test_the_new_password_opens_the_house_and_keeps_the_session(self) -> None:
        response = self.change()
        self.assertRedirects(response, "/", fetch_redirect_response=False)
        self.assertEqual([str(said) for said in get_messages(response.wsgi_request)], ["密码已修改，其他设备上的登录已失效。"])
        self.chief.refresh_from_db()
        self.assertTrue(self.chief.check_password(NEW))
        self.assertEqual(self.client.get(reverse("inbox")).status_code, 200)

    def api(self, token: Token) -> HttpResponse:
        return Client().get("/api/v1/regions/", headers={"Authorization": f"Token {token.key}"})

    def test_a_token_opens_nothing_before_that_and_ends_with_the_old_password(self) -> None:
        token = Token.objects.create(user=self.chief)
        answer = self.api(token)
        self.assertEqual((answer.status_code, answer.json()["code"]), (403, "password_change_first"))
        self.change()
        answer = self.api(token)
        self.assertEqual((answer.status_code, answer.json().get("code")), (403, None))  # nobody's any more
        self.chief.refresh_from_db()
        self.assertEqual(self.api(Token.objects.create(user=self.chief)).status_code, 200)

    def test_bad_passwords_are_refused_with_a_reason(self) -> None:
        for given, reason in (
            ({"old": "wrong"}, "现在的密码不正确。"),
            ({"again": "other"}, "两次填写的新密码不一样。"),
            ({"new": PASSWORD}, "新密码不能和现在的密码相同。"),
            ({"new": "123456789012"}, "密码"),
        ):
            with self.subTest(reason):
                response = self.change(**given)
                self.assertContains(response, reason)
                self.assertContains(response, "还有内容需要改正")
        self.chief.refresh_from_db()
        self.assertTrue(self.chief.check_password(PASSWORD))

    def test_signing_out_and_the_language_stay_open_meanwhile(self) -> None:
        self.client.post(reverse("set_language"), {"language": "en"})
        with translation.override("zh-hans"):
            self.assertRedirects(self.client.post(reverse("sign_out")), reverse("sign_in"))
