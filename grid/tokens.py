"""Tokens, by which programs use the API in somebody's name. They are worth what the password is worth: none before the
person has a password of their own, and none of before it was changed or taken away."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework.authentication import TokenAuthentication
from rest_framework.authtoken.models import Token
from rest_framework.exceptions import PermissionDenied

from grid.models import Person


class OwnPasswordTokens(TokenAuthentication):
    def authenticate_credentials(self, key: str) -> tuple[Any, Any]:
        person, token = super().authenticate_credentials(key)
        if person.must_change_password:  # the same answer as grid.middleware gives to a session
            raise PermissionDenied({"code": "password_change_first", "message": _("请先把管理员给您的密码换成自己的密码。")})
        return person, token


def end_tokens(person: Person) -> None:
    Token.objects.filter(user=person).delete()
