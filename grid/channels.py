"""Ways to reach a person, one row each. To add one: a function that hands a Message over or raises SendError."""

import smtplib
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import BadHeaderError, EmailMessage
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from grid.models import Person


class SendError(Exception):
    """`permanent`: the same message would fail again, so it is not retried."""

    def __init__(self, message: str, *, permanent: bool = False) -> None:
        super().__init__(message)
        self.permanent = permanent


@dataclass(frozen=True)
class Message:
    """Already in the language of its reader. `key` names what it is about, so that a repeat can be seen."""

    key: str
    person: Person
    title: str
    text: str
    path: str

    @property
    def link(self) -> str:
        return settings.SITE_URL.rstrip("/") + self.path if self.path else ""


@dataclass(frozen=True)
class Channel:
    label: str
    send: Callable[[Message], None]


def keep(message: Message) -> None:
    """In the system itself the row is the message."""


def send_email(message: Message) -> None:
    """Plain text, nothing personal in it. The same notice always carries the same Message-ID."""
    if not message.person.email:
        raise SendError(gettext("此人没有登记电子邮箱。"), permanent=True)
    try:
        mail_of(message).send()
    except smtplib.SMTPRecipientsRefused as error:
        code, answer = next(iter(error.recipients.values()))
        raise SendError(said(code, answer), permanent=is_permanent(code)) from error
    except smtplib.SMTPDataError as error:
        raise SendError(said(error.smtp_code, error.smtp_error), permanent=is_permanent(error.smtp_code)) from error
    except BadHeaderError as error:
        raise SendError(str(error), permanent=True) from error
    except (smtplib.SMTPException, OSError) as error:
        # no connection, no greeting, no sign-in, our sender refused: the server's or the installation's trouble
        raise SendError(str(error) or type(error).__name__) from error


def mail_of(message: Message) -> EmailMessage:
    parts = (message.text, message.link, gettext("本邮件由系统自动发出，请勿回复；请登录系统办理。"))
    return EmailMessage(
        subject=" ".join(message.title.split()),
        body="\n\n".join(filter(None, parts)) + "\n",
        to=[message.person.email],
        headers={
            "Message-ID": f"<{digest(message)}@{urlsplit(settings.SITE_URL).hostname or 'localhost'}>",
            "X-Xinan-Key": message.key,
            "Auto-Submitted": "auto-generated",
        },
    )


def digest(message: Message) -> str:
    return sha256(f"{message.key} {message.person.pk}".encode()).hexdigest()[:32]


def is_permanent(code: int) -> bool:
    return 500 <= code < 600  # RFC 5321 4.2.1


def said(code: int, answer: bytes | str) -> str:
    text = answer.decode(errors="replace") if isinstance(answer, bytes) else answer
    return f"{code} {' '.join(text.split())}"


CHANNELS: dict[str, Channel] = {
    "in_app": Channel(_("站内通知"), keep),
    "email": Channel(_("电子邮件"), send_email),
}
