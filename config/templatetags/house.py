"""{% load house %}: how money, dates, marks and form fields are shown, the same on every page.

The tags of a list's rows ({% money %}, {% date %}, {% badge %}, {% icon %}) build their few characters by
hand: a page shows hundreds of them.
"""

from datetime import date as Date
from datetime import datetime as DateTime
from decimal import Decimal
from functools import cache

from django import template
from django.forms import BoundField
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

register = template.Library()

NOTHING = mark_safe('<span class="muted">—</span>')
WEEKDAYS = (_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日"))
# Chinese counts in ten thousands; the first unit that fits is used.
CHINESE_UNITS = ((Decimal(100_000_000), "亿"), (Decimal(10_000), "万"))
ENGLISH_UNITS = ((Decimal(1_000_000), "m"), (Decimal(1_000), "k"))
SHORT_FROM = 10_000


@cache
def sprite() -> str:
    return static("icons.svg")


@register.simple_tag
def icon(name: str, label: str = "", size: str = "") -> SafeString:
    """A symbol of icons.svg. Without a label it is decoration; size "large" is 28 px."""
    spoken = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    looks = f"icon is-{size}" if size else "icon"
    return format_html('<svg class="{}" {}><use href="{}#{}"></use></svg>', looks, spoken, sprite(), name)


@register.simple_tag
def badge(label: str, tone: str = "plain", icon_name: str = "", title: str = "") -> SafeString:
    """Words in a coloured pill: {% badge "已超期" "bad" "late" %}."""
    picture = icon(icon_name) if icon_name else ""
    hint = format_html(' title="{}"', title) if title else ""
    return format_html('<span class="badge tone-{}"{}>{}{}</span>', tone, hint, picture, label)


@register.simple_tag
def money(amount: Decimal | int | None, form: str = "") -> SafeString:
    """¥12,345.60; form "short" is ¥123.5万 (for tiles), "plain" leaves out the sign (a column that says 元)."""
    if amount is None:
        return NOTHING
    return mark_safe(f'<span class="money">{MONEY_FORMS[form](Decimal(amount))}</span>')


def whole(amount: Decimal) -> str:
    sign = "−" if amount < 0 else ""
    return f"{sign}¥{abs(amount):,.2f}"


def unsigned(amount: Decimal) -> str:
    return f"{amount:,.2f}"


def short(amount: Decimal) -> str:
    if abs(amount) < SHORT_FROM:
        return whole(amount)
    units = ENGLISH_UNITS if get_language() == "en" else CHINESE_UNITS
    size, name = next(unit for unit in units if abs(amount) >= unit[0])
    return f"{'−' if amount < 0 else ''}¥{abs(amount) / size:,.1f}{name}"


MONEY_FORMS = {"": whole, "plain": unsigned, "short": short}


@register.simple_tag
def date(day: Date | DateTime | None, form: str = "") -> SafeString:
    """2026年3月5日（周四）; form "short" 2026-03-05, "day" 3月5日（周四）, "month_day" 3月5日, "month" 2026年3月, "plain" 2026年3月5日."""
    if day is None:
        return NOTHING
    day = timezone.localdate(day) if isinstance(day, DateTime) else day
    return mark_safe(f'<time datetime="{day.isoformat()}">{conditional_escape(DATE_FORMS[form](day))}</time>')


def with_weekday(written: str, day: Date) -> str:
    return gettext("%(day)s（%(weekday)s）") % {"day": written, "weekday": WEEKDAYS[day.weekday()]}


DATE_FORMS = {
    "": lambda day: with_weekday(date_format(day, "DATE_FORMAT"), day),
    "day": lambda day: with_weekday(date_format(day, "MONTH_DAY_FORMAT"), day),
    "month_day": lambda day: date_format(day, "MONTH_DAY_FORMAT"),
    "plain": lambda day: date_format(day, "DATE_FORMAT"),
    "month": lambda day: date_format(day, "YEAR_MONTH_FORMAT"),
    "short": lambda day: day.isoformat(),
}


@register.simple_tag
def moment(instant: DateTime | None, form: str = "") -> SafeString:
    """2026-03-05 14:30; form "time" 14:30, "long" 2026年3月5日（周四）14:30. Here, whatever zone it is stored in."""
    if instant is None:
        return NOTHING
    here = timezone.localtime(instant)
    return mark_safe(f'<time datetime="{here.isoformat()}">{conditional_escape(MOMENT_FORMS[form](here))}</time>')


MOMENT_FORMS = {
    "": lambda here: f"{here:%Y-%m-%d %H:%M}",
    "time": lambda here: f"{here:%H:%M}",
    "long": lambda here: f"{DATE_FORMS[''](here.date())} {here:%H:%M}",
}


@register.simple_tag
def field(bound: BoundField, look: str = "", unit: str = "") -> SafeString:
    """A form field with label, hint and errors. look: "cards", "inline" (choices), "full" (both columns)."""
    return mark_safe(render_to_string("django/forms/field.html", {"field": bound, "look": look, "unit": unit}))


@register.filter
def with_colon(label: str) -> str:
    """A field's label before what is wrong with it; a question needs no further mark."""
    return f"{label} " if str(label).endswith(("?", "\N{FULLWIDTH QUESTION MARK}")) else f"{label}{gettext('：')}"


@register.filter
def tone_of_message(tags: str) -> str:
    """The tone of a message of django.contrib.messages."""
    return MESSAGE_TONES.get(tags.rsplit(" ", 1)[-1], "info")


@register.filter
def icon_of_tone(tone: str) -> str:
    return TONE_ICONS.get(tone, "info")


MESSAGE_TONES = {"success": "good", "warning": "warn", "error": "bad"}
TONE_ICONS = {"good": "done", "warn": "warning", "bad": "late", "muted": "paused", "provisional": "provisional"}
