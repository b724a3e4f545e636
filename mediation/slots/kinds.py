"""What rooms have, what people speak, which part of a day does not suit. Django-free tables."""

from mediation.slots.masks import FIRST, LAST, span


def _(text: str) -> str:
    """Marks a label for the catalogues; whoever shows it translates it."""
    return text


PLACE, ONLINE, SITE = "place", "online", "site"
BOOKED = ((PLACE, _("到场")), (ONLINE, _("线上")))  # what can be asked for when a time is looked for
MEDIA = (*BOOKED, (SITE, _("现场")))

EQUIPMENT = (
    ("screen", _("显示屏")),
    ("recording", _("录音录像")),
    ("video", _("视频会议终端")),
    ("printer", _("打印机")),
    ("hearing_loop", _("助听设备")),
)

# Beside the common language (普通话).
LANGUAGES = (
    ("sign", _("手语")),
    ("ug", _("维吾尔语")),
    ("ii", _("彝语")),
    ("bo", _("藏语")),
    ("mn", _("蒙古语")),
    ("za", _("壮语")),
    ("hmn", _("苗语")),
    ("en", _("英语")),
)

ALL_DAY, MORNING, AFTERNOON = "all", "am", "pm"
PARTS = ((ALL_DAY, _("全天")), (MORNING, _("上午")), (AFTERNOON, _("下午")))
NOON = 12 * 60
PART_MASKS = {ALL_DAY: span(FIRST, LAST), MORNING: span(FIRST, NOON), AFTERNOON: span(NOON, LAST)}

WEEKDAYS = (
    (0, _("周一")), (1, _("周二")), (2, _("周三")), (3, _("周四")), (4, _("周五")), (5, _("周六")), (6, _("周日")),
)  # fmt: skip
