"""What this room tells papers of a claim: the papers that were to be served, how it was tried, and from when they count as served."""

from typing import Any

from arrears.models import Attempt, Service
from arrears.models.serving import REACHED
from arrears.papers.about import add_about
from arrears.papers.facts import Scene, add_facts
from arrears.papers.fields import Field
from arrears.papers.wording import day
from arrears.serving.table import METHODS, REASONS, SERVED

WHY = dict(REASONS)


def services(scene: Scene) -> list[Service]:
    found = scene.claim.services.select_related("respondent", "claimant").prefetch_related("attempts").order_by("made_at", "id")
    return scene.record.once("services", lambda: list(found))


def served(scene: Scene) -> dict[str, Any]:
    rows = services(scene)
    about = next((one for one in rows if one.pk == scene.about_id), None)
    return {"有": bool(rows), "经过": "\n".join(sentence_of(one) for one in rows), "本次": row_of(about) if about else row_of(None)}


def sentence_of(service: Service) -> str:
    row = row_of(service)
    ended = f"{day(service.deemed_on)}送达（{row['方式']}）" if service.deemed_on else "尚未送达"
    return f"{service.title}，{service.receiver}，{ended}" + (f"：{row['经过']}" if row["经过"] else "")


def row_of(service: Service | None) -> dict[str, Any]:
    if service is None:
        return {"文书": "", "种类": "", "受送达人": "", "方式": "", "送达日期": None, "最迟日期": None, "经过": ""}
    return {
        "文书": service.title, "种类": SERVED[service.what].name, "受送达人": service.receiver, "方式": METHODS[service.method].name if service.method else "",
        "送达日期": service.deemed_on, "最迟日期": service.serve_by, "经过": "；".join(told(one) for one in service.attempts.all()),
    }  # fmt: skip


def told(attempt: Attempt) -> str:
    outcome = WHY[attempt.reason] if attempt.reason else "已送达" if attempt.state == REACHED else "已发出"
    return "，".join(filter(None, (f"{day(attempt.on)}{METHODS[attempt.method].name}", attempt.place, outcome, attempt.note)))


ROW = (
    ("文书", "文书名称和文号", "Name and number of the paper", "限期改正指令书 〔2026〕12号", "text"), ("种类", "哪一种文书", "Kind of paper", "限期改正指令书", "text"),
    ("受送达人", "受送达人", "Receiver", "宿迁宏远劳务有限公司", "text"), ("方式", "送达方式", "Way of service", "直接送达", "text"),
    ("送达日期", "依法送达的日期", "Day from which it counts as served", "2026年3月2日", "date"), ("最迟日期", "最迟送达的日期", "Day to serve it by", "2026年3月11日", "date"),
    ("经过", "每一次送达的日期、方式和结果", "Each attempt with day, way and result", "2026年3月2日直接送达，项目部，已送达", "text"),
)  # fmt: skip
add_facts("送达", served, [
    Field("送达.有", "有没有要送达的文书", "Is there any paper to serve", "是", "yes_no"),
    Field("送达.经过", "每一份文书的送达情况", "How each paper was served", "限期改正指令书，宿迁宏远劳务有限公司，2026年3月2日送达（直接送达）"),
    *(Field(f"送达.本次.{name}", *rest) for name, *rest in ROW),
])  # fmt: skip
add_about(lambda claim, pk: claim.services.filter(pk=pk).exists())
