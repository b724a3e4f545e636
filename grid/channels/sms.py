"""SMS through an HTTP gateway: what the city's gateway speaks, or a small bridge in front of its provider.

    POST SMS_URL
    X-Key: SMS_KEY
    X-Timestamp: 1772416800                 seconds
    X-Signature: hex HMAC-SHA256(SMS_SECRET, timestamp + "\\n" + body)
    Idempotency-Key: the same for every try of one message
    {"id": the same, "phone": "13800000000", "sign": SMS_SIGN, "text": "…"}

    200 {"code": "OK", "message": "…"}      any other code is an error; one of CODES also with a 4xx

`sign` is put in front of the text as 【sign】. A message that must not tell what it is about comes with SMS_SIGN_DISCREET
instead; "" asks for none, and the bridge must then not put the account's own in front.

The codes below are the gateway's own and those of the two large providers, which a bridge hands through.
"""

import hmac
import json
import re
import time
from enum import Enum

from django.conf import settings
from django.utils.translation import gettext

from grid.channels import web
from grid.channels.message import Message, SendError

FINE = ("OK", "Ok", "0", 0)
MOBILE = re.compile(r"(?:\+?86)?1[3-9]\d{9}", re.ASCII)
MOST_CHARACTERS = 300  # five parts; what is longer belongs behind the link


class Fault(Enum):
    NUMBER = "number"  # this number will never get it
    PASSING = "passing"  # this number, later
    CHANNEL = "channel"  # nobody gets anything now


CODES: dict[str, Fault] = {
    "bad_number": Fault.NUMBER,
    "blacklisted": Fault.NUMBER,
    "unsubscribed": Fault.NUMBER,
    "forbidden_text": Fault.NUMBER,
    "number_limited": Fault.PASSING,
    "rate_limited": Fault.CHANNEL,
    "busy": Fault.CHANNEL,
    "bad_signature": Fault.CHANNEL,
    "bad_key": Fault.CHANNEL,
    "bad_sign": Fault.CHANNEL,
    "no_balance": Fault.CHANNEL,
    # Aliyun
    "isv.MOBILE_NUMBER_ILLEGAL": Fault.NUMBER,
    "isv.BLACK_KEY_CONTROL_LIMIT": Fault.NUMBER,
    "isv.BUSINESS_LIMIT_CONTROL": Fault.PASSING,
    "isv.DAY_LIMIT_CONTROL": Fault.CHANNEL,
    "isv.AMOUNT_NOT_ENOUGH": Fault.CHANNEL,
    "isv.OUT_OF_SERVICE": Fault.CHANNEL,
    "isv.SMS_SIGNATURE_ILLEGAL": Fault.CHANNEL,
    "isv.SMS_SIGN_NAME_ILLEGAL": Fault.CHANNEL,
    "isv.PRODUCT_UN_SUBSCRIPT": Fault.CHANNEL,
    "isv.ACCOUNT_NOT_EXISTS": Fault.CHANNEL,
    "isv.ACCOUNT_ABNORMAL": Fault.CHANNEL,
    "isp.RAM_PERMISSION_DENY": Fault.CHANNEL,
    "isp.SYSTEM_ERROR": Fault.CHANNEL,
    "SignatureDoesNotMatch": Fault.CHANNEL,
    # Tencent
    "InvalidParameterValue.IncorrectPhoneNumber": Fault.NUMBER,
    "FailedOperation.PhoneNumberInBlacklist": Fault.NUMBER,
    "FailedOperation.ContainSensitiveWord": Fault.NUMBER,
    "LimitExceeded.PhoneNumberDailyLimit": Fault.PASSING,
    "LimitExceeded.PhoneNumberThirtySecondLimit": Fault.PASSING,
    "LimitExceeded.DailyLimit": Fault.CHANNEL,
    "FailedOperation.InsufficientBalanceInSmsPackage": Fault.CHANNEL,
    "FailedOperation.SignatureIncorrectOrUnapproved": Fault.CHANNEL,
    "InternalError.SendAndRecvFail": Fault.CHANNEL,
}


def takes(phone: str) -> bool:
    """Is it a mobile number? Text to a landline is lost, and paid for."""
    return bool(MOBILE.fullmatch(re.sub(r"[\s-]", "", phone)))


def is_set_up() -> bool:
    return bool(settings.SMS_URL and settings.SMS_KEY and settings.SMS_SECRET)


def send(message: Message) -> None:
    if not is_set_up():
        raise SendError(gettext("短信通道没有配置。"), of_channel=True)
    if not web.is_allowed(settings.SMS_URL, (web.host_of(settings.SMS_URL),)):
        raise SendError(gettext("短信网关的地址必须是 https。"), of_channel=True)
    if not message.to.phone:
        raise SendError(gettext("没有登记手机号。"), permanent=True)
    try:
        answer = web.post(settings.SMS_URL, *signed(message), is_refusal=lambda said: str(said.get("code")) in CODES)
    except SendError as error:  # a gateway that does not know its own address, or us
        raise SendError(str(error), of_channel=True, wait=error.wait) from error
    code = answer.get("code")
    if code not in FINE:
        fault = CODES.get(str(code), Fault.PASSING)
        raise SendError(
            without_number(f"{code} {answer.get('message', '')}".strip(), message)[:300],
            permanent=fault is Fault.NUMBER, of_channel=fault is Fault.CHANNEL,
        )  # fmt: skip


def signed(message: Message) -> tuple[bytes, dict[str, str]]:
    """Body and headers."""
    text = (message.short or message.title)[: MOST_CHARACTERS - len(head(message.is_discreet))]
    told = {"id": message.digest, "phone": number_of(message), "sign": sign(message.is_discreet), "text": text}
    body, stamp = json.dumps(told, ensure_ascii=False).encode(), str(int(time.time()))
    return body, {
        "X-Key": settings.SMS_KEY,
        "X-Timestamp": stamp,
        "X-Signature": signature(settings.SMS_SECRET, stamp, body),
        "Idempotency-Key": message.digest,
    }


def sign(is_discreet: bool) -> str:
    return settings.SMS_SIGN_DISCREET if is_discreet else settings.SMS_SIGN


def head(is_discreet: bool) -> str:
    """What the gateway puts in front; it is paid for like the rest."""
    name = sign(is_discreet)
    return f"【{name}】" if name else ""


def number_of(message: Message) -> str:
    """As gateways want it: eleven digits."""
    number = re.sub(r"[\s-]", "", message.to.phone)
    return number[-11:] if MOBILE.fullmatch(number) else number


def without_number(said: str, message: Message) -> str:
    """Gateways quote the number; what went wrong is read by people who may not see a worker's."""
    number = number_of(message)
    return said.replace(number, f"{number[:3]}****{number[-4:]}") if len(number) > 9 else said.replace(number, "****")


def signature(secret: str, stamp: str, body: bytes) -> str:
    return hmac.digest(secret.encode(), stamp.encode() + b"\n" + body, "sha256").hex()
