"""Handing part of a claim to another body: what is asked."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from arrears.claim_rows import workers_of
from arrears.forms.moves import BodyField
from arrears.lifecycle import BODIES_FOR, REFERRAL_KINDS
from arrears.models import Claim, Evidence, Referral
from arrears.partners.supplements import to_come
from arrears.referrals import bodies_for, not_competent


class FilesField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, file: Evidence) -> str:
        return _("%(title)s（%(kind)s）") % {"title": file.title, "kind": _(file.get_kind_display())}


class ReferForm(forms.Form):
    """`kind` is what somebody came for (arrears.routes); it proposes the body too, the county's own first."""

    def __init__(self, claim: Claim, *args: Any, kind: str = "", **kwargs: Any) -> None:
        files = claim.evidence.filter(replaced_by=None)
        initial = {"kind": "support", "summary": summary_of(claim), "evidence": files, **proposed(claim, kind)}
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["kind"] = forms.ChoiceField(
            label=_("移送事项"), choices=[(name, _(label)) for name, label in REFERRAL_KINDS], widget=forms.RadioSelect
        )
        self.fields["body"] = BodyField(bodies_for(claim), label=_("协同单位"), help_text=_("本县（区）和市级的协同单位。"))
        self.fields["summary"] = forms.CharField(
            label=_("移送说明"), max_length=4000, widget=forms.Textarea(attrs={"rows": 9}),
            help_text=_("已按案件事实写好，请核对并补充移送的理由。"),
        )  # fmt: skip
        if files:
            self.fields["evidence"] = FilesField(
                files, label=_("一并移送的证据"), required=False, widget=forms.CheckboxSelectMultiple,
                help_text=_("协同单位只能看到勾选的证据。"),
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        kind, body = said.get("kind"), said.get("body")
        if kind and body and body.kind not in BODIES_FOR[kind]:
            self.add_error("body", not_competent(kind))
        return said


class SupplementForm(forms.Form):
    """What is sent after the referral: papers the body has not got, the facts that changed, a few words."""

    def __init__(self, referral: Referral, *args: Any, has_news: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        files = referral.claim.evidence.filter(replaced_by=None).exclude(referrals=referral)
        self.initial_papers = list(to_come(referral))
        if files:
            self.fields["evidence"] = FilesField(
                files, label=_("补充的证据"), required=False, widget=forms.CheckboxSelectMultiple, initial=self.initial_papers,
                help_text=_("只列出还没有移送过的证据。"),
            )  # fmt: skip
        if has_news:
            self.fields["with_facts"] = forms.BooleanField(label=_("一并发送上面列出的变化"), required=False, initial=True)
        self.fields["note"] = forms.CharField(
            label=_("补充说明"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 4}),
            help_text=_("对方要求补充的，请逐项回答。"),
        )  # fmt: skip

    @property
    def said(self) -> dict[str, Any]:
        said = self.cleaned_data
        return {"note": said["note"], "evidence": said.get("evidence", ()), "with_facts": bool(said.get("with_facts"))}


def proposed(claim: Claim, kind: str) -> dict[str, Any]:
    if kind not in BODIES_FOR:
        return {}
    return {"kind": kind, "body": bodies_for(claim).filter(kind__in=BODIES_FOR[kind]).order_by("-region", "name").first()}


def summary_of(claim: Claim) -> str:
    """The facts in one paragraph, in the language of the office whoever writes: the body keeps it on file."""
    with override(settings.LANGUAGE_CODE):
        return "".join(sentence % facts_of(claim) for sentence in sentences_for(claim))


def sentences_for(claim: Claim) -> list[str]:
    said = [_("%(workers)s反映，%(respondents)s拖欠其工资共计 %(claimed)s 元。")]
    if claim.site:
        said.append(_("欠薪发生在%(site)s。"))
    if claim.last_working_day:
        said.append(_("最后工作日为 %(last_day)s。"))
    if claim.verified is not None:
        said.append(_("经核查，核定欠薪 %(verified)s 元。"))
    if claim.paid:
        said.append(_("已支付 %(paid)s 元，尚欠 %(unpaid)s 元。"))
    if claim.story:
        said.append("\n%(story)s")
    if claim.request:
        said.append(_("\n劳动者的诉求：%(request)s"))
    return said


def facts_of(claim: Claim) -> dict[str, str]:
    return {
        "workers": workers_of(claim),
        "respondents": "、".join(str(respondent) for respondent in claim.respondents.all()),
        "claimed": f"{claim.claimed:,.2f}",
        "site": claim.site.name if claim.site else "",
        "last_day": str(claim.last_working_day),
        "verified": f"{claim.verified or 0:,.2f}",
        "paid": f"{claim.paid:,.2f}",
        "unpaid": f"{claim.unpaid:,.2f}",
        "story": claim.story,
        "request": claim.request,
    }
