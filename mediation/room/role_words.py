"""What the page of a hearing says to whoever opens it, by the part they have in it. Django-free: one row of sentences for each."""

from collections.abc import Mapping
from dataclasses import dataclass

WORKER, RESPONDENT, OBSERVER = "worker", "respondent", "observer"


def _(text: str) -> str:
    """Marks a text for the catalogues; whoever shows it translates it."""
    return text


@dataclass(frozen=True)
class Words:
    call: str
    bring: tuple[str, ...]
    if_not: str
    may_join: bool = True  # gets the address of an online meeting


ROLES: Mapping[str, Words] = {
    WORKER: Words(
        _("请您参加调解会。调解不收费，是否达成协议由您自己决定。"),
        (_("身份证"), _("合同、考勤、工资条、欠条、转账和聊天记录，手机里的也可以"), _("请人代替的，带上写明权限的委托书")),
        _("来不了的，请尽快打电话给调解员改时间。不来不等于撤回申请，您仍然可以申请劳动仲裁。"),
    ),
    RESPONDENT: Words(
        _("请派人参加调解会。来的人应当能够作主，或者带着写明可以代为达成协议的委托书。"),
        (_("营业执照复印件、法定代表人身份证明、来人的身份证和委托书"), _("本单位保存的职工名册、考勤、工资支付台账（《保障农民工工资支付条例》第五十条）"), _("已经付款的凭证")),
        _("来不了的，请在开会以前打电话给调解员说明理由。没有正当理由不来的，调解员可以终结调解，劳动者可以依法申请劳动仲裁，监察程序照常进行。"),
    ),
    OBSERVER: Words(
        _("请您旁听这次调解会。到场的人都会知道您在场。"),
        (_("本人工作证件"),),
        _("旁听人员不发言、不录音录像，不对外透露会上的内容。"), may_join=False,
    ),
}  # fmt: skip
