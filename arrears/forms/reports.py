"""Reporting arrears without an account: the few things that are asked; and what officials write about a report."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from arrears.evidence_types import ACCEPT
from arrears.forms.evidence import FilesField, FilesInput
from arrears.forms.fields import MoneyField, PhoneField
from arrears.history import GIVEN
from arrears.models import Claim, Site, Source
from arrears.models.parties import CONTACT_RULES
from arrears.models.reports import NONE, OTHERS, OWN, REACHES, WORK_KINDS
from arrears.reports.challenge import Challenge
from arrears.reports.receiving import Said
from grid.ids import normal_public_number
from grid.models import Region

MOST_FILES = 3
OLD_QUESTION = _("页面打开太久了，请回答下面新的算式，其他内容不用重填。")


def townships() -> list[tuple[str, Any]]:
    """Of this city, for a list with a heading for each county. One query."""
    rows = Region.objects.current().under(settings.CITY_CODE).filter(level__in=("county", "township")).order_by("code").values_list("code", "level", "name")
    groups: dict[str, list[tuple[str, str]]] = {}
    names: dict[str, str] = {}
    for code, level, name in rows:
        if level == "county":
            names[code] = name
        else:
            groups.setdefault(code[:6], []).append((code, name))
    return [("", gettext("请选择")), *((names.get(county, county), choices) for county, choices in groups.items())]


class PublicReportForm(forms.Form):
    """With a site (from its notice) neither kind of work, place nor township is asked."""

    kind = forms.ChoiceField(label=_("在哪种地方干活？"), choices=WORK_KINDS, widget=forms.RadioSelect)
    region = forms.ChoiceField(label=_("在哪个乡镇（街道）干活？"), error_messages={"required": _("请选择乡镇或者街道。")})
    place = forms.CharField(label=_("工地或者店、厂叫什么？"), max_length=120, required=False, help_text=_("不知道名字，写在什么地方附近。"))
    employer = forms.CharField(label=_("谁欠您的钱？"), max_length=120, help_text=_("公司、工头、老板都行，写您知道的叫法。"))
    amount = MoneyField(label=_("大约欠多少钱（元）？"), required=False, above_zero=True, help_text=_("不清楚可以不填。"))
    people = forms.IntegerField(
        label=_("一共欠了几个人的钱？"), required=False, min_value=1, max_value=100_000, help_text=_("只有您一个人可以不填。"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )  # fmt: skip
    name = forms.CharField(label=_("您叫什么名字？"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    reach = forms.ChoiceField(label=_("怎样联系您？"), choices=REACHES, initial=OWN, required=False, widget=forms.RadioSelect)
    phone = PhoneField(label=_("手机号"), required=False, help_text=_("用来联系您；以后查进展要用后四位。没有手机的不用填。"))
    reach_note = forms.CharField(
        label=_("是谁的手机？没有手机的，到哪里能找到您？"), max_length=120, required=False,
        help_text=_("填自己手机的不用填。例如：我老乡张强的手机；工地宿舍 3 号楼，晚上在。"),
    )  # fmt: skip
    contact_rule = forms.ChoiceField(
        label=_("怎样联系您才安全？"), choices=CONTACT_RULES, initial="open", widget=forms.RadioSelect,
        help_text=_("单位的人会看到您的手机吗？"),
    )  # fmt: skip
    story = forms.CharField(
        label=_("还想说什么？"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("例如从哪天干到哪天、答应过什么时候给钱。"),
    )  # fmt: skip
    files = FilesField(
        label=_("照片或者其他证据"), required=False, widget=FilesInput(attrs={"accept": ACCEPT}),
        help_text=_("最多三个文件：欠条、考勤、工资表、聊天截图都行。没有也可以提交。"),
    )  # fmt: skip
    website = forms.CharField(label=_("这一栏请留空"), required=False, widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}))
    answer = forms.CharField(max_length=10, widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}))

    def __init__(self, challenge: Challenge, site: Site | None, *args: Any, is_new_question: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.challenge, self.site, self.is_new_question = challenge, site, is_new_question
        self.fields["answer"].label = challenge.words
        self.fields["answer"].help_text = _("确认您不是机器，请填数字。")
        if site:
            for name in ("kind", "region", "place"):
                del self.fields[name]
            self.fields["employer"].required = False
            self.fields["employer"].help_text = _("工头、公司都行；不清楚可以不填。")
        else:
            self.fields["region"].choices = townships()

    def clean_files(self) -> list[Any]:
        files = self.cleaned_data["files"]
        if len(files) > MOST_FILES:
            raise forms.ValidationError(_("最多选三个文件，其他的以后可以再补。"), code="too_many")
        return files

    def clean_answer(self) -> str:
        if self.is_new_question:
            raise forms.ValidationError(OLD_QUESTION, code="old_question")
        if not self.challenge.is_answered(self.cleaned_data["answer"]):
            raise forms.ValidationError(_("算得不对，请再算一次。"), code="wrong_answer")
        return self.cleaned_data["answer"]

    def clean(self) -> dict[str, Any]:
        """Either a telephone, or a place where to find them; whoever leaves none is told of nothing by SMS."""
        said = super().clean() or {}
        said["reach"] = said.get("reach") or OWN
        if said["reach"] == NONE:
            said["phone"] = ""
            self.errors.pop("phone", None)
        elif not said.get("phone") and "phone" not in self.errors:
            self.add_error("phone", forms.ValidationError(_("请填手机号；没有手机的，请在上面选“没有手机”。"), code="required"))
        if said["reach"] == NONE and not said.get("reach_note"):
            self.add_error("reach_note", forms.ValidationError(_("请写到哪里能找到您，不然没有人能告诉您结果。"), code="required"))
        if said["reach"] == OTHERS and not said.get("reach_note"):
            self.add_error("reach_note", forms.ValidationError(_("请写这是谁的手机，打电话的人好说明找谁。"), code="required"))
        if said["reach"] == OWN:
            said["reach_note"] = ""
        return said

    @property
    def is_trapped(self) -> bool:
        """Somebody filled in what nobody sees."""
        return bool(self.cleaned_data.get("website"))

    def said(self) -> Said:
        given = {name: value for name, value in self.cleaned_data.items() if name not in ("files", "website", "answer", "region")}
        region = self.site.region if self.site else Region.objects.get(pk=self.cleaned_data["region"])
        return Said(region=region, site=self.site, **given)


class DeclineForm(forms.Form):
    reason = forms.CharField(
        label=_("不登记的理由"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("反映人会原样看到。请写清楚为什么，以及还可以找谁。"),
    )  # fmt: skip


class AnswerSourceForm(forms.Form):
    text = forms.CharField(
        label=_("办理情况"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("来源单位会原样看到，也可能念给劳动者听。写明办到哪一步、下一步做什么、什么时候；不写身份证号。"),
    )  # fmt: skip
    given = forms.ChoiceField(
        label=_("怎样告诉来源单位的"), choices=GIVEN, widget=forms.RadioSelect,
        help_text=_("系统不向这个来源回传。请先把答复告诉对方，再登记。"),
    )  # fmt: skip

    def __init__(self, *args: Any, is_told: bool, **more: Any) -> None:
        super().__init__(*args, **more)
        if is_told:
            del self.fields["given"]
        else:
            self.fields["given"].choices = [(name, gettext(label)) for name, label in GIVEN]


class ReopenForm(forms.Form):
    reason = forms.CharField(label=_("重新处理的理由"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))


class FindForm(forms.Form):
    """The inbox narrowed: by the office it came from, by its number there or by ours."""

    source = forms.ChoiceField(label=_("来源"), required=False, widget=forms.Select(attrs={"aria-label": _("来源")}))
    q = forms.CharField(
        label=_("编号"), max_length=60, required=False,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("来源编号或者查询号"), "aria-label": _("编号"), "autocomplete": "off"}),
    )  # fmt: skip

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        sources = Source.objects.order_by("name").values_list("code", "name")
        self.fields["source"].choices = [("", gettext("全部来源")), ("-", gettext("网上反映")), *sources]

    def narrowed(self, rows: Any) -> Any:
        if not self.is_valid():
            return rows.none()
        source, typed = self.cleaned_data["source"], self.cleaned_data["q"].strip()
        if source:
            rows = rows.filter(source=None) if source == "-" else rows.filter(source__code=source)
        if typed:
            number = normal_public_number(typed)
            rows = rows.filter(Q(external_number=typed, source__isnull=False) | Q(public_number=number or typed))
        return rows

    @property
    def is_asked(self) -> bool:
        return self.is_valid() and any(self.cleaned_data.values())

    @property
    def query(self) -> str:
        """For the tabs: what is asked for stays."""
        said = {name: value for name, value in self.cleaned_data.items() if value} if self.is_valid() else {}
        return f"&{urlencode(said)}" if said else ""


class RouteForm(forms.Form):
    region = forms.ChoiceField(label=_("转交的乡镇（街道）"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region"].choices = townships()

    def clean_region(self) -> Region:
        return Region.objects.get(pk=self.cleaned_data["region"])


class JoinForm(forms.Form):
    claim = forms.CharField(label=_("在办案件的案号或者查询号"), max_length=40)

    def __init__(self, claims: Any, *args: Any, **kwargs: Any) -> None:
        """`claims`: those the person may see."""
        super().__init__(*args, **kwargs)
        self.claims = claims

    def clean_claim(self) -> Claim:
        typed = self.cleaned_data["claim"].strip()
        number = normal_public_number(typed)
        found = self.claims.filter(public_number=number).first() if number else self.claims.filter(number=typed).first()
        if found is None:
            raise forms.ValidationError(_("您的辖区里没有这个案件，请核对案号。"), code="unknown")
        return found
