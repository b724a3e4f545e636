"""Plain text mail, with files where the kind has some, nothing personal in it. The same notice always carries the same Message-ID."""

import smtplib
from email.encoders import encode_base64
from email.mime.base import MIMEBase
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import BadHeaderError, EmailMessage
from django.utils.translation import gettext

from grid.channels.message import File, Message, SendError


def send(message: Message) -> None:
    if not message.to.email:
        raise SendError(gettext("此人没有登记电子邮箱。"), permanent=True)
    try:
        mail_of(message).send()
    except smtplib.SMTPRecipientsRefused as error:
        raise refused(*next(iter(error.recipients.values()))) from error
    except smtplib.SMTPDataError as error:
        raise refused(error.smtp_code, error.smtp_error) from error
    except (smtplib.SMTPException, OSError) as error:
        # no connection, no greeting, no sign-in, our sender refused: the server's or the installation's trouble
        raise SendError(str(error) or type(error).__name__, of_channel=True) from error
    except (BadHeaderError, ValueError) as error:  # no address; asked last, for a certificate nobody vouches for is an OSError, too
        raise SendError(" ".join(str(error).split()), permanent=True) from error


def mail_of(message: Message) -> EmailMessage:
    foot = gettext("本邮件由系统自动发出，请勿回复；请登录系统办理。") if message.to.signs_in else gettext("本邮件由系统自动发出，请勿回复。")
    parts = (message.text, message.link, foot)
    mail = EmailMessage(
        subject=" ".join(message.title.split()),
        body="\n\n".join(filter(None, parts)) + "\n",
        to=[message.to.email],
        headers={
            "Message-ID": f"<{message.digest}@{urlsplit(settings.SITE_URL).hostname or 'localhost'}>",
            "X-Xinan-Key": message.key,
            "Auto-Submitted": "auto-generated",
        },
    )
    for file in message.files:
        mail.attach(part_of(file))
    return mail


def part_of(file: File) -> MIMEBase:
    part = MIMEBase(*file.kind.split("/"), **dict(file.parameters))
    part.set_payload(file.content)
    encode_base64(part)
    part.add_header("Content-Disposition", "attachment", filename=file.name)
    return part


def refused(code: int, answer: bytes | str) -> SendError:
    """RFC 5321: 5yz is for good (4.2.1), 421 says that the server closes, to whomever (3.8)."""
    return SendError(said(code, answer), permanent=500 <= code < 600, of_channel=code == 421)


def said(code: int, answer: bytes | str) -> str:
    text = answer.decode(errors="replace") if isinstance(answer, bytes) else answer
    return f"{code} {' '.join(text.split())}"
