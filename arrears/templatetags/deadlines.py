"""Rules and reasons in the reader's language. {% load deadlines %}"""

from django import template
from django.utils.translation import get_language, gettext

from arrears.phrases import Phrase
from arrears.reasons import Step
from arrears.rules import Rule
from arrears.rules.tables import Cited
from arrears.situation.facts import Tick

register = template.Library()


@register.filter
def in_words(said: Phrase | Step) -> str:
    """{{ step|in_words }}: a sentence of the deadline engine, translated."""
    return said.text(gettext)


@register.filter
def rule_text(rule: Rule | Cited | Tick, column: str) -> str:
    """{{ clock.rule|rule_text:"name" }}: a column of a row of law that comes in both languages."""
    return rule.text(column, get_language() or "zh-hans")


@register.filter
def citation(rule: Rule | Cited) -> str:
    """{{ clock.rule|citation }}: 劳动保障监察条例 第十七条"""
    return rule.citation(get_language() or "zh-hans")
