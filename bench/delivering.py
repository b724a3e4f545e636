"""Delivery: messages one worker process hands to a mail server on this machine per second."""

from django.utils import timezone

from bench import city
from bench.processes import ask
from bench.report import Figures, say
from grid.models import Notice, Person
from grid.notices import rows_for
from tests.smtp import MailServer

FACTS = {"number": "宿欠〔2026〕321322-00001", "move_msgid": "受理", "by": "王格", "worker": "李建国", "respondent": "宿迁宏远劳务有限公司"}


def run(size: int) -> Figures:
    city.build()
    people = list(Person.objects.exclude(email=""))
    now = timezone.now()
    rows = [
        row
        for number in range(size)
        for row in rows_for([people[number % len(people)]], "claim_moved", key=f"bench:{number}", now=now, facts=FACTS)
    ]
    Notice.objects.bulk_create(rows, batch_size=1000)
    say(f"{size:,} messages to {len(people)} people")
    with MailServer() as server:
        host, port = server.server_address
        # each by itself: a flood for one person would be put into one message
        done = ask("bench.deliverer", env={"EMAIL_HOST": host, "EMAIL_PORT": str(port), "FLOOD": "0"})
        arrived = len({mail["X-Xinan-Key"] for mail in server.messages})
    return {
        "messages_per_s": round(done["sent"] / done["seconds"]),
        "sent": done["sent"],
        "arrived": arrived,
        "seconds": round(done["seconds"], 1),
    }
