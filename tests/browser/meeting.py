"""People in an online room, with Chromium's fake cameras."""

import time
from datetime import timedelta

from django.contrib.auth.hashers import make_password
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone
from playwright.sync_api import Browser, Locator, expect

from arrears import casework
from grid.days import day_of
from grid.models import Person
from mediation import hearings
from mediation.models import Hearing, Room
from mediation.online import links
from tests.browser.running import Running
from tests.browser.scene import Scene
from tests.browser.visitor import PASSWORD, PATIENCE, Visitor

BOUND = 120.0  # seconds until everybody sees everybody, on a machine that draws and encodes for all of them
MEETING = "https://meeting.example.test/room"


def arrange() -> type[Scene]:
    """A hearing that goes on just now, and five links to it."""
    Scene.make_cast()
    Person.objects.update(password=make_password(PASSWORD))
    now = timezone.now()
    claim = Scene.make_claim(now=now)
    casework.advance(claim, "accept", None, now=now)
    casework.advance(claim, "handle", None, now=now)
    mediation = hearings.apply(claim, Scene.county, now=now, applied_on=day_of(now), request="请求支付拖欠工资")
    hearings.advance(mediation, "accept", Scene.mediator, now=now, mediator=Scene.mediator)
    room = Room.objects.create(name="网上一室", region_id="321322", medium="online", link=MEETING)
    begins = (now + timedelta(days=1)).replace(hour=2, minute=0)  # ten o'clock in Shanghai
    hearings.advance(
        mediation, "schedule", Scene.mediator, now=now, room=room, mediator=Scene.mediator, starts_at=begins, ends_at=begins + timedelta(hours=2), anyway=True
    )
    Scene.hearing = mediation.hearings.get()
    span = DateTimeTZRange(now - timedelta(minutes=5), now + timedelta(hours=1))
    Hearing.objects.update(span=span, busy=span)  # the verbs book nothing that has begun
    Scene.hearing.refresh_from_db()
    Scene.claim = claim
    names = (("employer", "宏远劳务"), ("other", "张三"), ("other", "李四"), ("interpreter", "翻译孙"), ("observer", "旁听周"))
    Scene.links = [links.invite(Scene.hearing, kind, name, Scene.mediator, now=now) for kind, name in names]
    return Scene


class Guest(Visitor):
    """Somebody in the room, or on the way there."""

    def enter(self, scene: type[Scene]) -> "Guest":
        self.open(f"/hearings/{scene.hearing.pk}/online/")
        self.press("进入网上调解室")
        self.page.wait_for_url("**/online/*/")
        return self

    def join(self, link: tuple[str, str]) -> "Guest":
        token, code = link
        self.open(f"/join/{token}/")
        self.fill("六位密码", code)
        self.press("进入网上调解室")
        self.page.wait_for_url("**/online/*/")
        return self

    def tile(self, name: str) -> Locator:
        return self.page.locator(".tile-of").filter(has=self.page.locator(".who", has_text=name))

    def sees_move(self, name: str, patience: float = BOUND) -> None:
        """The picture goes on: its time and its frames grow."""
        video = self.tile(name).locator("video")
        expect(video).to_be_attached(timeout=patience * 1000)
        read = "video => [video.currentTime, video.getVideoPlaybackQuality().totalVideoFrames, video.videoWidth]"
        first, limit = video.evaluate(read), time.monotonic() + patience
        while True:
            now = video.evaluate(read)
            if now[0] > first[0] and now[1] > first[1] and now[2] > 0:
                return
            assert time.monotonic() < limit, f"{name} stands still: {first} {now} {self.net(name)}"
            self.page.wait_for_timeout(100)

    def net(self, name: str) -> str | None:
        return self.tile(name).get_attribute("data-net")

    def admits(self, name: str) -> None:
        self.page.get_by_role("button", name=f"准许入会 {name}").click()

    def leaves(self) -> None:
        self.page.on("dialog", lambda dialog: dialog.accept())
        self.page.locator("#leave").click()
        expect(self.page.locator("#says")).to_contain_text("您已离开会场", timeout=PATIENCE * 1000)


def host_of(scene: type[Scene], house: Running, cameras: Browser) -> Guest:
    host = Guest(cameras, house.url, scene.mediator).sign_in().enter(scene)
    expect(host.tile("条和")).to_be_attached(timeout=PATIENCE * 1000)
    return host
