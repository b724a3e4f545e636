"""What a worker reads of an application for support to sue, in each state. Django-free."""


def _(text: str) -> str:
    """Marks a text for the catalogues; whoever shows it translates it."""
    return text


# Where it stands, and what comes next.
PLAIN = {
    "applied": (_("您的申请正在等乡镇（街道）提意见。"), _("然后由县里提意见，同意以后送支持单位。")),
    "county": (_("您的申请正在等县（区）提意见。"), _("同意以后，材料送到支持您起诉的单位。")),
    "city": (_("您的申请正在等市里提意见。"), _("同意以后，材料送到支持您起诉的单位。")),
    "returned": (_("您的申请还要补材料：%(lacking)s"), _("工作人员会联系您，补齐以后重新提交。")),
    "approved": (_("已经同意支持您起诉。"), _("材料马上送到支持您起诉的单位。")),
    "handed_over": (_("已经同意支持您起诉，材料送到：%(bodies)s。"), _("您仍然是原告，由您决定起诉、撤诉、和解。他们会联系您。")),
    "concluded": (_("支持起诉这件事已经办完。"), _("结果请看下面的经过，或者问工作人员。")),
    "refused": (_("没有同意支持起诉：%(note)s"), _("您仍然可以自己起诉，需要法律援助请打 12348。")),
}  # fmt: skip
MAY_WITHDRAW = ("applied", "county", "city", "returned", "approved", "handed_over")
