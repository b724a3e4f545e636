"""Money, dates, marks and fields look the same everywhere; templates keep to the sprite and the security policy."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from django import forms
from django.template import Context, Template
from django.utils import translation

ROOT = Path(__file__).resolve().parent.parent.parent
TEMPLATES = [path for app in ("config", "grid", "arrears", "mediation") for path in (ROOT / app / "templates").rglob("*.html")]
STYLES = sorted((ROOT / "config/static/css").glob("*.css"))


def show(source: str, **context: object) -> str:
    return Template("{% load house %}" + source).render(Context(context))


def words(html: str) -> str:
    return re.sub(r"<[^>]+>", "", html)


@pytest.mark.parametrize(
    ("amount", "form", "expected"),
    [
        (Decimal("12345.6"), "", "¥12,345.60"),
        (Decimal("-5"), "", "−¥5.00"),
        (0, "", "¥0.00"),
        (None, "", "—"),
        (Decimal("12345.6"), "plain", "12,345.60"),
        (Decimal("9999.99"), "short", "¥9,999.99"),
        (Decimal("1235000"), "short", "¥123.5万"),
        (Decimal("250000000"), "short", "¥2.5亿"),
    ],
)
def test_money_is_written_one_way(amount: Decimal | int | None, form: str, expected: str) -> None:
    assert words(show("{% money amount form %}", amount=amount, form=form)) == expected


def test_short_money_counts_in_thousands_and_millions_in_english() -> None:
    with translation.override("en"):
        assert words(show("{% money amount 'short' %}", amount=Decimal(1_235_000))) == "¥1.2m"


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("", "2026年3月5日（周四）"),
        ("day", "3月5日（周四）"),
        ("plain", "2026年3月5日"),
        ("short", "2026-03-05"),
        ("month", "2026年3月"),
    ],
)
def test_dates_are_written_one_way(form: str, expected: str) -> None:
    html = show("{% date day form %}", day=date(2026, 3, 5), form=form)
    assert words(html) == expected
    assert 'datetime="2026-03-05"' in html


def test_an_instant_is_shown_in_shanghai_and_so_is_its_day() -> None:
    late = datetime(2026, 3, 4, 17, 30, tzinfo=UTC)
    assert words(show("{% moment at %}", at=late)) == "2026-03-05 01:30"
    assert words(show("{% date at 'short' %}", at=late)) == "2026-03-05"


def test_a_badge_escapes_its_words() -> None:
    assert "&lt;b&gt;" in show("{% badge label 'bad' 'late' %}", label="<b>")


class Sample(forms.Form):
    name = forms.CharField(label="姓名", help_text="与身份证一致")
    day = forms.DateField(label="日期", required=False)
    amount = forms.DecimalField(label="金额", decimal_places=2, required=False)
    agreed = forms.BooleanField(label="同意")


def test_a_field_ties_label_hint_and_error_to_its_input() -> None:
    html = show("{% field form.name %}", form=Sample({"name": ""}))
    assert 'for="id_name"' in html and 'class="required"' in html
    assert 'id="id_name_helptext"' in html and 'id="id_name_error"' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html and 'aria-invalid="true"' in html


def test_a_date_is_asked_with_the_browsers_picker_in_its_own_format() -> None:
    html = show("{% field form.day %}", form=Sample(initial={"day": date(2026, 3, 5)}))
    assert 'type="date"' in html and 'value="2026-03-05"' in html


def test_an_amount_is_typed_as_text_on_a_number_pad() -> None:
    html = show("{% field form.amount unit='元' %}", form=Sample(initial={"amount": Decimal("3.50")}))
    assert 'type="text"' in html and 'inputmode="decimal"' in html and 'value="3.50"' in html and "step" not in html


def test_a_whole_form_comes_in_house_fields() -> None:
    assert show("{{ form }}", form=Sample()).count('class="field') == 4


def test_every_icon_a_template_names_is_in_the_sprite() -> None:
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', (ROOT / "config/static/icons.svg").read_text(encoding="utf-8")))
    named = {
        (path.name, name) for path in TEMPLATES for name in re.findall(r'{% icon "([\w-]+)"', path.read_text(encoding="utf-8"))
    }
    assert drawn and not {(where, name) for where, name in named if name not in drawn}


def test_no_template_carries_style_or_script_of_its_own() -> None:
    inline = re.compile(r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=|javascript:", re.I)
    assert not [(path.name, found.group()) for path in TEMPLATES if (found := inline.search(path.read_text(encoding="utf-8")))]


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_styles_ask_nothing_newer_than_old_office_browsers_know(path: Path) -> None:
    text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.S)
    assert not re.search(r":has\(|color-mix\(|light-dark\(|@container|@layer|\boklch\(|^\s*&|\d(dvh|svh|cqw)\b", text, re.M)
    assert text.count("{") == text.count("}")
