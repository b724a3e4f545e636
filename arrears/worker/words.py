"""What a worker is told, and of what: one row for each event at which a case changes hands or comes to something.

The words are SMS in plain Chinese: what happened, what the worker can do, the query number and where to follow it.
No name, no ID number, no amount but the case's own. Who wants nothing said of wages gets DISCREET instead.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from arrears.lifecycle import ENDINGS, RESULTS
from arrears.models import Claim, Event
from arrears.proceedings.table import HARD
from arrears.proceedings.table import KINDS as PROCEEDINGS
from grid.notices import Kind, add_kinds
from grid.roles import LEVEL_LABELS
from grid.tasklist import TaskKind
from grid.tasklist import add_kinds as add_task_kinds


def _(text: str) -> str:
    """Marks a label for the catalogues; grid.notices translates it."""
    return text


DISCREET = "worker_discreet"
BEGINS = "begins"  # the start of what a message is about: after it the message is of no use
ALWAYS = {"query": "K7QF-03MX-9ZTR", "url": "https://xinan.example/track/"}


def kind(name: str, title: str, short: str, *, moment: str = "", is_call: bool = False, **sample: str) -> Kind:
    return Kind(name, title, short, by_mail=False, topic="worker", short=short, sample={**ALWAYS, **sample}, moment=moment, is_call=is_call)


KINDS = (
    kind("worker_registered", _("案件已登记"), _("您的欠薪投诉已登记，查询号%(query)s，请保存好证据。查进展：%(url)s")),
    kind("worker_accepted", _("案件已受理"), _("您的欠薪投诉已受理，开始依法调查。查询号%(query)s，查进展：%(url)s")),
    kind("worker_rejected", _("不予受理"), _("您的投诉未予受理，原因见书面通知。您可申请仲裁或起诉，法律援助请打12348。查询号%(query)s，%(url)s")),
    kind("worker_climbed", _("上级接手办理"), _("您的投诉已由%(level)s接手办理。查询号%(query)s，查进展：%(url)s"), level_msgid="县级"),
    kind("worker_assigned", _("指定经办人"), _("您的投诉已交由专人办理，有进展会告诉您。查询号%(query)s，查进展：%(url)s")),
    kind("worker_handed_back", _("转回下级办理"), _("您的投诉已转由%(level)s继续办理。查询号%(query)s，查进展：%(url)s"), level_msgid="乡镇级"),
    kind("worker_referred", _("移送协同单位"), _("您的投诉已移送%(body)s协助办理，对方会依法答复。查询号%(query)s，%(url)s"), body="县人民检察院"),
    kind("worker_body_received", _("协同单位已签收"), _("%(body)s已收到您的材料，正在审查。查询号%(query)s，查进展：%(url)s"), body="县人民检察院"),
    kind("worker_body_accepted", _("协同单位已接受"), _("%(body)s已接受您的案件，开始办理。查询号%(query)s，查进展：%(url)s"), body="县人民检察院"),
    kind("worker_body_declined", _("协同单位退回"), _("%(body)s退回了移送，我们继续办理您的投诉。查询号%(query)s，%(url)s"), body="县人民检察院"),
    kind("worker_body_asks", _("协同单位要求补充材料"), _("%(body)s要求补充材料，我们正在补，需要您提供的会联系您。查询号%(query)s，%(url)s"), body="县人民检察院"),
    kind("worker_supplied", _("补充材料已送交"), _("补充材料已送交%(body)s，等待答复。查询号%(query)s，查进展：%(url)s"), body="县人民检察院"),
    kind("worker_body_returned", _("协同单位退回补正"), _("%(body)s要求补正材料，我们补正后会重新移送。查询号%(query)s，%(url)s"), body="县人民检察院"),
    kind("worker_resent", _("补正后重新移送"), _("材料已补正，重新移送%(body)s。查询号%(query)s，查进展：%(url)s"), body="县人民检察院"),
    kind("worker_disputed", _("提请裁定由谁办理"), _("由哪个单位办理有不同意见，已请上级裁定，您不用另跑。查询号%(query)s，%(url)s")),
    kind("worker_ruled_takes", _("裁定由该单位办理"), _("上级已裁定由%(body)s办理您的案件。查询号%(query)s，查进展：%(url)s"), body="县人民检察院"),
    kind("worker_ruled_other", _("裁定由其他单位办理"), _("上级已裁定改由%(body)s办理您的案件。查询号%(query)s，%(url)s"), body="县总工会"),
    kind("worker_ruled_stands", _("裁定不由该单位办理"), _("上级裁定不由%(body)s办理，我们继续办理您的投诉。查询号%(query)s，%(url)s"), body="县人民检察院"),
    kind("worker_body_concluded", _("协同单位已办结"), _("%(body)s已办结移送事项，结果请查询或问经办人。查询号%(query)s，%(url)s"), body="县人民检察院"),
    kind("worker_recalled", _("移送已撤回"), _("移送%(body)s的事项已撤回，我们继续办理您的投诉。查询号%(query)s，%(url)s"), body="县人民检察院"),
    kind("worker_settled", _("约定付款"), _("已约定付款：全案%(amount)s元，%(pay_by)s前付清；没收到请告诉我们。查询号%(query)s，%(url)s"), amount="8,000.00", pay_by="2026-04-30"),
    kind("worker_breached", _("对方未按约付款"), _("对方没有按约定付款，我们已恢复办理您的投诉。查询号%(query)s，查进展：%(url)s")),
    kind("worker_paid", _("收到付款"), _("您的案件登记了一笔付款，全案%(amount)s元；没收到请告诉我们。查询号%(query)s，%(url)s"), amount="8,000.00"),
    kind("worker_suspended", _("案件中止"), _("您的投诉依法暂停办理，预计%(until)s恢复，您的权利不受影响。查询号%(query)s，%(url)s"), until="2026-04-30"),
    kind("worker_resumed", _("恢复办理"), _("您的投诉已恢复办理。查询号%(query)s，查进展：%(url)s")),
    kind("worker_closed", _("案件办结"), _("您的投诉已办结：%(result)s。钱没收到请告诉我们。查询号%(query)s，%(url)s"), result_msgid="全部清偿"),
    kind("worker_concluded", _("终止办理"), _("您的投诉已终止：%(result)s。仍可仲裁或起诉，援助请打12348。查询号%(query)s，%(url)s"), result_msgid="经查不存在欠薪"),
    kind("worker_transferred", _("移送管辖"), _("您的投诉已移送%(destination)s办理，请与该单位联系。查询号%(query)s，%(url)s"), destination="宿豫区劳动保障监察大队"),
    kind("worker_withdrawn", _("案件已撤回"), _("您的投诉已按申请撤回；如不是您的意思，请马上联系我们。查询号%(query)s，%(url)s")),
    kind("worker_merged", _("合并办理"), _("您的投诉已与同类案件合并办理，您的权利不受影响。查询号%(query)s，查进展：%(url)s")),
    kind("worker_joined", _("并入在办案件"), _("您的欠薪投诉已并入在办的案件一起办理，您的权利不受影响。查询号%(query)s，查进展：%(url)s")),
    kind("worker_split", _("单独办理"), _("您的投诉已从原来的案件分出，单独办理，您的权利不受影响。查询号%(query)s，查进展：%(url)s")),
    kind("worker_paper", _("提醒补交材料"), _("您承诺%(due)s前补交材料，请按时交到登记的乡镇（街道）。查询号%(query)s，查进展：%(url)s"), due="2026-04-30"),
    kind("worker_proceeding", _("程序有新进展"), _("您的案件有新进展：%(what)s。查询号%(query)s，查进展：%(url)s"), what="法院已立案", what_en="the court has registered the case"),
    kind("worker_court_hearing", _("开庭通知"), _("您的案件%(when)s在%(room)s开庭，请准时到、带好身份证和证据。查询号%(query)s，%(url)s"), moment=BEGINS, when="2026-03-05 14:30", room="沭阳县人民法院第三法庭"),
    kind("worker_right", _("错过就丧失的权利"), _("%(say)s查询号%(query)s，%(url)s"), say="请在2026-03-20前申请强制执行，过期法院可能不再执行。请找经办人帮忙。", say_en="Apply for enforcement by 2026-03-20; later the court may refuse. "),
    kind("worker_reopened", _("重新办理"), _("您的投诉已重新办理。查询号%(query)s，查进展：%(url)s")),
    kind("worker_asked", _("工作人员向劳动者提问"), _("工作人员有事想问您，请打开链接回答，也可以打电话。查询号%(query)s，%(url)s")),
    kind("worker_asked_again", _("提醒回答提问"), _("工作人员问您的事还没有等到回答，请打开链接回答，也可以打电话。查询号%(query)s，%(url)s")),
    kind("worker_objection_answered", _("异议已答复"), _("上级已答复您的异议，答复请打开链接看，也可以打电话问。查询号%(query)s，%(url)s")),
    kind("report_received", _("收到反映"), _("您反映的欠薪已收到，%(due)s前会答复您。查询号%(query)s，查进展：%(url)s"), due="2026-03-09"),
    kind("report_declined", _("反映没有登记为案件"), _("您反映的情况没有登记为案件，理由请查询，不同意可以再反映。查询号%(query)s，%(url)s")),
    kind("report_joined", _("反映并入在办案件"), _("您反映的事已有案件在办，我们一起办理。查询号%(query)s，查进展：%(url)s")),
    Kind(
        DISCREET, _("有新进展（保密联系）"), _("您咨询的事项有新进展，请在方便时与工作人员联系。"), by_mail=False,
        topic="worker", short=_("您咨询的事项有新进展，请在方便时与工作人员联系。"), is_discreet=True,
    ),
)  # fmt: skip

add_kinds(KINDS)

VISIT = "tell_in_person"
add_task_kinds((
    TaskKind(
        "worker_withdraws", _("劳动者想撤回：%(number)s"),
        _("案件 %(number)s 的劳动者在网上提出想撤回。请当面或者打电话问清是不是本人的意思、有没有人逼他；确认并签字后再办理撤回，在这之前案件照常办理。"),
    ),
    TaskKind(
        "ask_unanswered", _("劳动者没有回答提问：%(number)s"),
        _("案件 %(number)s 的劳动者到 %(day)s 没有回答您的提问，系统已经提醒过一次。请打电话或者当面问，把他的话记下来；也可以多给几天，或者不再问。没有回答不等于撤回，不能因此结案。"),
    ),
    TaskKind(
        "worker_objects", _("劳动者对办理结果有异议：%(number)s"),
        _("案件 %(number)s 的劳动者不同意这样办结。请看办理经过，和劳动者联系，决定重新办理，或者说明理由。到期没有答复的，自动转由更上一级答复。"),
    ),
    TaskKind(
        "rating_low", _("劳动者打了低分（%(stars)s 分）：%(number)s"),
        _("案件 %(number)s 的劳动者对办理不满意。请看办理经过，必要时联系劳动者，写明哪里没有做好、怎样改。案件不是您办的，才由您回看。"),
    ),
    TaskKind(
        VISIT, _("当面告知劳动者：%(number)s 有新进展"),
        _("案件 %(number)s 有劳动者不能发短信：本人要求，或者登记的是对方的电话。请当面告知最近的进展，注意不要让单位知道。"),
    ),
))  # fmt: skip

Facts = dict[str, Any]


@dataclass(frozen=True)
class Message:
    """`facts` takes what the words need from the claim and its event; None: there is nothing to tell after all."""

    kind: str
    facts: Callable[[Claim, Event], Facts | None] = lambda claim, event: {}


def of_the_claim(claim: Claim, event: Event) -> Facts | None:
    """Of what somebody who left had in hand, the case itself; an order or a task is no news to the worker."""
    return {} if event.facts.get("what") == "claim" else None


def said(*names: str) -> Callable[[Claim, Event], Facts]:
    return lambda claim, event: {name: event.facts.get(name, "") for name in names}


def ruled_for(claim: Claim, event: Event) -> Facts:
    return {"body": event.facts["other_body"]}


def labelled(name: str, labels: Iterable[tuple[str, str]]) -> Callable[[Claim, Event], Facts]:
    return lambda claim, event: {f"{name}_msgid": dict(labels).get(event.facts.get(name, ""), "")}


def level(claim: Claim, event: Event) -> Facts:
    return {"level_msgid": LEVEL_LABELS[event.level]}


def still_to_pay(claim: Claim, event: Event) -> Facts:
    """An agreement's own sum, whatever had been paid before it."""
    return {"amount": f"{claim.unpaid:,.2f}", **said("pay_by")(claim, event)}


def paid(claim: Claim, event: Event) -> Facts:
    return {"amount": f"{float(event.facts['amount']):,.2f}"}


def step_of(claim: Claim, event: Event) -> Facts:
    kind, _dot, step = event.facts["step"].partition(".")
    row = PROCEEDINGS[kind].steps[step]
    return {"what": f"{PROCEEDINGS[kind].name}{row.done}", "what_en": f"{PROCEEDINGS[kind].name_en}: {row.done_en}"}


def hearing(claim: Claim, event: Event) -> Facts:
    when = event.facts["hearing"]
    return {"when": when, "room": event.facts.get("place") or "—", BEGINS: f"{when.replace(' ', 'T')}:00+08:00"}


def what_is_lost(rule: str) -> Callable[[Claim, Event], Facts]:
    """Told to the worker in plain words, days before."""
    return lambda claim, event: {
        "say": HARD[rule].worker % {"due": event.facts["due"]}, "say_en": f"{HARD[rule].worker_en % {'due': event.facts['due']}} ",
    }  # fmt: skip


def until(claim: Claim, event: Event) -> Facts:
    return {"until": event.facts["planned_end"]}


# By kind of event, as in telling.py: "referral.send" is for that move of a referral alone.
MESSAGES: dict[str, Message] = {
    "register": Message("worker_registered"),
    "accept": Message("worker_accepted"),
    "reject": Message("worker_rejected"),
    "escalate": Message("worker_climbed", level),
    "climbed": Message("worker_climbed", level),
    "assign": Message("worker_assigned"),
    "handed_over": Message("worker_assigned", of_the_claim),
    "hand_back": Message("worker_handed_back", level),
    "referral.send": Message("worker_referred", said("body")),
    "referral.receive": Message("worker_body_received", said("body")),
    "referral.accept": Message("worker_body_accepted", said("body")),
    "referral.decline": Message("worker_body_declined", said("body")),
    "referral.ask_more": Message("worker_body_asks", said("body")),
    "referral.ask_further": Message("worker_body_asks", said("body")),
    "referral.supply": Message("worker_supplied", said("body")),
    "referral.supplement": Message("worker_supplied", said("body")),
    "referral.return": Message("worker_body_returned", said("body")),
    "referral.resend": Message("worker_resent", said("body")),
    "referral.dispute": Message("worker_disputed"),
    "referral.rule_takes": Message("worker_ruled_takes", said("body")),
    "referral.rule_other": Message("worker_ruled_other", ruled_for),
    "referral.rule_stands": Message("worker_ruled_stands", said("body")),
    "referral.conclude": Message("worker_body_concluded", said("body")),
    "referral.recall": Message("worker_recalled", said("body")),
    "settle": Message("worker_settled", still_to_pay),
    "breach": Message("worker_breached"),
    "record_payment": Message("worker_paid", paid),
    "suspend": Message("worker_suspended", until),
    "resume": Message("worker_resumed"),
    "close": Message("worker_closed", labelled("result", RESULTS)),
    "conclude": Message("worker_concluded", labelled("result", ENDINGS)),
    "transfer": Message("worker_transferred", said("destination")),
    "withdraw": Message("worker_withdrawn"),
    "merge": Message("worker_merged"),
    "split_off": Message("worker_split"),
    "add_workers": Message("worker_joined"),
    "reopen": Message("worker_reopened"),
    "ask": Message("worker_asked"),
    "ask_reminded": Message("worker_asked_again"),
    "ask_extended": Message("worker_asked_again"),
    "objection_answered.upheld": Message("worker_objection_answered"),
    "alerted.PAPER-PROMISE.before3": Message("worker_paper", said("due")),
    "proceeding": Message("worker_proceeding", step_of),
    **{f"proceeding.{kind.id}.hearing": Message("worker_court_hearing", hearing) for kind in PROCEEDINGS.values() if "hearing" in kind.steps},
    "hearing_reminded": Message("worker_court_hearing", hearing),
    **{f"alerted.{rule}.{rung}": Message("worker_right", what_is_lost(rule)) for rule in HARD for rung in ("before10", "before5", "before2")},
}


def add_messages(messages: Mapping[str, Message]) -> None:
    MESSAGES.update(messages)


def message_of(event: Event) -> Message | None:
    """A rung of a clock is looked up by rule and rung; whoever gives them a name of their own tells no worker by it. What
    takes place elsewhere than in a room (`medium`) may have words of its own."""
    rung = f"{event.kind}.{event.facts.get('rule')}.{event.facts.get('rung')}"
    move = f"{event.kind}.{event.facts.get('move')}"
    return MESSAGES.get(rung) or MESSAGES.get(f"{move}.{event.facts.get('medium')}") or MESSAGES.get(move) or MESSAGES.get(event.kind)
