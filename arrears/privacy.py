"""What a worker is told before their data are kept. The version is written on the claim's first event."""

VERSION = "2026-01"


def _(text: str) -> str:
    """Marks a text for the catalogues; whoever shows it translates it."""
    return text


NOTICE = (
    _("收集的信息：姓名、电话、身份证号、工作和欠薪情况，以及您提供的证据。"),
    _("用途：仅用于办理本次欠薪投诉，包括调查、调解、移送和支持起诉。"),
    _("谁能看到：办理本案的工作人员和依法接收移送的单位；每次查看都有记录，身份证号加密保存。"),
    _("处理依据：履行法定职责（《个人信息保护法》第十三条第一款第三项、第三十四条），不以同意为前提。"),
    _("您可以向承办人员了解进度，也可以要求更正错误的信息。"),
)
CONSENT = _("已向劳动者宣读或出示以上告知（《个人信息保护法》第十七条、第三十五条）")
