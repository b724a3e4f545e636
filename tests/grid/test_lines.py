"""Lines to real servers: under TLS, and to servers that drip instead of answering."""

import os
import subprocess
import sys
import time
from uuid import UUID

from django.conf import settings
from django.test import SimpleTestCase, override_settings

from config.queues import QUEUES
from grid.addressees import Contact
from grid.channels import CHANNELS, Message, SendError
from grid.tasks import PATIENCE
from tests.certificates import trusted
from tests.gateways import DRIP, DRIP_AT_ONCE, SmsGateway
from tests.smtp import MailServer

TO = Contact(UUID(int=1), "章镇", "zhang@xinan.example", "13800000001")
MESSAGE = Message("k", TO, "标题", "正文", "短")
LIMIT, SLACK = 0.8, 0.5


class LinesTest(SimpleTestCase):
    def send(self, channel: str, server: MailServer | SmsGateway) -> None:
        with server, override_settings(**{**server.settings, "CHANNEL_LIMIT": LIMIT}):
            CHANNELS[channel].send(MESSAGE)
        self.assertEqual(len(server.messages), 1)

    def given_up(self, channel: str, server: MailServer | SmsGateway) -> None:
        """It ends in time, and it is the channel's fault."""
        begun = time.monotonic()
        with server, override_settings(**{**server.settings, "CHANNEL_LIMIT": LIMIT}), self.assertRaises(SendError) as caught:
            CHANNELS[channel].send(MESSAGE)
        took = time.monotonic() - begun
        self.assertTrue(caught.exception.of_channel)
        self.assertFalse(caught.exception.permanent)
        self.assertLess(took, LIMIT + SLACK)
        self.assertGreater(took, LIMIT - SLACK)  # not for another reason

    def test_mail_goes_out_in_the_open_by_starttls_and_under_tls_from_the_first_byte(self) -> None:
        with trusted() as tls:
            for server in (MailServer(), MailServer(tls=tls), MailServer(tls=tls, is_implicit=True)):
                with self.subTest(tls=bool(server.tls), is_implicit=server.is_implicit):
                    self.send("email", server)

    def test_a_server_nobody_vouches_for_gets_no_mail(self) -> None:
        with trusted() as tls:
            server = MailServer(tls=tls, is_implicit=True)
        with server, override_settings(**server.settings), self.assertRaises(SendError) as caught:
            CHANNELS["email"].send(MESSAGE)
        self.assertTrue(caught.exception.of_channel)
        self.assertEqual(server.messages, [])

    def test_a_gateway_is_spoken_to_under_tls(self) -> None:
        with trusted() as tls:
            self.send("sms", SmsGateway(tls=tls))

    def test_a_mail_server_that_drips_is_given_up_in_time_wherever_it_begins(self) -> None:
        for drips in ("greeting", "EHLO", "MAIL", "DATA"):
            with self.subTest(drips):
                self.given_up("email", MailServer(drips=drips))

    def test_and_under_tls(self) -> None:
        with trusted() as tls:
            for is_implicit in (True, False):
                with self.subTest(is_implicit=is_implicit):
                    self.given_up("email", MailServer(drips="MAIL", tls=tls, is_implicit=is_implicit))

    def test_a_gateway_that_drips_is_given_up_in_time_in_head_and_body(self) -> None:
        with trusted() as tls:
            for answer in (DRIP, DRIP_AT_ONCE):
                for context in (None, tls):
                    with self.subTest(answer, tls=bool(context)):
                        self.given_up("sms", SmsGateway([answer], tls=context))

    def test_what_has_been_taken_is_sent_however_long_the_goodbye(self) -> None:
        self.send("email", MailServer(drips="QUIT"))


class MailSettings(SimpleTestCase):
    def settled(self, **env: str) -> subprocess.CompletedProcess[str]:
        said = "from django.conf import settings as s; print(s.EMAIL_PORT, s.EMAIL_USE_TLS, s.EMAIL_USE_SSL, s.CHANNEL_LIMIT)"
        known = {name: value for name, value in os.environ.items() if not name.startswith("EMAIL_")}
        env = {**known, "DJANGO_SETTINGS_MODULE": "config.settings.local", **env}
        return subprocess.run([sys.executable, "-c", said], env=env, capture_output=True, text=True, cwd=settings.ROOT)

    def test_the_port_follows_the_way_of_tls_unless_it_is_said(self) -> None:
        for env, expected in (
            ({}, ["25", "False", "False"]),
            ({"EMAIL_USE_SSL": "1"}, ["465", "False", "True"]),
            ({"EMAIL_USE_TLS": "1", "EMAIL_PORT": "587"}, ["587", "True", "False"]),
        ):
            self.assertEqual(self.settled(**env).stdout.split()[:3], expected)

    def test_the_last_message_a_task_begins_still_ends_within_its_time(self) -> None:
        limit = float(self.settled().stdout.split()[3])
        self.assertLess(PATIENCE + limit, QUEUES["deliver"].soft_limit)

    def test_both_ways_at_once_stop_the_start(self) -> None:
        both = self.settled(EMAIL_USE_TLS="1", EMAIL_USE_SSL="1")
        self.assertNotEqual(both.returncode, 0)
        self.assertIn("choose STARTTLS", both.stderr)
