"""Writing a ladder: one form for the version, one for each rung. What is wrong with the whole says arrears.ladders.rungs."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.forms.utils import ErrorDict
from django.utils.translation import get_language, gettext_lazy, override
from django.utils.translation import gettext as _

from arrears.ladders import CLAIM_KINDS, LADDERS, REFERRAL_LADDERS, family_of
from arrears.ladders.rungs import (
    LATE,
    LONGEST_LABEL,
    MOST_ACK_DAYS,
    MOST_DAYS,
    MOST_ORDER_DAYS,
    MOST_RUNGS,
    OF_REFERRALS,
    POSTS_AT_LEVELS,
    SEATS,
    URGENCIES,
    WARN,
    Rung,
    name_for,
    seat_phrase,
)
from arrears.models import Season
from arrears.rules import RULES
from grid.channels import CHANNELS

SHARE, BEFORE, ON, AFTER = "share", "before", "on", "after"
MOMENTS = (
    (SHARE, gettext_lazy("时限已用百分之")),
    (BEFORE, gettext_lazy("届满前若干工作日")),
    (ON, gettext_lazy("届满当日")),
    (AFTER, gettext_lazy("届满后若干工作日")),
)


class RungForm(forms.Form):
    name = forms.CharField(required=False, max_length=24, widget=forms.HiddenInput)
    label = forms.CharField(label=gettext_lazy("标题"), max_length=LONGEST_LABEL)
    label_en = forms.CharField(label=gettext_lazy("英文标题"), max_length=2 * LONGEST_LABEL, required=False)
    moment = forms.ChoiceField(label=gettext_lazy("何时提醒"), choices=MOMENTS, initial=SHARE)
    number = forms.IntegerField(
        label=gettext_lazy("数值"), required=False, min_value=1, max_value=MOST_DAYS,
        help_text=gettext_lazy("百分数或工作日数；届满当日不用填。"),
    )  # fmt: skip
    tells = forms.MultipleChoiceField(label=gettext_lazy("通知谁"), widget=forms.CheckboxSelectMultiple)
    posts = forms.MultipleChoiceField(label=gettext_lazy("另外通知这些岗位"), required=False, widget=forms.CheckboxSelectMultiple)
    channels = forms.MultipleChoiceField(
        label=gettext_lazy("必须使用的渠道"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("都不选时，按各人自己的设置发送；站内通知总是有。"),
    )  # fmt: skip
    urgency = forms.ChoiceField(label=gettext_lazy("轻重程度"), choices=[(WARN, ""), (LATE, "")], initial=WARN, widget=forms.RadioSelect)
    ack_days = forms.IntegerField(
        label=gettext_lazy("几个工作日内签收"), required=False, min_value=0, max_value=MOST_ACK_DAYS,
        help_text=gettext_lazy("到时无人签收，下一级提前发出；不填或填 0 表示不要求签收。"),
    )  # fmt: skip
    climbs = forms.BooleanField(label=gettext_lazy("案件同时提级"), required=False)
    order_days = forms.IntegerField(
        label=gettext_lazy("督办单几个工作日内回复"), required=False, min_value=0, max_value=MOST_ORDER_DAYS,
        help_text=gettext_lazy("填写后，到这一级自动下达督办单；不填或填 0 表示不下达。"),
    )  # fmt: skip
    remove = forms.BooleanField(label=gettext_lazy("删去这一级"), required=False)

    def __init__(self, *args: Any, family: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        seats = [seat for seat in SEATS if family in REFERRAL_LADDERS or seat not in OF_REFERRALS]
        self.fields["tells"].choices = [(seat, seat_phrase(seat).text(_)) for seat in seats]
        self.fields["tells"].required = False
        self.fields["posts"].choices = [(post, seat_phrase(post).text(_)) for post in POSTS_AT_LEVELS]
        self.fields["channels"].choices = [(name, _(channel.label)) for name, channel in CHANNELS.items() if name != "in_app"]
        self.fields["urgency"].choices = [(name, _(label)) for name, label in URGENCIES.items()]

    def full_clean(self) -> None:
        """What is to go need not be right."""
        super().full_clean()
        if self.is_bound and self.is_removed:
            self._errors = ErrorDict()

    @property
    def is_removed(self) -> bool:
        return bool(self.data.get(self.add_prefix("remove")))

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if said.get("moment") != ON and "number" in said and said["number"] is None:
            self.add_error("number", _("请填写百分数或工作日数。"))
        return said

    @property
    def is_unfolded(self) -> bool:
        """A new rung, one somebody changed, one with something to put right."""
        return not self["name"].value() or (self.is_bound and (bool(self.errors) or self.has_changed()))

    @property
    def title(self) -> str:
        """As typed, in the reader's language where it was given in it."""
        shown = "label_en" if get_language() == "en" and self["label_en"].value() else "label"
        return self[shown].value() or ""

    @property
    def outline(self) -> str:
        """When it calls and whom, and what it asks, as typed: 届满后 3 个工作日 · 通知：经办人 · 1 个工作日内签收."""
        moment, number = self["moment"].value(), str(self["number"].value() or "")
        if not self["name"].value() or (moment != ON and not number.isdecimal()):
            return ""
        when = {
            SHARE: _("时限已用 %(percent)s%%"), BEFORE: _("届满前 %(days)s 个工作日"), ON: _("届满当日"), AFTER: _("届满后 %(days)s 个工作日"),
        }.get(moment, "") % {"percent": number, "days": number}  # fmt: skip
        return " · ".join(filter(None, (when, self.told, *self.asked)))

    @property
    def asked(self) -> list[str]:
        """What it asks of those it tells, as typed."""
        asks = (("ack_days", _("%(days)s 个工作日内签收")), ("order_days", _("下达督办单，%(days)s 个工作日内回复")))
        typed = [(str(self[name].value() or ""), words) for name, words in asks]
        return [words % {"days": days} for days, words in typed if days.isdecimal() and int(days)]

    @property
    def told(self) -> str:
        """Whom it tells, as ticked."""
        known = {*SEATS, *POSTS_AT_LEVELS}
        seats = [seat for name in ("tells", "posts") for seat in self[name].value() or () if seat in known]
        return _("通知：%(names)s") % {"names": _("、").join(seat_phrase(seat).text(_) for seat in seats)} if seats else ""

    @property
    def is_climbing(self) -> bool:
        return bool(self["climbs"].value())

    def rung(self) -> Rung:
        said = self.cleaned_data
        share, days = moment_of(said["moment"], said.get("number"))
        label, label_en = said["label"].strip(), said["label_en"].strip()
        return Rung(
            name=said["name"] or name_for(share, days),
            label=label,
            label_en="" if label_en == in_english(label) else label_en,  # the catalogue says it already
            tells=(*said["tells"], *said["posts"]),
            share=share,
            working_days=days,
            climbs=said["climbs"],
            urgency=said["urgency"],
            channels=tuple(said["channels"]),
            ack_days=said["ack_days"] or 0,
            order_days=said["order_days"] or 0,
        )


def in_english(label: str) -> str:
    """The translation of a label of the code's own tables."""
    with override("en"):
        return _(label)


def moment_of(moment: str, number: int | None) -> tuple[float | None, int | None]:
    """As a rung has it: a share of the time, or working days after the due day."""
    if moment == SHARE:
        return round((number or 0) / 100, 2), None
    return None, {BEFORE: -(number or 0), ON: 0, AFTER: number or 0}[moment]


def initial_of(rung: Rung) -> dict[str, Any]:
    """A rung as its form shows it."""
    if rung.share is not None:
        moment, number = SHARE, round(rung.share * 100)
    else:
        days = rung.working_days or 0
        moment, number = (ON, None) if not days else (BEFORE if days < 0 else AFTER, abs(days))
    return {
        "name": rung.name, "label": rung.label, "label_en": rung.label_en or in_english(rung.label), "moment": moment, "number": number,
        "tells": [seat for seat in rung.tells if seat in SEATS], "posts": [seat for seat in rung.tells if seat not in SEATS],
        "channels": list(rung.channels), "urgency": rung.urgency, "ack_days": rung.ack_days or None, "climbs": rung.climbs,
        "order_days": rung.order_days or None,
    }  # fmt: skip


class RungSet(forms.BaseFormSet):
    def ask_later(self) -> None:
        """Nobody asked yet whether it is right."""
        self._errors = [ErrorDict() for _form in self.forms]
        self._non_form_errors = self.error_class()
        for form in self.forms:
            form._errors = ErrorDict()

    def rungs(self) -> list[Rung]:
        """In the order of time, whatever order they stand in on the page."""
        kept = [form.rung() for form in self.forms if not form.is_removed and form.cleaned_data]
        return sorted(kept, key=lambda rung: rung.order)


def rung_set(family: str, rungs: Sequence[Rung], data: Any = None, *, more: int = 0) -> RungSet:
    """`more`: how many empty forms stand below."""
    made = forms.formset_factory(RungForm, formset=RungSet, extra=more, max_num=MOST_RUNGS, absolute_max=MOST_RUNGS + 1)
    return made(data, initial=[initial_of(rung) for rung in rungs], prefix="rung", form_kwargs={"family": family})


class VersionForm(forms.Form):
    valid_from = forms.DateField(label=gettext_lazy("自哪天起执行"), widget=forms.DateInput(attrs={"type": "date"}))
    note = forms.CharField(label=gettext_lazy("修改说明"), max_length=200, help_text=gettext_lazy("为什么改，依据什么。会留在版本记录里。"))
    previous = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["valid_from"].widget.attrs["min"] = today.isoformat()
        self.today = today

    def clean_valid_from(self) -> date:
        day = self.cleaned_data["valid_from"]
        if day < self.today:
            raise forms.ValidationError(_("不能早于今天：已经发出的督办不会因此改变。"), code="past")
        return day


class LineForm(forms.Form):
    """For which clocks and claims a ladder of their own is wanted."""

    family = forms.ChoiceField(choices=[(name, name) for name in LADDERS], widget=forms.HiddenInput)
    rule = forms.ChoiceField(label=gettext_lazy("时限"), required=False)
    kind = forms.ChoiceField(label=gettext_lazy("案件类型"), required=False)

    def __init__(self, family: str, language: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, initial={"family": family, **kwargs.pop("initial", {})}, **kwargs)
        own = [(rule.id, rule.text("name", language)) for rule in RULES.values() if family_of(rule.id) == family]
        self.fields["rule"].choices = [("", _("这一类的全部时限")), *own]
        self.fields["kind"].choices = [("", _("全部案件")), *((name, _(label)) for name, label in CLAIM_KINDS)]


class SeasonForm(forms.ModelForm):
    class Meta:
        model = Season
        fields = ["name", "starts_on", "ends_on"]
        widgets = {"starts_on": forms.DateInput(attrs={"type": "date"}), "ends_on": forms.DateInput(attrs={"type": "date"})}

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if said.get("starts_on") and said.get("ends_on") and said["ends_on"] < said["starts_on"]:
            self.add_error("ends_on", _("结束日期不能早于开始日期。"))
        return said
