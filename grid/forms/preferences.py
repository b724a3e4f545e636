"""How somebody wants to be told: by which channels, when, and how many at a time."""

from collections.abc import Sequence
from datetime import time
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from grid.kinds import TOPICS
from grid.models import Preference

FOR_PEOPLE = tuple(topic for topic in TOPICS if topic != "worker")
FEWEST, MOST = 2, 50


class PreferenceForm(forms.Form):
    """`channels`: pairs of name and label of those that are set up and reach a person. Without any, only digests and
    quiet hours of a channel to come can be chosen."""

    digest = forms.ChoiceField(label=_("什么时候发"), choices=Preference.DIGESTS, widget=forms.RadioSelect)
    threshold = forms.IntegerField(
        label=_("积满多少条"), required=False, min_value=FEWEST, max_value=MOST, help_text=_("选“积满若干条时汇总”时填写。")
    )
    quiet_from = forms.TimeField(label=_("免打扰从"), required=False)
    quiet_to = forms.TimeField(label=_("免打扰到"), required=False)

    def __init__(self, *args: Any, preference: Preference, channels: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        kept = {name: getattr(preference, name) for name in ("digest", "threshold", "quiet_from", "quiet_to")}
        super().__init__(*args, initial=kept, **kwargs)
        self.preference, self.channels = preference, channels
        self.known = [name for name, label in channels]
        for topic in FOR_PEOPLE if channels else ():
            self.fields[f"topic_{topic}"] = forms.MultipleChoiceField(
                label=gettext(TOPICS[topic]), choices=channels, required=False, widget=forms.CheckboxSelectMultiple,
                initial=preference.channels.get(topic, self.known[:1]),
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if said.get("digest") == "threshold" and not said.get("threshold") and "threshold" not in self.errors:
            self.add_error("threshold", _("请填写积满多少条时发送。"))
        start, end = said.get("quiet_from"), said.get("quiet_to")
        if not {"quiet_from", "quiet_to"} & self.errors.keys():
            self.check_hours(start, end)
        return said

    def check_hours(self, start: time | None, end: time | None) -> None:
        if (start is None) != (end is None):
            self.add_error("quiet_to" if end is None else "quiet_from", _("免打扰的开始和结束时间要都填，或者都不填。"))
        elif start is not None and start == end:
            self.add_error("quiet_to", _("开始和结束时间相同，请改正；不需要免打扰的，两项都留空。"))

    @property
    def topics(self) -> list[forms.BoundField]:
        return [self[f"topic_{topic}"] for topic in FOR_PEOPLE if f"topic_{topic}" in self.fields]

    def chosen(self) -> Preference:
        """The row as it is to be kept, unsaved. A channel that is not offered now keeps what was said of it."""
        said, row = self.cleaned_data, self.preference
        row.digest, row.quiet_from, row.quiet_to = said["digest"], said["quiet_from"], said["quiet_to"]
        row.threshold = said["threshold"] or row.threshold
        for bound in self.topics:
            topic = bound.name.removeprefix("topic_")
            unseen = [name for name in row.channels.get(topic, ()) if name not in self.known]
            row.channels = {**row.channels, topic: [*said[bound.name], *unseen]}
        return row
