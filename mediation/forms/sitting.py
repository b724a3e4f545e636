"""When and where a hearing is held. The rules are mediation.sittings'; here a day and two times become instants."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from arrears.forms.moves import LONGEST_TEXT, PersonField
from arrears.moves import Move
from grid.days import SHANGHAI
from grid.models import Person
from mediation.lifecycle import ANYWAY, TOGETHER
from mediation.models import Hearing, Room
from mediation.parties import Party


class RoomField(forms.ModelChoiceField):
    def label_from_instance(self, room: Room) -> str:
        if room.is_online:
            return _("%(room)s（%(place)s，线上）") % {"room": room.name, "place": room.region.name}
        return _("%(room)s（%(place)s，%(capacity)s 人）") % {
            "room": room.name, "place": room.region.name, "capacity": room.capacity
        }  # fmt: skip


class SittingForm(forms.Form):
    """Asks what the table row of schedule or postpone asks, so: parties for the one, a reason for the other."""

    def __init__(
        self, move: Move, *args: Any, rooms: Any, mediators: list[tuple[Person, str]], parties: Sequence[Party],
        is_many: bool = False, joined: int = 0, **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        asks = move.asks_by_name
        self.fields["day"] = forms.DateField(label=_("日期"), help_text=_("07:00 至 21:00 之间，一次最长 4 小时。"))
        self.fields["starts"] = forms.TimeField(label=_("开始时间"))
        self.fields["ends"] = forms.TimeField(label=_("结束时间"))
        self.fields["room"] = RoomField(rooms, label=_("调解室"), empty_label=_("请选择"))
        self.fields["mediator"] = PersonField(mediators, label=_("调解员"))
        if "parties" in asks:
            hint = _("本案人数很多，这里只列代表人；还没有推举代表人的，只列前面的劳动者，请先在案件页推举。")
            self.fields["parties"] = forms.MultipleChoiceField(
                label=_(asks["parties"].label), widget=forms.CheckboxSelectMultiple,
                choices=[(str(party.pk), said(party)) for party in parties], help_text=hint if is_many else "",
                error_messages={"required": _("请至少选择一名到场的当事人。")},
            )  # fmt: skip
        if "reason" in asks:
            self.fields["reason"] = reason_field(_("改期理由"))
        self.fields["anyway"] = forms.BooleanField(label=_(asks["anyway"].label), required=False)
        if joined:
            self.fields["together"] = together_field(joined)
        if "version" in asks:
            self.fields["version"] = version_field()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        day, starts, ends = (cleaned.get(name) for name in ("day", "starts", "ends"))
        if starts and ends and ends <= starts:
            self.add_error("ends", ValidationError(_("结束时间须晚于开始时间。"), code="ends_before_start"))
        elif day and starts and ends:
            cleaned["starts_at"] = datetime.combine(day, starts, SHANGHAI)
            cleaned["ends_at"] = datetime.combine(day, ends, SHANGHAI)
        return cleaned

    def answers(self) -> dict[str, Any]:
        """What the verb wants."""
        return {name: value for name, value in self.cleaned_data.items() if name not in ("day", "starts", "ends")}


def reason_field(label: str) -> forms.CharField:
    return forms.CharField(label=label, max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 2}))


def together_field(joined: int) -> forms.BooleanField:
    """Of a hearing that is held together with so many others."""
    said_so = ngettext("还有 %(n)s 件与本案合并开；不勾选的，本案单独改，与它们分开。", "还有 %(n)s 件与本案合并开；不勾选的，本案单独改，与它们分开。", joined)
    return forms.BooleanField(label=_(TOGETHER.label), required=False, initial=True, help_text=said_so % {"n": joined})


def version_field() -> forms.IntegerField:
    """Of the hearing, as the page showed it: a page that is stale moves nothing."""
    return forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)


class ConvertForm(forms.Form):
    """The rooms of the other kind."""

    def __init__(self, *args: Any, rooms: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["room"] = RoomField(rooms, label=_("改到哪里"), empty_label=_("请选择"))
        self.fields["reason"], self.fields["version"] = reason_field(_("理由")), version_field()


class JoinForm(forms.Form):
    """`hearings`: pairs of a hearing to come and how it is called."""

    def __init__(self, *args: Any, hearings: Sequence[tuple[Hearing, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = {str(hearing.pk): hearing for hearing, label in hearings}
        self.fields["hearing"] = forms.TypedChoiceField(
            label=_("并入哪一场"), widget=forms.RadioSelect, choices=[(str(hearing.pk), label) for hearing, label in hearings],
            coerce=known.__getitem__,
        )  # fmt: skip
        self.fields["anyway"] = forms.BooleanField(label=_(ANYWAY.label), required=False)
        self.fields["reason"], self.fields["version"] = reason_field(_("理由")), version_field()


def said(party: Party) -> str:
    return _("%(name)s（%(role)s）") % {"name": party.name, "role": _(party.role)} if party.role else party.name
