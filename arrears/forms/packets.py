"""What goes into a packet, with everything its papers ask."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _

from arrears.forms.moves import FIELDS
from arrears.lifecycle import SIGNATURES
from arrears.models import Claim, Packet
from arrears.moves import Ask
from arrears.papers.answering import asked_of
from arrears.papers.book import has_text
from arrears.papers.forms import FORMS, PACKETS
from arrears.papers.making import Maker
from arrears.papers.packets import Wish
from arrears.papers.page import COVER, named
from arrears.papers.told import told_already
from grid.refused import Refused

OWN = ("papers", "evidence", "sets", "redacted", "watermark", "referral")


class PacketForm(forms.Form):
    """`papers` and `evidence` are chosen already as the kind of packet wants them. The questions are those of all its papers; one of a
    paper that is not taken may stay empty."""

    papers = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple, required=False)
    evidence = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple, required=False)
    redacted = forms.BooleanField(required=False)
    watermark = forms.CharField(max_length=60, required=False)

    def __init__(self, claim: Claim, today: date, kind: str, data: Mapping[str, Any] | None = None, *, referral: str = "", about_id: UUID | None = None, before: Packet | None = None) -> None:
        """`referral`: with which it goes, `about_id`: the proceeding it is for, as far as the page one came from knows. `before`: one
        that was not made, with everything that was chosen and typed for it."""
        super().__init__(data)
        if kind not in PACKETS:
            raise Refused("unknown_packet", _("没有这种材料包。"))
        self.claim, self.kind, self.about_id = claim, PACKETS[kind], about_id
        usual = [FORMS[form_id] for form_id in self.kind.forms if form_id != COVER and FORMS[form_id].fits(claim.worker_count) and has_text(FORMS[form_id])]
        self.usual = usual
        self.fields["papers"].label, self.fields["papers"].choices = _("文书"), [(form.id, named(form)) for form in usual]
        self.fields["papers"].initial = [form.id for form in usual]
        kept = [row for row in claim.evidence.filter(replaced_by=None) if not row.is_quarantined and row.kind not in SIGNATURES]
        self.fields["evidence"].label, self.fields["evidence"].choices = _("证据"), [(str(row.pk), row.title) for row in kept]
        self.fields["evidence"].initial = [str(row.pk) for row in kept]
        self.fields["redacted"].label = _("有遮盖件的，放遮盖件")
        self.fields["watermark"].label = _("水印")
        self.fields["watermark"].help_text = _("印在每一页上，例如“仅供沭阳县人民检察院办案使用 2026-03-02”。留空不印。")
        if claim.worker_count > 1:
            choices = [("one", _("一案一套：全体劳动者一份诉状，附名单和明细表")), ("each", _("每人一套"))]
            self.fields["sets"] = forms.ChoiceField(label=_("几套"), choices=choices, initial="one", widget=forms.RadioSelect)
        sent = list(claim.referrals.select_related("body"))
        if sent:
            offered = [("", _("不随移送")), *((str(row.pk), f"{row.body.name} · {row.get_kind_display()}") for row in sent)]
            self.sent = {str(row.pk): row for row in sent}
            meant = [str(row.pk) for row in sent if row.is_open and row.kind == kind]
            self.fields["referral"] = forms.ChoiceField(
                label=_("随哪个移送"), choices=offered, required=False, initial=referral or (meant[0] if len(meant) == 1 else ""),
                help_text=_("协同单位在移送页面上能取到这套材料。随移送的，有遮盖件的一律放遮盖件，每一页和压缩包里的每一份都印水印。"),
            )  # fmt: skip
        if before:
            self.begin_with(before)
        chosen = set(data.getlist("papers")) if data is not None and hasattr(data, "getlist") else set(self.fields["papers"].initial)
        wanted = {ask.name for form in usual if form.id in chosen for ask in form.asks}
        known = {name: value for name, value in before.said().items() if value} if before else told_already(claim, [form.id for form in usual], about_id)
        for ask in asked_of(usual, Maker(claim, today).record(usual[0])).asks if usual else ():
            required = ask.is_required and ask.name in wanted
            options = {"label": _(ask.label), "required": required, "help_text": self.hint_of(ask, ask.name in known), "initial": known.get(ask.name)}
            self.fields[f"ask-{ask.name}"] = FIELDS[ask.kind](ask, options, None)

    def begin_with(self, before: Packet) -> None:
        plan = before.plan
        began = {
            "papers": plan["forms"], "evidence": plan["evidence"], "redacted": plan["redacted"], "watermark": plan["watermark"],
            "sets": "each" if plan["each"] else "one", "referral": str(before.referral_id or ""),
        }  # fmt: skip
        for name, value in began.items():
            if name in self.fields:
                self.fields[name].initial = value

    def hint_of(self, ask: Ask, is_known: bool) -> str:
        """Of what one paper alone must have: which one, so that whoever does not need that paper is not held up by it."""
        hint = _(ask.hint) if ask.hint else ""
        askers = [form for form in self.usual if ask.name in {one.name for one in form.asks}]
        if not ask.is_required or is_known or len(askers) != 1 or len(self.usual) == 1:
            return hint
        return " ".join(filter(None, (hint, _("“%(paper)s”要写的；不要这份文书的，在上面不选它。") % {"paper": named(askers[0])})))

    @property
    def title(self) -> str:
        return named(self.kind)

    @property
    def contents(self) -> list[forms.BoundField]:
        return [self[name] for name in OWN if name in self.fields]

    @property
    def asks(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("ask-")]

    def clean_referral(self) -> Any:
        return self.sent.get(self.cleaned_data["referral"])

    def wish(self) -> Wish:
        said = self.cleaned_data
        return Wish(self.kind.id, said["papers"], said["evidence"], said.get("sets") == "each", said["redacted"], said["watermark"].strip(), self.about_id)

    def typed(self) -> dict[str, str]:
        """As it was typed: the task reads it again."""
        return {name.removeprefix("ask-"): self.data.get(name, "") for name in self.fields if name.startswith("ask-")}
