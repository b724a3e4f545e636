"""A chat group's robot, as its platform's settings show it."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from grid.models import Region, Robot


class PlaceField(forms.ModelChoiceField):
    def label_from_instance(self, region: Region) -> str:
        return region.full_name


class RobotForm(forms.Form):
    name = forms.CharField(label=_("名称"), max_length=60, help_text=_("写哪个群，例如“沭阳县欠薪办理群”。"))
    channel = forms.ChoiceField(label=_("平台"), choices=Robot.CHANNELS, widget=forms.RadioSelect)
    region = PlaceField(Region.objects.none(), label=_("所属地区"), help_text=_("这个地区案件的临期、逾期和提级消息会发到群里。"))
    url = forms.CharField(
        label=_("机器人地址"), max_length=500, widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=_("从群机器人的设置里复制，以 https:// 开头。加密保存，以后不再显示。"),
    )  # fmt: skip
    secret = forms.CharField(
        label=_("加签密钥"), max_length=200, required=False,
        widget=forms.PasswordInput(render_value=True, attrs={"autocomplete": "new-password", "spellcheck": "false"}),
        help_text=_("钉钉、飞书开了“加签”时填写；企业微信没有。"),
    )  # fmt: skip

    def __init__(self, *args: Any, regions: QuerySet[Region], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region"].queryset = regions
        self.fields["region"].empty_label = _("请选择")
