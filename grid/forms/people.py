"""Forms of the pages of people: who they are, which post they hold, when they are away."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from grid.models import Person
from grid.roles import ROLES


def phone_field() -> forms.RegexField:
    return forms.RegexField(
        r"^[0-9+() -]{5,32}$", label=_("电话"), required=False, widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
        error_messages={"invalid": _("请填写电话号码，例如 0527-83550012 或 13800000001。")},
    )  # fmt: skip


class ContactForm(forms.ModelForm):
    phone = phone_field()

    class Meta:
        model = Person
        fields = ["full_name", "phone", "email"]


class PersonForm(ContactForm):
    username = forms.RegexField(
        r"^[a-z0-9][a-z0-9._-]{2,31}$", label=_("用户名"), help_text=_("登录时使用，三至三十二个小写字母、数字或 . _ -，设定后不能更改。"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
        error_messages={"invalid": _("用户名只能用小写字母、数字和 . _ -，至少三个字符。")},
    )  # fmt: skip
    field_order = ("username", "full_name", "phone", "email")

    def clean_username(self) -> str:
        username = self.cleaned_data["username"]
        if Person.objects.filter(username=username).exists():
            raise ValidationError(_("这个用户名已有人使用，请换一个。"), code="username_taken")
        return username


class PostForm(forms.Form):
    """A post from a day to a day. Whether role and place fit together the verb says."""

    role = forms.ChoiceField(label=_("角色"))
    place = forms.ChoiceField(label=_("任职地区或单位"))
    is_deputy = forms.BooleanField(label=_("B 角（A 角都不在岗时由其负责）"), required=False)
    starts_on = forms.DateField(label=_("任职起"))
    ends_on = forms.DateField(label=_("任职止"), required=False, help_text=_("含当日；长期任职的留空。"))

    def __init__(self, *args: Any, places: list[tuple[Any, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [("", _("请选择")), *((role.name, _(role.label)) for role in ROLES.values())]
        self.fields["place"].choices = places


class AppointForm(PostForm):
    username = forms.CharField(
        label=_("人员"), max_length=64, help_text=_("填写用户名，或在您管理范围内独一无二的姓名。还没有账号的，请先添加人员。"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "list": "people"}),
    )  # fmt: skip
    field_order = ("username", "role", "place", "is_deputy", "starts_on", "ends_on")

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = people

    def clean_username(self) -> Person:
        """Anybody by their exact user name, people in sight by their name too."""
        typed = self.cleaned_data["username"].strip()
        found = list(Person.objects.filter(username=typed)) or list(self.people.filter(full_name=typed, is_active=True)[:2])
        if len(found) == 1:
            return found[0]
        if found:
            raise ValidationError(_("有多名人员叫这个名字，请填写用户名。"), code="ambiguous")
        raise ValidationError(_("没有找到这名人员，请核对用户名，或先添加人员。"), code="unknown_person")


class EndForm(forms.Form):
    last_day = forms.DateField(label=_("任职止"), help_text=_("含当日；填写昨天即立即结束。"))


class LeaveForm(forms.Form):
    starts_on = forms.DateField(label=_("起"))
    ends_on = forms.DateField(label=_("止"), help_text=_("含当日。"))
    deputy = forms.ChoiceField(
        label=_("代理人"), required=False,
        help_text=_("请假期间由代理人办理您经手的案件和提醒；不指定的，由 B 角、值班人员或上一级负责。"),
    )  # fmt: skip

    def __init__(self, *args: Any, deputies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(person.pk): person for person in deputies}
        names = [(pk, person.full_name) for pk, person in self.people.items()]
        self.fields["deputy"].choices = [("", _("不指定")), *names]

    def clean_deputy(self) -> Person | None:
        return self.people.get(self.cleaned_data["deputy"])

    @classmethod
    def of(cls, leave: Any, deputies: Any, data: Any = None) -> "LeaveForm":
        initial = {"starts_on": leave.starts_on, "ends_on": leave.ends_on, "deputy": str(leave.deputy_id or "")}
        return cls(data, deputies=deputies, initial=initial)
