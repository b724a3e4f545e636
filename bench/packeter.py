"""A step in a process of its own: a county officer asks for the packet of a claim that has everything, and the task makes it."""

import io
import json
import os
import resource
import time
from datetime import date, timedelta
from decimal import Decimal

import django

django.setup()

from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: E402
from django.utils import timezone  # noqa: E402
from PIL import Image  # noqa: E402

from arrears.evidence import add_evidence  # noqa: E402
from arrears.identity import make_credit_code, make_id  # noqa: E402
from arrears.intake import ClaimantFacts, ClaimFacts, LineFacts, RespondentFacts, register  # noqa: E402
from arrears.models import Packet, Respondent  # noqa: E402
from arrears.papers.forms import FORMS, PACKETS  # noqa: E402
from arrears.papers.packets import Wish, ask, make_next  # noqa: E402
from grid.days import day_of  # noqa: E402
from grid.models import Posting, Region  # noqa: E402
from grid.roles import TOWNSHIP_CHIEF  # noqa: E402

WORKERS = int(os.environ["BENCH_WORKERS"])
PHOTOS, SIDE = 6, (3000, 4000)  # as a phone sends them
SURNAMES, GIVEN = "王李张刘陈杨赵黄周吴", "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚"
NOW = timezone.now()
TODAY = day_of(NOW)


def person(number: int) -> ClaimantFacts:
    months = [TODAY.replace(day=1) - timedelta(days=30 * back + 1) for back in (1, 2, 3)]
    lines = [LineFacts(Decimal(6600 + number), Decimal(1), "month", Decimal(600), day.replace(day=1), day.replace(day=28)) for day in months]
    name = SURNAMES[number % 10] + GIVEN[number // 10 % 20] + GIVEN[number // 200 % 20]
    return ClaimantFacts(name, f"138{number:08d}", make_id("321322", date(1965, 1, 1) + timedelta(days=number), number % 999 + 1), lines)


def photo(number: int) -> SimpleUploadedFile:
    """A picture that does not shrink to nothing: noise, as a photo of paper has."""
    noise = Image.frombytes("L", (SIDE[0] // 4, SIDE[1] // 4), os.urandom(SIDE[0] * SIDE[1] // 16)).resize(SIDE)
    file = io.BytesIO()
    noise.convert("RGB").save(file, "JPEG", quality=60)
    return SimpleUploadedFile(f"IMG_{number}.jpg", file.getvalue())


def answers(claim: object) -> dict[str, str]:
    """What an officer would type to everything the papers ask."""
    day = (TODAY + timedelta(days=7)).isoformat()
    plain = {"text": "经核实情况属实。", "line": "陇集镇人民路1号", "confirm": "on", "date": day, "datetime": f"{TODAY}T09:00", "money": "1000"}
    party = str(Respondent.objects.filter(claim=claim).first().pk)
    asks = [asked for form in PACKETS["support"].forms for asked in FORMS[form].asks]
    return {asked.name: asked.choices[0][0] if asked.choices else party if asked.kind == "choice" else plain[asked.kind] for asked in asks}


post = Posting.objects.filter(role=TOWNSHIP_CHIEF).select_related("person").first()
claim = register(
    ClaimFacts(
        region=Region.objects.get(pk=post.region_id), received_on=TODAY, claimants=[person(number) for number in range(WORKERS)],
        respondents=[
            RespondentFacts("宿迁宏远劳务有限公司", role="labour", credit_code=make_credit_code("321399", 1), contact="王强", phone="0527-84350001", address="人民路1号"),
            RespondentFacts("沭阳安居建设集团有限公司", role="general", credit_code=make_credit_code("321399", 2), contact="李总", address="台州路2号"),
        ],
        site_name="安置房二期", site_address="人民路", work="瓦工", contract="none", request="要求支付拖欠的工资", last_working_day=TODAY - timedelta(days=30),
        story="在工地做瓦工，完工后未付工资。",
    ),
    post.person, now=NOW,
)  # fmt: skip
evidence = [add_evidence(claim, photo(number), post.person, now=NOW, kind="photo", title=f"工地照片{number}") for number in range(PHOTOS)]

begun = time.monotonic()
forms = [form for form in PACKETS["support"].forms if form != "L-04" and FORMS[form].fits(WORKERS)]
packet = ask(claim, Wish("support", forms, [row.pk for row in evidence]), answers(claim), post.person, now=NOW, send=lambda: None)
make_next(NOW)
seconds = time.monotonic() - begun

packet = Packet.objects.get(pk=packet.pk)
assert packet.is_made, packet.refused
print(json.dumps({
    "seconds": round(seconds, 2), "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, "documents": packet.documents,
    "pages": packet.pages, "pdf_mb": round(packet.pdf_size / 1e6, 1), "zip_mb": round(packet.zip_size / 1e6, 1),
}))  # fmt: skip
