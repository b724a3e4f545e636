"""The filters that show rules and reasons on a page."""

from datetime import date

from django.template import Context, Template
from django.utils import translation

from arrears.deadlines import RULES, due
from arrears.workdays import PUBLISHED

PAGE = Template(
    '{% load deadlines %}{{ due.rule|rule_text:"name" }} · {{ due.rule|citation }} · {{ due.steps.0|in_words }}'
)


def shown() -> str:
    return PAGE.render(Context({"due": due(RULES["CIV-SMALL-2M"], date(2025, 12, 17), PUBLISHED)}))


def test_a_rule_and_its_reason_on_a_page() -> None:
    assert shown() == (
        "小额诉讼审理期限 · 民事诉讼法 第一百六十八条 · 2025-12-17 周三：起算日，不计入（民法典第二百零一条）"
    )


def test_a_rule_follows_the_readers_language() -> None:
    with translation.override("en"):
        assert shown().startswith("Small claims procedure · Civil Procedure Law, art. 168 · ")
