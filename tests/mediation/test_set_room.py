"""manage.py set_room: without a room nobody can arrange a hearing."""

from io import StringIO

from django.core.management import CommandError, call_command

from mediation.models import Room
from tests.mediation.base import MediationTestCase


class SetRoomTest(MediationTestCase):
    def run_it(self, *args: str) -> str:
        out = StringIO()
        call_command("set_room", *args, stdout=out)
        return out.getvalue()

    def test_a_room_is_added_once_and_then_changed(self) -> None:
        self.assertIn("已添加", self.run_it("321322101", "陇集镇调解室", "--capacity=6", "--address=镇政府一楼"))
        self.assertIn("已更新", self.run_it("321322101", "陇集镇调解室", "--out-of-use"))
        room = Room.objects.get(name="陇集镇调解室")
        self.assertEqual((room.region_id, room.capacity, room.is_active), ("321322101", 10, False))

    def test_an_unknown_region_or_a_cupboard_is_refused(self) -> None:
        for args in (("999999", "甲"), ("32", "甲"), ("321322", "甲", "--capacity=2")):
            with self.assertRaises(CommandError):
                self.run_it(*args)
        self.assertFalse(Room.objects.filter(name="甲").exists())
