"""程序: where the roads of a claim stand, and the title that can be enforced."""

from typing import Any

from arrears.models import Proceeding
from arrears.papers.facts import Scene, add_facts
from arrears.papers.fields import LIST, Field
from arrears.papers.tellers.people import everybody
from arrears.proceedings.shows import is_undone, steps_of
from arrears.proceedings.workers import granted

WHO = ("序号", "姓名", "身份证号", "电话")


def f(path: str, meaning: str, english: str, example: str = "", kind: str = "text") -> Field:
    return Field(path, meaning, english, example, kind)


def rows(scene: Scene) -> list[Proceeding]:
    """Oldest first; those that are no longer in the table are left out."""
    found = scene.claim.proceedings.prefetch_related("steps__grants__claimant").order_by("opened_at", "id")
    known = scene.record.once("proceedings", lambda: list(found))
    return [row for row in known if row.state in row.table.steps]


def told(row: Proceeding) -> dict[str, Any]:
    steps = steps_of(row)
    return {
        "名称": row.table.name, "案号": row.docket_number, "办理机关": row.court, "状态": row.row.done, "金额": row.amount, "履行期限": row.until,
        "开始日期": steps[0].on if steps else None, "结束日期": row.ended_on,
    }  # fmt: skip


def title_of(scene: Scene, found: list[Proceeding]) -> dict[str, Any]:
    """The newest step that gave a title which still stands, and what it grants each for whom the paper speaks."""
    titles = [(row, step) for row in found for step in steps_of(row) if "title" in step.row.shows and not is_undone(step, row)]
    if not titles:
        return {"有": False, "程序": "", "案号": "", "生效日期": None, "履行期限": None, "金额": None, "合计": None, "按人": []}
    row, step = max(titles, key=lambda one: (one[1].on, one[1].recorded_at))
    grants = {grant.claimant_id: grant.amount for grant in granted(steps_of(row))}
    people = zip(scene.record.workers, everybody(scene), strict=True)
    each = [{**{name: person[name] for name in WHO}, "金额": grants[worker.pk]} for worker, person in people if worker.pk in grants]
    return {
        "有": True, "程序": row.table.name, "案号": row.docket_number, "生效日期": step.on, "履行期限": row.until, "金额": row.amount,
        "合计": sum(grants.values()) if grants else None, "按人": each,
    }  # fmt: skip


def proceedings(scene: Scene) -> dict[str, Any]:
    found = rows(scene)
    about = next((row for row in found if row.pk == scene.about_id), None)
    enforced = [row for row in found if about is None or row.pk in (about.pk, about.continues_id)]
    return {
        "有": bool(found), "列表": [told(row) for row in found], "生效文书": title_of(scene, enforced) if title_of(scene, enforced)["有"] else title_of(scene, found),
        "本件案号": about.docket_number if about else "", "本件机关": about.court if about else "",
    }  # fmt: skip


add_facts("程序", proceedings, [
    f("程序.有", "登记过程序没有", "are there proceedings?", "是", "yes_no"), f("程序.列表", "各项程序", "the proceedings", kind=LIST),
    f("程序.列表.名称", "程序名称", "kind", "民事诉讼"), f("程序.列表.案号", "案号、文号", "docket number", "（2026）苏1322民初1号"),
    f("程序.列表.办理机关", "法院或者机关", "court or body", "沭阳县人民法院"), f("程序.列表.状态", "走到哪一步", "where it stands", "已立案"),
    f("程序.列表.金额", "金额", "amount", "8000.00", "amount"), f("程序.列表.履行期限", "履行期限", "day for performance", "2026-05-11", "date"),
    f("程序.列表.开始日期", "开始日期", "begun on", "2026-03-02", "date"), f("程序.列表.结束日期", "结束日期", "ended on", "2026-07-02", "date"),
    f("程序.生效文书.有", "有没有可以执行的文书", "is there a title?", "是", "yes_no"), f("程序.生效文书.程序", "由哪项程序作出", "from which proceeding", "民事诉讼"),
    f("程序.生效文书.案号", "案号", "docket number", "（2026）苏1322民初1号"), f("程序.生效文书.生效日期", "生效日期", "in force since", "2026-04-28", "date"),
    f("程序.生效文书.履行期限", "最后履行日", "last day for performance", "2026-05-11", "date"), f("程序.生效文书.金额", "金额", "amount", "8000.00", "amount"),
    f("程序.生效文书.合计", "文书给各劳动者的金额合计", "what the title grants them together", "8000.00", "amount"),
    f("程序.生效文书.按人", "文书给每名劳动者的金额", "what the title grants each worker", kind=LIST), f("程序.生效文书.按人.姓名", "姓名", "name", "李建国"),
    f("程序.生效文书.按人.序号", "序号", "number", "1", "number"), f("程序.生效文书.按人.身份证号", "身份证号", "ID number", "321399198001010011"),
    f("程序.生效文书.按人.电话", "电话", "phone", "13800000000"), f("程序.生效文书.按人.金额", "金额", "amount", "8000.00", "amount"),
    f("程序.本件案号", "这份文书所属程序的案号", "docket number of the paper's proceeding", "（2026）苏1322民初1号"),
    f("程序.本件机关", "这份文书所属程序的办理机关", "court of the paper's proceeding", "沭阳县人民法院"),
])  # fmt: skip
