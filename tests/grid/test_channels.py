"""Each channel against a server that speaks its protocol: what goes out, and what is made of every way to fail."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.test import SimpleTestCase, override_settings

from grid.addressees import Contact
from grid.channels import CHANNELS, Message, SendError, is_set_up, robots, sms
from grid.models import AccessLog, Robot
from grid.refused import Refused
from grid.robots import Row, add, robots_of, switch, try_out
from tests.base import NOW, TODAY, CastTestCase
from tests.gateways import CLOSE, DRIP, HANG, NONSENSE, DingTalk, Feishu, Gateway, SmsGateway, WeCom

WHO = UUID("01940000-0000-7000-8000-000000000001")
TITLE, TEXT = "宿欠〔2026〕321322-00001：时限届满", "案件应于 2026-03-09 前完成。"
NOBODY = {"hang": HANG, "close": CLOSE, "drip": DRIP, "nonsense": NONSENSE}


def fault(error: SendError) -> tuple[bool, bool]:
    return error.permanent, error.of_channel


class ChannelCase(SimpleTestCase):
    def refused(self, channel: str, message: Message, gateway: Gateway, **more: Any) -> SendError:
        with gateway, override_settings(**{**gateway.settings, **more}), self.assertRaises(SendError) as caught:
            CHANNELS[channel].send(message)
        self.assertEqual(gateway.messages, [])
        return caught.exception


class Sms(ChannelCase):
    def message(self, **changes: Any) -> Message:
        contact = Contact(WHO, "章镇", phone=changes.pop("phone", "13800000001"))
        return Message(**{"key": "k", "to": contact, "title": TITLE, "text": TEXT, "short": "短", "path": "/claims/1/", **changes})

    def test_it_goes_out_signed_with_its_key_and_without_a_link(self) -> None:
        with SmsGateway() as gateway, override_settings(**gateway.settings):
            self.assertTrue(is_set_up("sms"))
            CHANNELS["sms"].send(self.message())
            CHANNELS["sms"].send(self.message())  # the repeat after a crash
        [told] = gateway.messages
        self.assertEqual(told, {"id": self.message().digest, "phone": "13800000001", "sign": "薪安", "text": "短"})
        self.assertEqual(gateway.repeats, 1)

    def test_what_is_discreet_goes_out_under_the_other_sign_or_none(self) -> None:
        for sign in ("便民服务", ""):
            with SmsGateway() as gateway, override_settings(**gateway.settings, SMS_SIGN_DISCREET=sign):
                CHANNELS["sms"].send(self.message(is_discreet=True))
            self.assertEqual(gateway.messages[0]["sign"], sign)

    def test_no_message_is_longer_than_what_gateways_take_with_its_sign(self) -> None:
        with SmsGateway() as gateway, override_settings(**gateway.settings):
            CHANNELS["sms"].send(self.message(short="长" * 400))
        self.assertEqual(len(gateway.messages[0]["text"]), 296)

    def test_without_short_words_the_title_is_said(self) -> None:
        with SmsGateway() as gateway, override_settings(**gateway.settings):
            CHANNELS["sms"].send(self.message(short=""))
        self.assertEqual(gateway.messages[0]["text"], TITLE)

    def test_a_code_in_the_body_of_a_200_is_an_error(self) -> None:
        for code, expected in {
            "bad_number": (True, False), "blacklisted": (True, False), "isv.MOBILE_NUMBER_ILLEGAL": (True, False),
            "number_limited": (False, False), "something new": (False, False), None: (False, False),
            "rate_limited": (False, True), "no_balance": (False, True), "isv.AMOUNT_NOT_ENOUGH": (False, True),
        }.items():  # fmt: skip
            error = self.refused("sms", self.message(), SmsGateway([{"code": code, "message": "so"}]))
            self.assertEqual(fault(error), expected, code)
            self.assertEqual(str(error), f"{code} so")

    def test_a_known_code_in_the_body_of_a_4xx_says_whose_fault_it_is(self) -> None:
        for answer, expected in (
            ((400, {"code": "bad_number", "message": "so"}, {}), (True, False)),
            ((422, {"code": "isv.MOBILE_NUMBER_ILLEGAL", "message": "so"}, {}), (True, False)),
            ((401, {"code": "bad_key", "message": "so"}, {}), (False, True)),
            ((403, {"code": "who are you", "message": "so"}, {}), (False, True)),
            ((400, {"code": None}, {}), (False, True)),
            ((500, {"code": "bad_number"}, {}), (False, True)),
        ):
            self.assertEqual(fault(self.refused("sms", self.message(), SmsGateway([answer]))), expected, answer)

    def test_a_gateway_is_given_eleven_digits_however_the_number_was_written(self) -> None:
        for phone in ("+86 138 0000 0001", "8613800000001", "138-0000-0001"):
            with SmsGateway() as gateway, override_settings(**gateway.settings):
                self.assertTrue(sms.takes(phone))
                CHANNELS["sms"].send(self.message(phone=phone))
            self.assertEqual(gateway.messages[0]["phone"], "13800000001", phone)

    def test_a_gateway_says_how_long_it_wants_to_hear_nothing(self) -> None:
        for said, seconds in (("120", 120), ("99999999", 12 * 3600), ("Wed, 21 Oct 2026 07:28:00 GMT", 0), ("-1", 0), ("²", 0), ("", 0)):
            error = self.refused("sms", self.message(), SmsGateway([(429, {}, {"Retry-After": said})]))
            self.assertEqual(error.wait, timedelta(seconds=seconds), said)

    def test_what_a_gateway_says_is_kept_without_the_number_it_quotes(self) -> None:
        for phone, said in (("138 0000 0001", "138****0001"), ("8435000", "****")):
            number = phone.replace(" ", "")
            error = self.refused("sms", self.message(phone=phone), SmsGateway([{"code": "bad_number", "message": f"86{number} is empty"}]))
            self.assertEqual(str(error), f"bad_number 86{said} is empty")

    def test_what_the_gateway_itself_refuses(self) -> None:
        self.assertEqual(fault(self.refused("sms", self.message(phone="05278888"), SmsGateway())), (True, False))
        self.assertEqual(fault(self.refused("sms", self.message(phone=""), SmsGateway())), (True, False))
        for wrong in ({"SMS_SECRET": "another"}, {"SMS_KEY": "another"}):
            self.assertEqual(fault(self.refused("sms", self.message(), SmsGateway(), **wrong)), (False, True))

    def test_a_gateway_that_is_not_well_is_the_channels_trouble(self) -> None:
        for answer in (*NOBODY.values(), 500, 502, 429, 401, 404, 302):
            self.assertEqual(fault(self.refused("sms", self.message(), SmsGateway([answer]))), (False, True), answer)
        with SmsGateway() as gone:
            pass
        with override_settings(**gone.settings), self.assertRaises(SendError) as caught:
            CHANNELS["sms"].send(self.message())
        self.assertEqual(fault(caught.exception), (False, True))

    def test_only_an_origin_the_installation_allows_may_do_without_tls(self) -> None:
        error = self.refused("sms", self.message(), SmsGateway(), CHANNEL_HOSTS=[])
        self.assertIn("https", str(error))

    @override_settings(SMS_URL="https://sms.example/send", SMS_KEY="", SMS_SECRET="s")
    def test_half_a_set_up_is_none(self) -> None:
        self.assertFalse(is_set_up("sms"))
        with self.assertRaises(SendError) as caught:
            sms.send(self.message())
        self.assertTrue(caught.exception.of_channel)


class Robots(ChannelCase):
    platforms = {"wecom": WeCom, "dingtalk": DingTalk, "feishu": Feishu}

    def message(self, gateway: Gateway, **changes: Any) -> Message:
        contact = Contact(WHO, "县办群", url=changes.pop("url", gateway.url), secret=changes.pop("secret", gateway.secret))
        return Message(**{"key": "k", "to": contact, "title": TITLE, "text": TEXT, "path": "/claims/1/", **changes})

    @override_settings(SITE_URL="https://xinan.example")
    def test_each_platform_takes_the_text_with_title_and_link(self) -> None:
        for name, platform in self.platforms.items():
            with platform() as gateway, override_settings(**gateway.settings):
                CHANNELS[name].send(self.message(gateway))
            said = json.dumps(gateway.messages, ensure_ascii=False)
            for part in (TITLE, TEXT, "https://xinan.example/claims/1/"):
                self.assertIn(part, said)

    def test_a_robot_without_a_secret_signs_nothing(self) -> None:
        for name in ("dingtalk", "feishu"):
            with self.platforms[name](secret="") as gateway, override_settings(**gateway.settings):
                CHANNELS[name].send(self.message(gateway))
            self.assertEqual(len(gateway.messages), 1)

    def test_a_wrong_secret_or_key_is_this_robots_trouble_for_good(self) -> None:
        for name in ("dingtalk", "feishu"):
            gateway = self.platforms[name]()
            self.assertEqual(fault(self.refused(name, self.message(gateway, secret="other"), gateway)), (True, False), name)
        for name, path in (
            ("wecom", "/cgi-bin/webhook/send?key=none"),
            ("dingtalk", "/robot/send?access_token=none"),
            ("feishu", "/open-apis/bot/v2/hook/none"),
        ):
            gateway = self.platforms[name]()
            self.assertEqual(fault(self.refused(name, self.message(gateway, url=gateway.origin + path), gateway)), (True, False), name)

    def test_what_a_platform_says_in_the_body_of_a_200(self) -> None:
        for name, answer, expected in (
            ("wecom", {"errcode": 45009, "errmsg": "api freq out of limit"}, (False, False)),
            ("wecom", {"errcode": -1, "errmsg": "system busy"}, (False, True)),
            ("wecom", {"errcode": 123456, "errmsg": "new"}, (False, False)),
            ("dingtalk", {"errcode": 130101, "errmsg": "send too fast"}, (False, False)),
            ("dingtalk", {"errcode": 310000, "errmsg": "keywords not in content"}, (True, False)),
            ("feishu", {"code": 11232, "msg": "frequency limited psm"}, (False, False)),
            ("feishu", {"code": 19024, "msg": "Key Words Not Found"}, (True, False)),
            ("feishu", {}, (False, False)),
        ):
            gateway = self.platforms[name]([answer])
            error = self.refused(name, self.message(gateway), gateway)
            self.assertEqual(fault(error), expected, answer)
            self.assertIn(str(answer.get("errmsg") or answer.get("msg") or ""), str(error))

    def test_feishus_older_answer_is_understood(self) -> None:
        with Feishu([{"StatusCode": 0, "StatusMessage": "success"}]) as gateway, override_settings(**gateway.settings):
            CHANNELS["feishu"].send(self.message(gateway))

    def test_a_platform_that_is_not_well_is_the_channels_trouble(self) -> None:
        for name, platform in self.platforms.items():
            for answer in (*NOBODY.values(), 500, 302):
                gateway = platform([answer])
                self.assertEqual(fault(self.refused(name, self.message(gateway), gateway)), (False, True), (name, answer))
            for answer in (404, 429):  # the platforms count for each robot
                gateway = platform([answer])
                self.assertEqual(fault(self.refused(name, self.message(gateway), gateway)), (False, False), name)

    def test_what_a_platform_says_in_the_body_of_a_4xx(self) -> None:
        for name, answer, expected in (
            ("feishu", (400, {"code": 9499, "msg": "Bad Request"}, {}), (True, False)),
            ("feishu", (400, {"code": 19001, "msg": "param invalid"}, {}), (True, False)),
            ("feishu", (400, {"code": 11232, "msg": "frequency limited psm"}, {}), (False, False)),
            ("feishu", (429, {"code": 99991400, "msg": "request trigger frequency limit"}, {}), (False, False)),
            ("wecom", (400, {"errcode": 0}, {}), (False, False)),
            ("dingtalk", (403, {"errcode": 300005, "errmsg": "token is not exist"}, {}), (True, False)),
        ):
            gateway = self.platforms[name]([answer])
            error = self.refused(name, self.message(gateway), gateway)
            self.assertEqual(fault(error), expected, answer)
            self.assertIn(str(answer[1].get("errmsg") or answer[1].get("msg") or "HTTP"), str(error))

    def test_a_long_text_gives_way_and_title_and_link_stay(self) -> None:
        with WeCom() as gateway, override_settings(**gateway.settings, SITE_URL="https://xinan.example"):
            CHANNELS["wecom"].send(self.message(gateway, text="很长的文字" * 500))
        content = gateway.messages[0]["text"]["content"]
        self.assertLessEqual(len(content.encode()), 2048)
        self.assertTrue(content.startswith(TITLE))
        self.assertTrue(content.endswith("…\nhttps://xinan.example/claims/1/"))

    def test_only_the_platforms_own_hosts_are_asked(self) -> None:
        own = {"wecom": "https://qyapi.weixin.qq.com/x", "dingtalk": "https://oapi.dingtalk.com/x", "feishu": "https://open.feishu.cn/x"}
        for name, url in own.items():
            self.assertTrue(robots.is_allowed(name, url))
            self.assertFalse(any(robots.is_allowed(other, url) for other in own if other != name))
        for url in (
            "http://qyapi.weixin.qq.com/x", "https://qyapi.weixin.qq.com:8443/x", "https://qyapi.weixin.qq.com.evil.example/x",
            "https://qyapi.weixin.qq.com@evil.example/x", "https://evil.example/?qyapi.weixin.qq.com", "https://127.0.0.1/x",
            "https://[::1]/x", "file:///etc/passwd", "https://qyapi.weixin.qq.com:99999/x", "gopher://qyapi.weixin.qq.com/", "",
            "https://qyapi.weixin.qq.com\\@evil.example/x", "https://evil.example#@qyapi.weixin.qq.com/x", "https://qyapi.weixin.qq.com./x",
            "https://qyapi。weixin。qq。com/x", "https://qуapi.weixin.qq.com/x", "https://xn--qapi-t6d.weixin.qq.com/x", "https://[::ffff:127.0.0.1]/x",
            "https://2130706433/x", "https://qyapi.weixin.qq.com:443:80/x", "//qyapi.weixin.qq.com/x", "https://a:b@qyapi.weixin.qq.com/x",
            # these would fail on their way out, as if the platform were down, and quote the key
            "https://qyapi.weixin.qq.com/x?key=a b", "https://qyapi.weixin.qq.com/x?key=a\r\nX: y", "https://qyapi.weixin.qq.com/机器人",
            "https://qyapi.\tweixin.qq.com/x",
        ):  # fmt: skip
            self.assertFalse(robots.is_allowed("wecom", url), url)
            with self.assertRaises(SendError) as caught:
                CHANNELS["wecom"].send(self.message(WeCom(), url=url))
            self.assertTrue(caught.exception.permanent)
        with override_settings(CHANNEL_HOSTS=["robots.xinan.example", "http://10.0.0.8:8080"]):
            for url, is_fine in {
                "https://robots.xinan.example/x": True, "http://robots.xinan.example/x": False,
                "http://10.0.0.8:8080/x": True, "http://10.0.0.8:8081/x": False, "https://10.0.0.8/x": False,
            }.items():  # fmt: skip
                self.assertEqual(robots.is_allowed("dingtalk", url), is_fine, url)


class RobotsOfAnOffice(CastTestCase):
    def add(self, **changes: Any) -> Robot:
        given = {"name": "县办群", "channel": "wecom", "region": self.regions["321322"], "url": "https://qyapi.weixin.qq.com/x?key=1"}
        return add(changes.pop("person", self.administrator), NOW, **{**given, **changes})

    def test_address_and_secret_lie_sealed(self) -> None:
        robot = self.add(channel="dingtalk", url="https://oapi.dingtalk.com/robot/send?access_token=tok", secret="SEC1")
        kept = repr(Robot.objects.filter(pk=robot.pk).values().get())
        self.assertNotIn("access_token=tok", kept)
        self.assertNotIn("SEC1", kept)

    def test_an_address_elsewhere_and_a_person_elsewhere_are_refused(self) -> None:
        for changes, code in (
            ({"url": "https://evil.example/"}, "robot_address"),
            ({"channel": "feishu"}, "robot_address"),
            ({"name": " "}, "robot_no_name"),
            ({"person": self.county}, "not_administrator"),
        ):
            with self.assertRaises(Refused) as caught:
                self.add(**changes)
            self.assertEqual(caught.exception.code, code)
        self.assertFalse(Robot.objects.exists())

    def test_trying_it_says_what_the_platform_said(self) -> None:
        with WeCom() as gateway, override_settings(**gateway.settings):
            try_out(self.add(url=gateway.url), self.administrator, NOW)
            wrong = self.add(name="错的", url=f"{gateway.origin}/wrong")
            with self.assertRaises(SendError) as caught:
                try_out(wrong, self.administrator, NOW)
        self.assertEqual(len(gateway.messages), 1)
        self.assertIn("invalid webhook url", str(caught.exception))

    def test_only_whoever_administers_the_place_sees_it_and_switches_it_off(self) -> None:
        robot = self.add()
        self.assertEqual([list(robots_of(who, TODAY)) for who in (self.administrator, self.chief)], [[robot], []])
        with self.assertRaises(Refused):
            switch(robot, self.chief, NOW, is_active=False)
        for _again in range(2):
            switch(robot, self.administrator, NOW, is_active=False)
        robot.refresh_from_db()
        self.assertFalse(robot.is_active)
        self.assertEqual(AccessLog.objects.filter(act="set_robot", subject_id=robot.pk).count(), 2)  # added, switched

    def test_a_page_shows_only_the_end_of_what_is_sealed(self) -> None:
        robot = self.add(channel="dingtalk", url="https://oapi.dingtalk.com/robot/send?access_token=abcd1234", secret="SEC000009876")
        self.assertEqual((Row.of(robot).url_end, Row.of(robot).secret_end), ("1234", "9876"))
        short = self.add(channel="dingtalk", url="https://oapi.dingtalk.com/robot/send?access_token=abcd1234", secret="abcd")
        self.assertEqual(Row.of(short).secret_end, "")
        robot.url_sealed = "gone:AAAA"
        self.assertEqual(Row.of(robot).url_end, "")
