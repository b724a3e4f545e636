"""manage.py set_room: a room in which mediations are heard is added, changed or taken out of use."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from grid.models import Region
from mediation.models import Room


class Command(BaseCommand):
    help = "Adds or changes a mediation room. Safe to repeat. Hearings that are already arranged keep their room."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("region", help="division code of the city, county or township the room belongs to")
        parser.add_argument("name")
        parser.add_argument("--capacity", type=int, default=10, help="people, the mediator included (default 10)")
        parser.add_argument("--address", default="")
        parser.add_argument("--out-of-use", action="store_true", help="no new hearings there")

    def handle(self, *args: Any, region: str, name: str, **options: Any) -> None:
        place = Region.objects.current().filter(pk=region).first()
        if place is None or len(region) not in (4, 6, 9):
            raise CommandError(_("%(code)s 不是市、县（区）或乡镇（街道）的区划代码。") % {"code": region})
        if options["capacity"] < 3:
            raise CommandError(_("一间调解室至少要容纳三人。"))
        facts = {"capacity": options["capacity"], "address": options["address"], "is_active": not options["out_of_use"]}
        _room, is_new = Room.objects.update_or_create(region=place, name=name, defaults=facts)
        sentence = _("已添加%(place)s的%(room)s。") if is_new else _("已更新%(place)s的%(room)s。")
        self.stdout.write(sentence % {"place": place.full_name, "room": name})
