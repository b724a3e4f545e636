"""The list of what is wrong in a form reads as sentences."""

from django import forms
from django.template.loader import render_to_string


class Asked(forms.Form):
    name = forms.CharField(label="劳动者姓名")
    place = forms.CharField(label="在哪里干活？")


def test_a_question_takes_no_colon_and_a_name_does() -> None:
    said = render_to_string("fragments/_form_errors.html", {"form": Asked({})})
    assert "劳动者姓名：请填写。" in said
    assert "在哪里干活？ 请填写。" in said
