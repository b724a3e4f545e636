"""Everything between an empty database and a city to look at; a second time it only looks whether all is there.

Run by bin/serve as `python -m config.prepare`.
"""

import sys

import django
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import transaction

from config.static_files import collect_changed


def say(chinese: str, english: str) -> None:
    print(f"  {chinese} / {english}", flush=True)


def has_people() -> bool:
    return apps.get_model(settings.AUTH_USER_MODEL).objects.exists()


def prepare() -> None:
    say("数据库结构", "database schema")
    call_command("migrate", verbosity=0, interactive=False)
    say("行政区划", "divisions")
    call_command("load_regions", verbosity=0, stdout=sys.stderr)  # into the log
    if settings.DEMO and not has_people():
        say("演示城市，约一分钟", "demo city, about a minute")
        with transaction.atomic():  # a killed first run leaves no half city
            call_command("seed_demo", verbosity=0, stdout=sys.stderr)
    say("静态文件", "static files")
    collect_changed()


if __name__ == "__main__":
    django.setup()
    prepare()
