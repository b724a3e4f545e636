"""Robots of chat groups: an administrator adds, tries and stops those of their region; nobody reads a secret again."""

from django.test import override_settings
from django.urls import reverse

from grid import roles
from grid.models import AccessLog, Robot
from grid.vault import open_sealed
from tests.base import CastTestCase, make_person
from tests.gateways import WeCom

URL = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa"


class RobotsTest(CastTestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.county_administrator = make_person("xianguanli", "县管", roles.ADMINISTRATOR, "321322")

    def setUp(self) -> None:
        self.client.force_login(self.county_administrator)

    def add(self, **changes: str):
        given = {"name": "沭阳县办理群", "channel": "wecom", "region": "321322", "url": URL, "secret": "", **changes}
        return self.client.post(reverse("robot_new"), given)

    def robot(self, **changes: str) -> Robot:
        self.add(**changes)
        return Robot.objects.get()

    def test_adding_seals_the_address_and_shows_its_end_only(self) -> None:
        self.assertRedirects(self.add(channel="dingtalk", url="https://oapi.dingtalk.com/robot/send?access_token=abcd9876", secret="SECxyz0004321"), reverse("robot_list"))
        robot = Robot.objects.get()
        self.assertNotIn("dingtalk.com", robot.url_sealed)
        self.assertEqual(open_sealed(robot.secret_sealed, Robot.SEAL), "SECxyz0004321")
        page = self.client.get(reverse("robot_list"))
        self.assertContains(page, "地址尾号 9876")
        self.assertContains(page, "密钥尾号 4321")
        self.assertNotContains(page, "abcd9876")
        self.assertNotContains(page, "SECxyz")
        self.assertEqual(AccessLog.objects.get(act="set_robot").subject_id, robot.pk)

    def test_an_address_of_another_host_is_refused_and_what_was_typed_stays(self) -> None:
        for url in ("https://evil.example/send?key=1", "http://qyapi.weixin.qq.com/x", "not an address"):
            page = self.add(url=url)
            self.assertContains(page, "属于所选的平台", status_code=409)
            self.assertContains(page, "沭阳县办理群", status_code=409)
        self.assertContains(self.add(name=""), "还有内容需要改正")
        self.assertFalse(Robot.objects.exists())

    def test_only_regions_inside_the_administrators_can_be_chosen(self) -> None:
        self.assertContains(self.add(region="321323"), "还有内容需要改正")
        self.assertRedirects(self.add(region="321322101"), reverse("robot_list"))

    def test_a_test_message_says_how_it_went(self) -> None:
        with WeCom() as group, override_settings(**group.settings):
            robot = self.robot(url=group.url)
            answer = self.client.post(reverse("robot_try", args=[robot.pk]), follow=True)
            self.assertContains(answer, "收下了测试消息")
            self.assertIn("薪安测试消息", str(group.messages))
        with WeCom([{"errcode": 93000, "errmsg": "invalid webhook url"}]) as group, override_settings(**group.settings):
            Robot.objects.all().delete()
            robot = self.robot(url=group.url)
            answer = self.client.post(reverse("robot_try", args=[robot.pk]), follow=True)
            self.assertContains(answer, "没有收下测试消息：93000 invalid webhook url")

    def test_stopping_and_starting_again(self) -> None:
        robot = self.robot()
        for on, is_active in (("", False), ("1", True)):
            self.client.post(reverse("robot_switch", args=[robot.pk]), {"on": on})
            robot.refresh_from_db()
            self.assertEqual(robot.is_active, is_active)
        self.assertEqual(AccessLog.objects.filter(act="set_robot").count(), 3)

    def test_nobody_else_sees_or_touches_it(self) -> None:
        robot = self.robot()
        other = make_person("qitaguanli", "别管", roles.ADMINISTRATOR, "321323")
        for person in (other, self.county, self.city, self.auditor, self.outsider):
            self.client.force_login(person)
            for name in ("robot_try", "robot_switch"):
                self.assertEqual(self.client.post(reverse(name, args=[robot.pk])).status_code, 404)
        self.assertNotContains(self.client_of(other).get(reverse("robot_list")), "沭阳县办理群")
        self.assertContains(self.client_of(self.administrator).get(reverse("robot_list")), "沭阳县办理群")
        self.assertEqual(self.client_of(self.county).get(reverse("robot_list")).status_code, 404)
        self.assertEqual(self.client_of(self.county).get(reverse("robot_new")).status_code, 404)

    def client_of(self, person):
        self.client.force_login(person)
        return self.client

    def test_changes_are_posts(self) -> None:
        robot = self.robot()
        for name in ("robot_try", "robot_switch"):
            self.assertEqual(self.client.get(reverse(name, args=[robot.pk])).status_code, 405)

    def test_an_empty_list_says_what_to_do(self) -> None:
        self.assertContains(self.client.get(reverse("robot_list")), "还没有群机器人")
