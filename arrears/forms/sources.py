"""Setting up an office whose work orders come in, its words for our states, and handing in a file of orders."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from arrears.models.sources import CHANNELS_OF_SOURCES, CODE, UNITS, WAYS
from arrears.sources.states import STATES
from grid.forms.robots import PlaceField
from grid.models import Region

LONGEST_WORD = 60


class SourceForm(forms.Form):
    name = forms.CharField(label=_("来源名称"), max_length=60, help_text=_("例如：12345 热线、12333、全国根治欠薪线索反映平台。"))
    code = forms.CharField(
        label=_("代码"), max_length=24, validators=[CODE], help_text=_("给接口和文件用，小写字母、数字和短横，例如 suqian-12345。"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}),
    )  # fmt: skip
    channel = forms.ChoiceField(label=_("登记为案件时的来源"), choices=CHANNELS_OF_SOURCES)
    region = PlaceField(Region.objects.none(), label=_("所属地区"), help_text=_("工单里看不出是哪个县、哪个乡镇的，进这个地区的收件箱。"))
    reply_days = forms.IntegerField(
        label=_("要求几天内答复"), required=False, min_value=1, max_value=365, help_text=_("工单自己写了期限的，按工单的算；都没有的，按本市目标。"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )  # fmt: skip
    reply_unit = forms.ChoiceField(label=_("天数怎么算"), choices=UNITS, initial="working", widget=forms.RadioSelect)
    reply_basis = forms.CharField(label=_("天数的依据"), max_length=200, required=False, help_text=_("文件名称、文号和条款。没有依据的，显示为未核实。"))
    is_verified = forms.BooleanField(label=_("已对照原文核实"), required=False)
    return_way = forms.ChoiceField(label=_("怎样回传办理状态"), choices=WAYS, widget=forms.RadioSelect)
    url = forms.CharField(
        label=_("推送地址"), max_length=500, required=False, widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=_("只有推送时要填，以 https:// 开头。加密保存，以后不再显示；不改就留空。"),
    )  # fmt: skip
    secret = forms.CharField(
        label=_("签名密钥"), max_length=200, required=False,
        widget=forms.PasswordInput(render_value=True, attrs={"autocomplete": "new-password", "spellcheck": "false"}),
        help_text=_("至少 16 个字符，与对方约定；用来证明推送是本系统发的。不改就留空。"),
    )  # fmt: skip

    def __init__(self, *args: Any, regions: QuerySet[Region], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region"].queryset = regions
        self.fields["region"].empty_label = _("请选择")

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if said.get("is_verified") and not said.get("reply_basis"):
            self.add_error("reply_basis", _("写明依据才能标为已核实。"))
        return said


class WordingForm(forms.Form):
    """One line for each state; the names of the fields are the states'."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for state, label in STATES:
            self.fields[state] = forms.CharField(label=say(label), max_length=LONGEST_WORD, required=False)


class OrderFileForm(forms.Form):
    file = forms.FileField(
        label=_("选择文件"), allow_empty_file=True, max_length=200,
        help_text=_("xlsx、xls 或者 csv，最多 10 MB、5000 件。表头不在第一行、有合并单元格、有合计行都可以。"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xlsm,.xls,.csv,.tsv,.txt"}),
    )  # fmt: skip
