"""A step in a process of its own: a grid worker hands in a wage sheet, leaves out what is wrong with it, and registers
the rest, through the pages; and what it cost."""

import io
import json
import os
import re
import resource
import time
from datetime import date, timedelta

import django

django.setup()

import xlsxwriter  # noqa: E402
from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402

from arrears.identity import make_id  # noqa: E402
from arrears.models import Claim  # noqa: E402
from arrears.tasks import register_sheets  # noqa: E402
from grid.ids import uuid7  # noqa: E402
from grid.models import Posting  # noqa: E402
from grid.roles import GRID_WORKER  # noqa: E402

LINES = int(os.environ["BENCH_LINES"])
WRONG_EVERY = 100  # of so many lines one has a telephone that lost its digits
SURNAMES, GIVEN = "王李张刘陈杨赵黄周吴", "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚"
HEAD = ("序号", "姓名", "身份证号", "联系电话", "月份", "日工资", "天数", "应发", "已付", "拖欠")


def workbook() -> bytes:
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        sheet = book.add_worksheet("工资表")
        sheet.write_string(0, 0, "2025年12月农民工工资表")
        sheet.write_row(1, 0, HEAD)
        for number in range(LINES):
            name = SURNAMES[number % 10] + GIVEN[number // 10 % 20] + GIVEN[number // 200 % 20]
            born = date(1965, 1, 1) + timedelta(days=number)
            phone = "1.38E+10" if number % WRONG_EVERY == 7 else f"138{number:08d}"
            row = (name, make_id("321322", born, number % 999 + 1), phone, "2025年12月", "300元", 22, "6,600", 600, 6000)
            sheet.write_number(number + 2, 0, number + 1)
            for column, value in enumerate(row, 1):
                sheet.write(number + 2, column, value)
    return made.getvalue()


post = Posting.objects.filter(role=GRID_WORKER).select_related("person").first()
client = Client(headers={"host": "localhost"})
client.force_login(post.person)
draft = uuid7()
content = workbook()
begun = time.monotonic()


def send(address: str, **fields: object) -> None:
    answer = client.post(address, fields)
    assert answer.status_code == 302, (address, answer.status_code)


def step(name: str) -> str:
    return reverse("draft_step", args=[draft, name])


send(reverse("claim_new"), draft_id=str(draft), road="sheet", **{"who-TOTAL_FORMS": "0", "who-INITIAL_FORMS": "0"})
send(step("whom"), **{"whom-TOTAL_FORMS": "1", "whom-INITIAL_FORMS": "0", "whom-0-role": "labour", "whom-0-legal_name": "宿迁宏远劳务有限公司"})
send(step("where"), region=post.region_id, received_on="other", received_other="2026-01-05", channel="window", contract="unknown")
send(reverse("sheet_upload", args=[draft]), file=SimpleUploadedFile("工资表.xlsx", content))
refused = 0
while wrong := re.findall(r'<select name="(leave\|[0-9-]+)"', client.get(step("sheet")).content.decode()):
    send(reverse("sheet_lines", args=[draft]), **dict.fromkeys(wrong, "其他原因"))
    refused += len(wrong)
send(step("sheet"), contact_rule="open")
send(step("story"), story="在工地做工，工资未付。")
send(reverse("draft_check", args=[draft]), consent="on", kind="photo")
registering = time.monotonic()
register_sheets()
seconds = time.monotonic() - begun
claim = Claim.objects.get(source_key=f"draft:{draft}")
shown = time.monotonic()
page = client.get(reverse("claim_detail", args=[claim.pk]))
assert page.status_code == 200
peak = sum(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024
print(json.dumps({
    "seconds": round(seconds, 2), "registering_seconds": round(begun + seconds - registering, 2),
    "claim_page_seconds": round(time.monotonic() - shown, 2), "claim_page_kb": round(len(page.content) / 1024),
    "peak_mb": round(peak, 1), "imported": claim.claimants.count(), "refused": refused,
}))  # fmt: skip
