"""办理记录: the one way an event is written. Words for kinds that are not moves are here."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from arrears.lifecycle import CLAIM
from arrears.models import Claim, Event
from arrears.sources import returning
from grid.days import day_of
from grid.models import Person
from grid.scope import Post


def _(text: str) -> str:
    """Marks a label for the catalogues; whoever shows it translates it."""
    return text


# Kinds that no row of a lifecycle table names.
KINDS = {
    "climbed": _("系统自动提级"),
    "alerted": _("系统发出提醒"),
    "alert_acknowledged": _("签收提醒"),
    "alert_replied": _("回复提醒"),
    "alert_snoozed": _("暂缓提醒"),
    "clock_moved": _("期限变更"),
    "extension_asked": _("申请延长期限"),
    "extension_reminded": _("提醒审批延长申请"),
    "extension_refused": _("未批准延长"),
    "paid": _("付款达到应付总额，案件转为已清偿"),
    "file_quarantined": _("查出病毒，文件已隔离"),
    "incident": _("事件快报"),
    "paper_owed": _("应交材料"),
    "redacted": _("制作遮盖件"),
    "paper_withdrawn": _("撤销文书"),
    "packet_made": _("制作材料包"),
    "id_revealed": _("查看身份证号"),
    "id_numbers_used": _("文书写入身份证号"),
    "contact_changed": _("联系方式变更"),
    "slip_given": _("发给查询纸条"),
    "merged_in": _("并入另一案件"),
    "split_off": _("由另一案件拆出"),
    "authorised": _("登记授权"),
    "part_gathered": _("有案件纳入本案"),
    "part_ungathered": _("有案件移出本案"),
    "interruption_withdrawn": _("撤销时效中断登记"),
    "obstacle": _("登记时效中止"),
    "obstacle_cleared": _("时效中止的原因消除"),
    "civil_start": _("登记普通诉讼时效的起算日"),
    "limit_entry_withdrawn": _("撤销一项时效登记"),
    "imported": _("历史台账导入"),
    "ledger_received": _("收到投诉（历史）"),
    "ledger_opened": _("立案（历史）"),
    "ledger_verified": _("核定金额（历史）"),
    "ledger_closed": _("结案（历史）"),
    "referral": _("移送"),
    "reply": _("协同单位的一次性链接"),
    "referral_chased": _("催办协同单位"),
    "mediation": _("调解"),
    "agreement": _("达成调解协议"),
    "proceeding": _("程序进展"),
    "proceeding_taken_back": _("撤销一步程序登记"),
    "hearing_reminded": _("提醒开庭"),
    "crime_reached": _("达到拒不支付劳动报酬罪的数额"),
    "crime_undone": _("不再达到拒不支付劳动报酬罪的数额"),
    "order": _("督办单"),
    "nudged": _("催办"),
    "handed_over": _("移交"),
    "report_joined": _("并入一条群众反映"),
    "source_updated": _("来源单位更新了工单内容"),
    "service": _("送达文书"),
    "source_answered": _("答复来源单位"),
    "answered": _("劳动者回答了提问"),
    "ask_reminded": _("提醒劳动者回答提问"),
    "ask_extended": _("改了回答提问的日期"),
    "ask_dropped": _("不再等劳动者回答"),
    "wants_to_withdraw": _("劳动者想撤回"),
    "rated": _("劳动者作了评价"),
    "rating_looked_at": _("回看了劳动者的低分评价"),
    "objected": _("劳动者对办理结果有异议"),
    "objection_climbed": _("异议过了答复日未答复，转由上级答复"),
    "objection_answered": _("答复劳动者的异议"),
    "support": _("支持起诉"),
    "opinion_climbed": _("支持起诉意见到期未提出，转由上级提出"),
    "search": _("查找被告"),
}


# How an official heard the answer to a question.
HEARD = (
    ("phone", _("电话里说的")),
    ("visit", _("当面说的")),
    ("others", _("家人或者代表人转告的")),
)

# How an office that the system tells nothing got its answer.
GIVEN = (
    ("phone", _("打电话告诉的")),
    ("system", _("在对方的系统里填写的")),
    ("paper", _("书面送交的")),
    ("visit", _("当面告诉的")),
)

# How a body without people in the system answered.
WAYS = (
    ("link", _("一次性链接和验证码")),
    ("paper", _("书面答复，由工作人员登记")),
)

# What a worker does on the own page, as those are told whom it concerns.
SAID = {"answered": KINDS["answered"], "add_evidence": _("劳动者补充了材料"), "rated": KINDS["rated"]}


# Called with each event as it is written, inside its transaction: rooms that follow what happens to claims.
LISTENERS: list[Callable[[Claim, Event], None]] = []


def add_listener(listen: Callable[[Claim, Event], None]) -> None:
    if listen not in LISTENERS:
        LISTENERS.append(listen)


def actor_post(person: Person | None, claim: Claim, kind: str, today: date) -> str:
    """Name of the post the person acts from, kept as text because postings change: one that may make the move, if
    the event is a move."""
    if person is None:
        return ""
    scope, move = person.scope(today), CLAIM.find(kind)
    posts = scope.posts_for(claim.region_id) or scope.posts
    fitting = [post for post in posts if move is None or post.role.name in move.roles] or posts
    return post_words(fitting[0]) if fitting else ""


def post_words(post: Post) -> str:
    """陇集镇 网格员；代理的岗位注明代谁."""
    said = " ".join(filter(None, (post.region_name, post.role.label)))
    return f"{said}（代{post.instead_of}）" if post.instead_of else said


def hold(claim: Claim, *others: Claim) -> Claim:
    """The claim as it is now; nobody else changes it, or the others, until the transaction ends. A verb takes it before
    anything else it changes: an event takes it at the latest, and two that took things crosswise would kill each other."""
    held = Claim.objects.select_for_update(no_key=True).filter(pk__in=[claim.pk, *(other.pk for other in others)])
    return held.order_by("pk").in_bulk()[claim.pk]


def record(
    claim: Claim, kind: str, actor: Person | None, /, *, now: datetime, happened_on: date | None = None, **facts: Any
) -> Event:
    """Appends an event with the claim's stage and level as they are after the act, and what other offices are told of it."""
    event = event_row(claim, kind, actor, now=now, happened_on=happened_on, **facts)
    event.save(force_insert=True)
    returning.of_claim(claim, event)
    for listen in LISTENERS:
        listen(claim, event)
    return event


def event_row(
    claim: Claim, kind: str, actor: Person | None, /, *, now: datetime, happened_on: date | None = None, **facts: Any
) -> Event:
    """The event unsaved, for writing many at once. What is None or "" is not among the facts."""
    return Event(
        claim=claim,
        kind=kind,
        actor=actor,
        actor_post=actor_post(actor, claim, kind, day_of(now)),
        at=now,
        happened_on=happened_on or day_of(now),
        stage=claim.stage,
        level=claim.level,
        facts={name: plain(value) for name, value in facts.items() if value not in (None, "")},
    )


def plain(value: Any) -> Any:
    """JSON for what an actor said: people and claims by their names, dates ISO, money with its cents."""
    if isinstance(value, (bool, int, list, dict)):
        return value
    return value.isoformat() if isinstance(value, date) else str(value)


