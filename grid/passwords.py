"""What a password must be, beside Django's own checks."""

from django.contrib.auth.password_validation import MinimumLengthValidator
from django.utils.translation import ngettext


class LongEnough(MinimumLengthValidator):
    """Django's check; its sentence has no Chinese translation since 5.2."""

    def get_error_message(self) -> str:
        shortest = self.min_length
        return ngettext("密码太短，至少要 %(n)s 个字符。", "密码太短，至少要 %(n)s 个字符。", shortest) % {"n": shortest}
