"""The words of the notices that grid itself writes."""

from grid.notices import Kind, add_kinds


def _(text: str) -> str:
    """Marks a label for the catalogues; grid.notices translates it."""
    return text


DIGEST = {"count": 2, "late": 1, "lines": "· 宿欠〔2026〕321322-00001：时限届满\n· 宿欠〔2026〕321322-00002：时限已用八成"}

KINDS = (
    Kind(  # until there were tasks; old rows still say it
        "delivery_failed", _("发给%(person)s的%(channel)s没有送达"),
        _("发给%(person)s的%(channel)s没有送达（%(error)s）。请另行通知本人，并核对其联系方式。"),
        "warn", by_mail=False, topic="system",
        sample={"person": "章镇", "channel_msgid": "电子邮件", "error": "550 no such user"},
    ),
    Kind(
        "task_added", _("待办：%(task)s"), _("系统交给您一件待办：%(task)s。请在 %(due)s 前办理。"), "warn", by_mail=False,
        topic="system", sample={"task": "发给章镇的电子邮件没有送达", "due": "2026-03-03"},
    ),
    Kind(
        "task_handed", _("待办：%(task)s"), _("%(by)s将一件待办转交给您：%(task)s。请在 %(due)s 前办理。"), "warn", by_mail=False,
        topic="system", sample={"by": "章镇", "task": "发给章镇的电子邮件没有送达", "due": "2026-03-03"},
    ),
    Kind(
        "channel_down", _("%(channel)s通道故障"),
        _("%(channel)s通道连续发送失败（%(error)s），已暂停使用。能改走其他渠道的消息已经改走，其余等通道恢复后发送。请检查通道配置。"),
        "late", topic="system", is_statutory=True, sample={"channel_msgid": "短信", "error": "timed out"},
    ),
    Kind(
        "channel_up", _("%(channel)s通道已恢复"), _("%(channel)s通道已恢复，等待中的消息正在发送。"),
        topic="system", sample={"channel_msgid": "短信"},
    ),
    Kind(
        "digest", _("您有 %(count)s 条通知"), _("以下 %(count)s 条通知（其中逾期 %(late)s 条）按您的设置汇总发送：\n\n%(lines)s"),
        topic="system", short=_("您有%(count)s条通知，其中逾期%(late)s条，请登录系统查看。"), sample=DIGEST,
    ),
    Kind(
        "flood", _("您有 %(count)s 条通知"), _("同一时间到达的通知较多，现将 %(count)s 条（其中逾期 %(late)s 条）合并发送：\n\n%(lines)s"),
        "warn", topic="system", is_statutory=True,
        short=_("您有%(count)s条通知，其中逾期%(late)s条，请登录系统查看。"), sample=DIGEST,
    ),
    Kind(
        "appointed", _("您自 %(day)s 起任%(place)s%(role)s"),
        _("%(by)s登记了您的任职：%(place)s%(role)s，自 %(day)s 起。"),
        topic="system", sample={"by": "管理", "place": "陇集镇", "role_msgid": "网格员", "day": "2026-03-02"},
    ),
    Kind(
        "stands_in", _("%(first)s 至 %(last)s 由您代理%(person)s"),
        _("%(by)s登记了%(person)s的请假，%(first)s 至 %(last)s 由您代理，期间%(person)s经办的事项会提醒您。"),
        topic="system", sample={"by": "章镇", "person": "王格", "first": "2026-03-02", "last": "2026-03-06"},
    ),
    Kind(
        "on_call", _("您被安排在%(place)s值班"),
        _("%(by)s安排您在%(place)s值班：%(days)s。值班当天没有人在岗时，由您负责。"),
        topic="system", sample={"by": "章镇", "place": "陇集镇", "days": "2026-03-07、2026-03-08"},
    ),
)  # fmt: skip

add_kinds(KINDS)
