"""The history of a claim in plain words: one sentence for each kind of event, for readers who are no lawyers.

A kind is a move's name or a word of arrears.history.KINDS; "mediation.schedule" is for that move of a mediation
alone, "clock_moved.calendar" for that cause. The apps above add theirs in a module called tellings, with `add_tellings`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.functional import lazy
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_noop as _

from arrears.completing.fields import FIELDS, named
from arrears.deadlines import RULES
from arrears.groups.law import SCOPES
from arrears.handover_kinds import WHAT
from arrears.history import GIVEN, HEARD, KINDS, WAYS
from arrears.ladders import Rung, ladder_of
from arrears.ladders.rungs import seat_phrase
from arrears.lifecycle import (
    CLAIM,
    DECLINE_GROUNDS,
    ENDINGS,
    EVIDENCE_KINDS,
    OUTCOMES,
    PAY_METHODS,
    REFERRAL,
    REFERRAL_KINDS,
    REJECT_GROUNDS,
    RESULTS,
    SENSITIVE_GROUNDS,
)
from arrears.limitation.limits import ENTRIES, INTERRUPTIONS, WHY_NOT
from arrears.models import Event
from arrears.models.claims import CHANNELS, CONTRACTS, UNITS
from arrears.models.parties import CHAIN_ROLES, CONTACT_RULES
from arrears.papers.forms import FORMS, PACKETS
from arrears.privacy import TEXTS
from arrears.proceedings.table import KINDS as PROCEEDINGS
from arrears.rules import AFTER_NUMBER
from arrears.serving.table import METHODS, REASONS
from arrears.situation.facts import TICKS
from arrears.sources.orders import LABELS as ORDER_LABELS
from arrears.timing.grounds import CHOICES as SUSPENSION_GROUNDS
from grid.days import day_of
from grid.roles import LEVEL_LABELS


@dataclass(frozen=True)
class Telling:
    """`sentence` names facts as %(fact)s; when one is missing, the kind's bare label is said instead."""

    sentence: str
    icon: str = "check"
    tone: str = "plain"
    labels: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)  # fact → value → label, for this kind only


@dataclass(frozen=True)
class Told:
    """An event as the timeline shows it."""

    event: Event
    title: str
    icon: str
    tone: str
    quotes: list[str]  # what the actor wrote, in their words
    notes: list[str]  # whom the system told, and which posts it passed over

    @property
    def post(self) -> str:
        """Where the actor stood, as it was written down: the place by its name, the role translated."""
        place, _space, role = self.event.actor_post.rpartition(" ")
        return " ".join(filter(None, (place, gettext(role) if role else "")))

    @property
    def privacy_notice(self) -> str:
        """The version of the text that was read to the worker then, if it is kept."""
        version = str(self.event.facts.get("privacy_notice", ""))
        return version if version in TEXTS else ""

    @property
    def happened_on(self) -> date | None:
        """Only when it was another day than it was written down."""
        return self.event.happened_on if self.event.happened_on != day_of(self.event.at) else None


# What a move made of a referral.
BECAME = {move.name: REFERRAL.state(move.target).label for move in REFERRAL.moves if move.target} | {
    "ask_further": _("要求补充材料"), "take": _("已签收补充材料"), "supply": _("已补充材料，重新等待答复"), "supplement": _("已发送补充材料"), "narrow": _("部分劳动者撤回申请"),
    "resend": _("补正后重新发出"), "dispute": _("提请裁定由谁办理"), "rule_takes": _("裁定由该单位办理"), "rule_stands": _("裁定不由该单位办理"),
}  # fmt: skip



def row_name(rows: Mapping[str, Any], name: str) -> str:
    return rows[name].text("name", get_language() or "")


PAPER_NAMES = {name: lazy(row_name, str)(FORMS, name) for name in FORMS}
PACKET_NAMES = {name: lazy(row_name, str)(PACKETS, name) for name in PACKETS}
TELLINGS: dict[str, Telling] = {
    "register": Telling(_("登记案件，来源：%(channel)s"), "register"),
    "accept": Telling(_("决定受理，调查期限开始计算"), "check", "brand"),
    "reject": Telling(_("决定不予受理：%(ground)s"), "close", "bad"),
    "handle": Telling(_("案件开始办理"), "check", "brand"),
    "verify": Telling(_("核定欠薪 %(verified_amount)s"), "money", "info"),
    "settle": Telling(_("达成清偿方案：支付 %(agreed_amount)s，应于 %(pay_by)s 前付清"), "agree", "good"),
    "breach": Telling(_("未按约定付款，恢复办理"), "warning", "bad"),
    "record_payment": Telling(_("收到付款 %(amount)s，%(method)s，到账日期 %(paid_on)s"), "money", "good"),
    "confirm_paid": Telling(_("欠薪已经付清"), "done", "good"),
    "close": Telling(_("办结：%(result)s"), "done", "good"),
    "conclude": Telling(_("终止办理：%(result)s"), "close", "muted"),
    "transfer": Telling(_("移送%(destination)s管辖"), "open", "muted"),
    "withdraw": Telling(_("劳动者撤回投诉"), "undo", "muted"),
    "merge": Telling(_("并入案件 %(merged_into)s"), "link", "muted"),
    "merged_in": Telling(
        _("案件 %(merged)s 并入本案：人数 %(workers_was)s → %(workers_now)s，主张金额 %(claimed_was)s → %(claimed_now)s"), "link", "info"
    ),
    "add_workers": Telling(
        _("补登劳动者 %(count)s 名：%(workers_added)s，主张金额 %(claimed_was)s → %(claimed_now)s"), "person", "info"
    ),
    "represent": Telling(_("推举代表人：%(representatives)s"), "people", "info"),
    "authorised": Telling(_("登记 %(authorised_by)s 对代表人%(representative)s的授权：%(scope)s"), "agree", "info"),
    "gather": Telling(_("纳入集体案件 %(part_of)s"), "link", "info"),
    "ungather": Telling(_("移出集体案件 %(was_part_of)s"), "undo"),
    "part_gathered": Telling(_("案件 %(part)s 纳入本案，成为子案"), "link", "info"),
    "part_ungathered": Telling(_("子案 %(part)s 移出本案"), "undo"),
    "tell_apart": Telling(_("与案件 %(other)s 比对，判定不是重复"), "check"),
    "split": Telling(_("拆案：%(count)s 名劳动者另立案件 %(split_off)s，主张金额 %(claimed_was)s → %(claimed_now)s"), "link", "warn"),
    "split_off": Telling(_("由案件 %(split_from)s 拆出另立，时限仍从最初收到之日起算"), "link", "info"),
    "reopen": Telling(_("重新办理，时限另行起算"), "undo", "warn"),
    "assign": Telling(_("指派%(handler)s为经办人"), "person", "info"),
    "suspend": Telling(_("中止办理：%(ground)s，预计 %(planned_end)s 恢复"), "paused", "warn"),
    "resume": Telling(_("恢复办理，自 %(since)s 起共中止%(days)s日"), "undo", "info"),
    "mark_sensitive": Telling(_("列为敏感案件：%(ground)s"), "warning", "warn"),
    "unmark_sensitive": Telling(_("解除敏感案件"), "check"),
    "escalate": Telling(_("提级办理，现由%(level)s负责"), "escalate", "warn"),
    "hand_back": Telling(_("退回下级办理，现由%(level)s负责"), "down", "info"),
    "complete": Telling(_("补充登记：%(filled)s"), "edit", "info"),
    "complete.corrected": Telling(_("更正登记：%(corrected)s"), "edit", "warn"),
    "state_facts": Telling(_("登记情形：%(added)s"), "check", "info"),
    "interrupt": Telling(_("时效中断：%(interruption)s，时效自 %(happened)s 起重新计算"), "history", "good"),
    "interrupt.useless": Telling(_("登记了 %(happened)s 的时效中断事由：%(why_not)s"), "history", "muted"),
    "obstacle": Telling(_("时效中止：%(limit_entry)s，自 %(from_day)s 起不计算"), "paused", "info"),
    "obstacle_cleared": Telling(_("时效中止的原因于 %(ended)s 消除（%(limit_entry)s），时效继续计算"), "clock", "info"),
    "civil_start": Telling(_("普通诉讼时效自 %(from_day)s 起算：%(limit_entry)s"), "history", "info"),
    "limit_entry_withdrawn": Telling(_("撤销一项时效登记（%(from_day)s，%(limit_entry)s）"), "undo", "warn"),
    "interruption_withdrawn": Telling(_("撤销一项时效中断登记（%(happened)s，%(interruption)s）"), "undo", "warn"),
    "add_evidence": Telling(_("添加证据：%(title)s（%(kind)s）"), "attach"),
    "add_evidence.version": Telling(_("添加证据：%(title)s（%(kind)s），替换原件，为第%(version)s版"), "attach"),
    "incident": Telling(_("事件快报"), "warning", "warn"),
    "incident.first": Telling(_("事件首报：%(ground)s，%(place)s，现场%(people)s人"), "warning", "bad"),
    "incident.follow": Telling(_("事件续报：现场%(people)s人"), "warning", "warn"),
    "incident.final": Telling(_("事件终报"), "check", "good"),
    "paper_owed": Telling(_("应交材料"), "file", "info"),
    "paper_owed.promise": Telling(_("劳动者签字承诺于 %(due)s 前补交：%(paper)s"), "edit", "info"),
    "paper_owed.notice": Telling(_("通知%(employer)s于 %(due)s 前提供：%(paper)s"), "message", "warn"),
    "paper_owed.signed": Telling(_("承诺书已有劳动者签字件：%(paper)s"), "edit", "good"),
    "paper_owed.kept": Telling(_("应交的材料已经交到：%(paper)s"), "check", "good"),
    "paper_owed.broken": Telling(_("材料逾期未交（应于 %(due)s 前）：%(paper)s"), "late", "bad"),
    "paper_owed.refused": Telling(_("用人单位拒不提供：%(paper)s"), "close", "bad"),
    "paper_owed.waived": Telling(_("决定不再要求补交：%(paper)s"), "undo", "muted"),
    "paper_owed.lapsed": Telling(_("随案终结，不再要求：%(paper)s"), "undo", "muted"),
    "paper_owed.extended": Telling(_("补交期限由 %(old)s 延至 %(due)s：%(paper)s"), "calendar", "info"),
    "issue_paper": Telling(_("制作%(paper)s（%(number)s）"), "print", "info", {"paper": PAPER_NAMES}),
    "issue_paper.version": Telling(_("重做%(paper)s（%(number)s），第 %(version)s 版"), "print", "info", {"paper": PAPER_NAMES}),
    "paper_withdrawn": Telling(_("撤销%(paper)s（%(number)s）"), "undo", "muted", {"paper": PAPER_NAMES}),
    "packet_made": Telling(_("制作%(packet)s，共 %(documents)s 件"), "download", "info", {"packet": PACKET_NAMES}),
    "redacted": Telling(_("为证据“%(title)s”制作遮盖件"), "eye"),
    "file_quarantined": Telling(_("证据“%(title)s”查出病毒（%(threat)s），文件已隔离"), "warning", "bad"),
    "note": Telling(_("记录了办理情况"), "message", "info"),
    "climbed": Telling(_("“%(rule)s”应于 %(due)s 前完成，到期未办，系统自动提级，现由%(level)s负责"), "escalate", "bad"),
    "alerted": Telling(_("系统提醒：“%(rule)s”应于 %(due)s 前完成（%(rung)s）"), "bell", "warn"),
    "alert_acknowledged": Telling(_("签收提醒（应于 %(due)s 前完成）"), "check", "info"),
    "alert_replied": Telling(_("回复提醒（应于 %(due)s 前完成）"), "message", "info"),
    "alert_snoozed": Telling(_("暂缓提醒至 %(until)s"), "clock", "muted"),
    "clock_moved": Telling(_("“%(rule)s”的期限由 %(old)s 改为 %(new)s"), "calendar", "provisional"),
    "clock_moved.calendar": Telling(_("%(year)s年放假安排载入，“%(rule)s”的期限由 %(old)s 改为 %(new)s"), "calendar", "provisional"),
    "clock_moved.suspension": Telling(_("按实际中止的天数，“%(rule)s”的期限由 %(old)s 改为 %(new)s"), "calendar", "info"),
    "clock_moved.limit": Telling(_("“%(rule)s”改自 %(start)s 起算，期限由 %(old)s 改为 %(new)s"), "calendar", "info"),
    "clock_moved.extension": Telling(_("批准延长%(length)s%(unit)s，“%(rule)s”的期限由 %(old)s 改为 %(new)s"), "calendar", "info"),
    "clock_moved.source": Telling(_("来源单位改了答复日期，由 %(old)s 改为 %(new)s"), "calendar", "info"),
    "clock_moved.merge": Telling(_("并入的案件 %(merged)s 起算更早，“%(rule)s”的期限由 %(old)s 改为 %(new)s"), "calendar", "info"),
    "extension_asked": Telling(_("申请将“%(rule)s”延长%(length)s%(unit)s，现届满日 %(due)s"), "calendar", "warn"),
    "extension_reminded": Telling(_("提醒审批：将“%(rule)s”延长%(length)s%(unit)s的申请尚无决定"), "bell", "warn"),
    "extension_refused": Telling(_("未批准将“%(rule)s”延长%(length)s%(unit)s"), "close", "bad"),
    "id_revealed": Telling(_("查看了%(worker)s的完整身份证号"), "eye"),
    "id_numbers_used": Telling(_("制作%(forms)s，写入 %(how_many)s 名劳动者的完整身份证号"), "eye"),
    "contact_changed": Telling(_("登记%(worker)s的联系方式：%(contact_rule)s"), "phone"),
    "slip_given": Telling(_("发给%(worker)s查询纸条"), "print"),
    "imported": Telling(_("由历史台账导入"), "upload", "muted"),
    "ledger_received": Telling(_("收到投诉，主张 %(amount)s（历史台账）"), "inbox", "muted"),
    "ledger_opened": Telling(_("立案（历史台账）"), "check", "muted"),
    "ledger_verified": Telling(_("核定欠薪 %(verified_amount)s（历史台账）"), "money", "muted"),
    "ledger_closed": Telling(_("结案（历史台账）"), "done", "muted"),
    "referral": Telling(
        _("%(referral_kind)s · %(body)s：%(move)s"), "referral", "info", {"move": BECAME}
    ),
    "referral.rule_other": Telling(_("%(referral_kind)s · %(body)s：裁定转由%(other_body)s办理"), "referral", "warn"),
    "referral_chased": Telling(_("催办%(body)s：%(referral_kind)s"), "bell", "warn"),
    "reply": Telling(_("协同单位的一次性链接"), "link"),
    "reply.issued": Telling(_("给%(body)s的%(to)s发出一次性链接"), "link", "info"),
    "reply.opened": Telling(_("%(body)s的%(to)s用链接和验证码打开了移送"), "eye", "info"),
    "reply.file": Telling(_("%(body)s的%(to)s用链接打开了证据“%(title)s”"), "eye"),
    "reply.packet": Telling(_("%(body)s的%(to)s用链接取走了材料包“%(title)s”"), "download"),
    "reply.revoked": Telling(_("作废给%(body)s的一次性链接"), "undo", "muted"),
    "reply.locked": Telling(_("给%(body)s的一次性链接因验证码多次输错被锁定"), "lock", "bad"),
    "mediation": Telling(_("调解"), "mediation", "info"),
    "agreement": Telling(_("达成调解协议"), "agree", "good"),
    "proceed": Telling(_("登记程序"), "referral", "info"),
    "proceeding": Telling(_("%(proceeding_kind)s：%(step)s"), "referral", "info"),
    "crime_reached": Telling(_("欠薪达到拒不支付劳动报酬罪的数额标准"), "warning", "bad"),
    "crime_undone": Telling(_("欠薪不再达到拒不支付劳动报酬罪的数额标准"), "undo", "muted"),
    "proceeding_taken_back": Telling(_("撤销程序登记：%(proceeding_kind)s，%(step)s（%(happened)s）"), "undo", "warn"),
    "hearing_reminded": Telling(_("提醒开庭：%(proceeding_kind)s，%(hearing)s"), "bell", "info"),
    "refer": Telling(_("移送协同单位"), "referral", "info"),
    "mediate": Telling(_("提出调解申请"), "mediation", "info"),
    "handed_over": Telling(_("%(from)s的%(what)s移交给%(to)s"), "person", "info", {"what": WHAT}),
    "paid": Telling(_("付款达到应付总额，案件转为已清偿"), "done", "good"),
    "order": Telling(_("督办单 %(order_number)s"), "supervise", "info"),
    "order.issue": Telling(_("向%(order_level)s下达督办单 %(order_number)s，应于 %(reply_by)s 前回复"), "supervise", "warn"),
    "order.receive": Telling(_("签收督办单 %(order_number)s"), "supervise", "info"),
    "order.reply": Telling(_("回复督办单 %(order_number)s"), "supervise", "info"),
    "order.accept": Telling(_("督办单 %(order_number)s 的回复已认可，督办办结"), "supervise", "good"),
    "order.send_back": Telling(_("督办单 %(order_number)s 被退回重办，应于 %(reply_by)s 前再次回复"), "supervise", "bad"),
    "order.withdraw": Telling(_("撤销督办单 %(order_number)s"), "supervise", "muted"),
    "order.lapse": Telling(_("案件结束，督办单 %(order_number)s 随案终结"), "supervise", "muted"),
    "nudged": Telling(_("上级催办"), "bell", "warn"),
    "nudged.worker": Telling(_("劳动者催办"), "bell", "warn"),
    "ask": Telling(_("向劳动者提问，请在 %(answer_by)s 前回答"), "question", "info"),
    "answered": Telling(_("劳动者回答了提问"), "message", "good"),
    "answered.heard": Telling(_("记下劳动者的回答（%(how)s）"), "message", "good"),
    "ask_reminded": Telling(_("劳动者到 %(answer_by)s 没有回答提问，系统提醒了一次"), "bell", "warn"),
    "ask_extended": Telling(_("请劳动者在 %(answer_by)s 前回答"), "calendar", "info"),
    "ask_dropped": Telling(_("不再等劳动者回答"), "undo", "muted"),
    "wants_to_withdraw": Telling(_("劳动者想撤回，等待与本人确认"), "undo", "warn"),
    "rated": Telling(_("劳动者评价：%(stars)s 分"), "done", "info"),
    "rating_looked_at": Telling(_("回看了劳动者的评价（%(stars)s 分）"), "eye", "info"),
    "objected": Telling(_("劳动者对办理结果有异议，上级应于 %(answer_by)s 前答复"), "warning", "bad"),
    "objection_climbed": Telling(_("异议应于 %(answer_by)s 前答复，没有人答复，现由%(to_level)s答复"), "escalate", "bad"),
    "objection_answered": Telling(_("答复劳动者的异议"), "message", "info"),
    "objection_answered.upheld": Telling(_("答复劳动者的异议：维持办理结果"), "message", "info"),
    "objection_answered.reopened": Telling(_("答复劳动者的异议：重新办理"), "message", "warn"),
    "source_updated": Telling(_("%(source)s更新了工单 %(external)s：%(changed)s"), "message", "warn", {"changed": ORDER_LABELS}),
    "serve": Telling(_("送达文书"), "message", "info"),
    "service": Telling(_("送达文书"), "message", "info"),
    "service.issue": Telling(_("应当向%(receiver)s送达“%(title)s”，最迟 %(due)s"), "message", "info"),
    "service.sent": Telling(_("%(serve_way)s“%(title)s”，%(receiver)s，已发出"), "message", "info"),
    "service.failed": Telling(_("%(serve_way)s“%(title)s”，%(receiver)s，没有送到：%(failed_for)s；下一步：%(next_way)s"), "warning", "warn"),
    "service.served": Telling(_("“%(title)s”已送达%(receiver)s：%(serve_way)s，%(deemed)s 送达"), "done", "good"),
    "service.consent": Telling(_("%(receiver)s同意电子送达"), "agree", "info"),
    "service.fled": Telling(_("登记%(receiver)s下落不明"), "warning", "warn"),
    "service.held": Telling(_("登记%(receiver)s为军人或者被监禁"), "check", "info"),
    "service.dropped": Telling(_("不再送达“%(title)s”，%(receiver)s"), "undo", "muted"),
    "service.climbed": Telling(_("“%(title)s”应于 %(due)s 前送达%(receiver)s，没有送达，现由%(to_level)s督促"), "escalate", "bad"),
    "source_answered": Telling(_("答复%(source)s（工单 %(external)s）"), "message", "good"),
    "report_joined": Telling(_("并入一条群众反映（%(report)s）"), "link", "info"),
}

def way_label(name: str) -> str:
    return METHODS[name].text("name", get_language() or "")


def tick_label(name: str) -> str:
    return TICKS[name].text("label", get_language() or "")


def in_reader_language(row: Any, column: str) -> str:
    return row.text(column, get_language() or "")


PROCEEDING_LABELS = {kind.id: lazy(in_reader_language, str)(kind, "name") for kind in PROCEEDINGS.values()}
STEP_LABELS = {step.id: lazy(in_reader_language, str)(step, "done") for kind in PROCEEDINGS.values() for step in kind.steps.values()}
TICK_LABELS = {name: lazy(tick_label, str)(name) for name in TICKS}
# Facts whose stored value is a key: what people call it.
LABELS: dict[str, Mapping[str, Any]] = {
    "channel": dict(CHANNELS),
    "ground": dict((*REJECT_GROUNDS, *DECLINE_GROUNDS, *SUSPENSION_GROUNDS, *SENSITIVE_GROUNDS)),
    "unit": AFTER_NUMBER,
    "result": dict((*RESULTS, *ENDINGS)),
    "method": dict(PAY_METHODS),
    "outcome": dict(OUTCOMES),
    "kind": dict(EVIDENCE_KINDS),
    "paper": dict(EVIDENCE_KINDS),
    "referral_kind": dict(REFERRAL_KINDS),
    "level": LEVEL_LABELS,
    "order_level": LEVEL_LABELS,
    "to_level": LEVEL_LABELS,
    "how": dict(HEARD),
    "given": dict(GIVEN),
    "way": dict(WAYS),
    "contact_rule": dict(CONTACT_RULES),
    "added": TICK_LABELS,
    "removed": TICK_LABELS,
    "filled": {name: named(name) for name in FIELDS},
    "corrected": {name: named(name) for name in FIELDS},
    "lender": dict(CHAIN_ROLES),
    "cleared": {"unsettled": _("未结清的工程款"), "lender": _("被借用名义的单位")},
    "interruption": dict(INTERRUPTIONS),
    "limit_entry": dict(ENTRIES),
    "why_not": WHY_NOT,
    "scope": dict(SCOPES),
    "serve_way": {name: lazy(way_label, str)(name) for name in METHODS},
    "next_way": {name: lazy(way_label, str)(name) for name in METHODS},
    "failed_for": dict(REASONS),
    "proceeding_kind": PROCEEDING_LABELS,
    "step": STEP_LABELS,
    "unverified": {"verified": _("核定金额"), "agreed": _("约定金额")},
}
MONEY = frozenset({"claimed_was", "claimed_now", "doubled", "paid_over", "amount", "verified_amount", "agreed_amount", "total", "unsettled"})
# What the actor wrote, in the order in which it is quoted.
QUOTED = (
    "outcome", "docket_number", "wanted", "note", "reason", "basis", "terms", "request", "minutes", "demand", "reply", "verdict", "question", "text",
    "opinion", "lacking",
)  # fmt: skip
PLACE = re.compile(r"%\((\w+)\)s")
# Why a rung came before its own time.
CAUSES = {"unacked": _("上一次提醒逾期无人签收，因此提前发出")}


def add_tellings(tellings: Mapping[str, Telling]) -> None:
    TELLINGS.update(tellings)


def tell(event: Event) -> Told:
    detail = event.facts.get("move") or event.facts.get("cause")
    telling = TELLINGS.get(f"{event.kind}.{detail}") or TELLINGS.get(event.kind, Telling(""))
    facts = {"level": event.level, **event.facts, **rung_of(event.facts)}
    said = {name: readable(telling, name, value) for name, value in facts.items()}
    named = PLACE.findall(telling.sentence)
    is_whole = telling.sentence and all(name in said for name in named)
    title = gettext(telling.sentence) % said if is_whole else gettext(label_of(event.kind))
    quotes = [said[name] for name in QUOTED if name in event.facts and name not in named]
    return Told(event, title, telling.icon, telling.tone, quotes, notes_of(event.facts))


def notes_of(facts: Mapping[str, Any]) -> list[str]:
    said = [
        gettext(sentence) % {name: readable(Telling(""), name, facts[name])}
        for sentence, name in SITUATION_NOTES if facts.get(name) is not None
    ]  # fmt: skip
    vacant = [seat_phrase(post).text(gettext) for post in facts.get("vacant", ()) if post != "body"]
    people = (
        (_("已通知：%(names)s"), facts.get("told")),
        (_("岗位空缺，已由上一级代为负责：%(names)s"), vacant),
    )
    causes = [gettext(CAUSES[facts["cause"]])] if facts.get("cause") in CAUSES else []
    causes += [gettext(_("应当下达督办单，但没有人可以签收，已请管理员补充人员"))] if facts.get("unaddressed") else []
    days = [gettext(_("“%(rule)s”：%(old)s → %(new)s")) % {**clock, "rule": rule_name(clock["rule"])} for clock in facts.get("clocks", ())]
    stood = [gettext(_("%(field)s原登记为：%(old)s")) % {"field": gettext(named(one["field"])), "old": stood_there(one)} for one in facts.get("stood", ())]
    return said + stood + days + causes + [gettext(sentence) % {"names": gettext("、").join(names)} for sentence, names in people if names]


# What was said of a situation beside what was ticked.
SITUATION_NOTES = (
    (_("不再认定：%(removed)s"), "removed"),
    (_("未结清的工程款：%(unsettled)s"), "unsettled"),
    (_("被借用名义的单位：%(lender)s"), "lender"),
    (_("不再填写：%(cleared)s"), "cleared"),
    (_("查明的单位：%(parties)s"), "parties"),
    (_("最后工作日：%(last_working_day)s"), "last_working_day"),
    (_("原登记为 %(last_working_day_was)s"), "last_working_day_was"),
    (_("证明：%(proof)s"), "proof"),
    (_("怎样找到本人：%(reach_note)s"), "reach_note"),
    # What went over with a merger, and stayed with a split.
    (_("随案转入 %(carried)s 名劳动者及其工资明细"), "carried"),
    (_("两案都有的劳动者，合为一人：%(same)s"), "same"),
    (_("两案写得完全相同的明细只计一次：%(doubled)s"), "doubled"),
    (_("已登记的付款一并转入：%(paid_over)s"), "paid_over"),
    (_("转入证据 %(papers)s 份"), "papers"),
    (_("转入应交材料的登记 %(owed_over)s 项"), "owed_over"),
    (_("转入程序 %(proceedings_over)s 项"), "proceedings_over"),
    (_("请核对，同一期间有两笔明细：%(overlap)s"), "overlap"),
    (_("只有一案有的金额不再适用，请重新登记：%(unverified)s"), "unverified"),
    (_("分出的劳动者：%(workers)s"), "workers"),
    # What was completed later.
    (_("补充或更正的是：%(whose)s"), "whose"),
    (_("承诺的劳动者：%(promised_by)s"), "promised_by"),
    (_("不再是代表人：%(no_more)s"), "no_more"),
    (_("本人难以单独起诉：%(why_alone)s"), "why_alone"),
    # Who answered for a body outside the system.
    (_("答复人：%(answered_by)s"), "answered_by"),
    (_("答复方式：%(way)s"), "way"),
    (_("怎样告诉来源单位：%(given)s"), "given"),
    (_("答复书扫描件：%(scan)s"), "scan"),
    (_("撤回的劳动者：%(left)s"), "left"),
    (_("第 %(supplement)s 次补充"), "supplement"),
    (_("请在 %(supply_by)s 前补充"), "supply_by"),
)


# What stood in a field that was corrected, where it is a key.
STOOD: dict[str, Mapping[str, Any]] = {"respondent_role": dict(CHAIN_ROLES), "line_unit": dict(UNITS), "contract": dict(CONTRACTS)}


def stood_there(one: Mapping[str, str]) -> str:
    labels = STOOD.get(one["field"], {})
    return gettext(str(labels[one["old"]])) if one["old"] in labels else one["old"]


def rule_name(rule_id: str) -> str:
    return RULES[rule_id].text("name", get_language() or "") if rule_id in RULES else rule_id


def rung_of(facts: Mapping[str, Any]) -> dict[str, str]:
    """A rung of the code's is stored by its name, which only its ladder can put into words; one that somebody wrote
    brings its label. Of one that came early the label says when it was meant to come."""
    label = rung_label(facts)
    if label and facts.get("cause") in CAUSES:
        label = gettext("原定：%(rung)s") % {"rung": label}
    return {"rung": label} if label else {}


def rung_label(facts: Mapping[str, Any]) -> str:
    if label := facts.get("rung_label"):
        return Rung(facts["rung"], label, (), label_en=facts.get("rung_en", "")).text(get_language() or "", gettext)
    if facts.get("rule") not in RULES:
        return ""
    return gettext({rung.name: rung.label for rung in ladder_of(facts["rule"])}.get(facts.get("rung", ""), ""))


def label_of(kind: str) -> str:
    move = CLAIM.find(kind)
    return move.label if move else KINDS.get(kind, kind)


def readable(telling: Telling, name: str, value: Any) -> str:
    labels = telling.labels.get(name) or LABELS.get(name, {})
    if isinstance(value, str) and value in labels:
        return gettext(str(labels[value]))
    if name in MONEY:
        return f"¥{float(value):,.2f}"
    if name == "rule":
        return rule_name(value)
    if isinstance(value, list):
        return gettext("、").join(gettext(str(labels[one])) if isinstance(one, str) and one in labels else str(one) for one in value)
    return str(value)
