"""The words of the watchman (config/watchman), and of whoever watches him (config/tasks.py)."""

from grid.notices import Kind, add_kinds


def _(text: str) -> str:
    """Marks a label for the catalogues; grid.notices translates it."""
    return text


DATABASE = {
    True: _("数据库可以连接，请先查看 worker 和 beat 是否在运行。"),
    False: _("数据库无法连接，请先恢复数据库。"),
}
SINCE = {"since": "2026-03-02 10:00", "minutes": 12}

KINDS = (
    Kind(
        "sweep_stalled", _("督办停止：%(minutes)s 分钟没有完成一轮"),
        _(
            "系统每分钟检查一次到期事项并发出督办，上一轮完成于 %(since)s，此后 %(minutes)s 分钟没有完成过。恢复以前，到期的事项"
            "不会自动提醒，也不会提级；恢复后会自动补发，不会遗漏。\n\n%(database)s\n\n怎么办：\n"
            "1. 打开 %(site)s/healthz，missing 列出没有运行的部分；\n"
            "2. 查看 %(logs)s 下的 worker.log 和 beat.log；数据库的日志是 postgres.log；\n"
            "3. 重新启动：结束 bin/serve 后再运行一次，或重启相应的服务。\n\n"
            "恢复以前每小时提醒一次，恢复时另行告知。"
        ),
        "late", by_mail=False, topic="system", is_statutory=True,
        sample={**SINCE, "database_msgid": DATABASE[True], "site": "https://xinan.example", "logs": "/srv/xinan/var/log"},
    ),
    Kind(
        "sweep_well", _("督办已恢复"),
        _("督办自 %(since)s 起停止，现已恢复，历时 %(minutes)s 分钟。期间到期的事项正在补发。"),
        by_mail=False, topic="system", is_statutory=True, sample=SINCE,
    ),
    Kind(
        "rung_stuck", _("有督办到期 %(minutes)s 分钟没有发出"),
        _(
            "督办仍在运行，但有 %(count)s 项到期后一直没有发出，最早的一项应于 %(since)s 发出。没有发出以前，这些期限不会提醒，也不会提级。"
            "涉及的案件（最多列五件）：\n%(claims)s\n\n怎么办：\n"
            "1. 运行 bin/manage sweep --dry-run，查看没有发出的原因；\n"
            "2. 在 %(logs)s 下的 worker.log 中查找 cannot be escalated 或者 could not be written；\n"
            "3. 运行 bin/manage check_integrity，查看数据是否有误。\n\n"
            "全部发出以后另行告知，其间不再重复提醒。"
        ),
        "late", by_mail=False, topic="system", is_statutory=True,
        sample={**SINCE, "count": 2, "claims": "· 宿欠〔2026〕321322-00001", "logs": "/srv/xinan/var/log"},
    ),
    Kind(
        "rung_freed", _("到期的督办已经发出"),
        _("自 %(since)s 起没有发出的督办，现已全部发出，历时 %(minutes)s 分钟。"),
        by_mail=False, topic="system", is_statutory=True, sample=SINCE,
    ),
    Kind(
        "watchman_silent", _("值守程序 %(minutes)s 分钟没有动静"),
        _(
            "督办停止时，由值守程序（watchman）提醒管理员。它自己自 %(since)s 起没有动静，已有 %(minutes)s 分钟。恢复以前，"
            "督办如果停止，不会有人得到提醒。请查看 %(logs)s 下的 watchman.log，并重新启动 bin/serve 或相应的服务。"
        ),
        "late", topic="system", is_statutory=True, sample={**SINCE, "logs": "/srv/xinan/var/log"},
    ),
)  # fmt: skip

add_kinds(KINDS)
