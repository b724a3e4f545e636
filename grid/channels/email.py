"""Plain text mail, nothing personal in it. The same notice always carries the same Message-ID."""

import smtplib
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import BadHeaderError, EmailMessage
from django.utils.translation import gettext

from grid.channels.message import Message, SendError


def send(message: Message) -> None:
    if not message.to.email:
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
        raise SendError(str(error) or type(error).__name__, of_channel=True) from error


def mail_of(message: Message) -> EmailMessage:
    parts = (message.text, message.link, gettext("本邮件由系统自动发出，请勿回复；请登录系统办理。"))
    return EmailMessage(
        subject=" ".join(message.title.split()),
        body="\n\n".join(filter(None, parts)) + "\n",
        to=[message.to.email],
        headers={
            "Message-ID": f"<{message.digest}@{urlsplit(settings.SITE_URL).hostname or 'localhost'}>",
            "X-Xinan-Key": message.key,
            "Auto-Submitted": "auto-generated",
        },
    )


def is_permanent(code: int) -> bool:
    return 500 <= code < 600  # RFC 5321 4.2.1


def said(code: int, answer: bytes | str) -> str:
    text = answer.decode(errors="replace") if isinstance(answer, bytes) else answer
    return f"{code} {' '.join(text.split())}"
