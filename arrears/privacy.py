"""What a worker is told before their data are kept. The version is written on the events that keep them, and every text that
was ever read stays here beside its version: another wording is another version, which the fingerprints hold to.

To change the text: a row more in TEXTS, with the fingerprint that `fingerprint_of` gives; never a change of an old one. Django-free.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass


def _(text: str) -> str:
    """Marks a text for the catalogues; whoever shows it translates it."""
    return text


@dataclass(frozen=True)
class Text:
    """`sentences` and `consent` are msgids; `sha256` of the Chinese, which is what was read out."""

    version: str
    sentences: tuple[str, ...]
    consent: str
    sha256: str


class ChangedText(Exception):
    """A text somebody was read has been altered under its old version; the process must not start."""


FIRST = (
    _("收集的信息：姓名、电话、身份证号、工作和欠薪情况，以及您提供的证据。"),
    _("用途：仅用于办理本次欠薪投诉，包括调查、调解、移送和支持起诉。"),
    _("谁能看到：办理本案的工作人员和依法接收移送的单位；每次查看都有记录，身份证号加密保存。"),
    _("处理依据：履行法定职责（《个人信息保护法》第十三条第一款第三项、第三十四条），不以同意为前提。"),
    _("您可以向承办人员了解进度，也可以要求更正错误的信息。"),
)
FIRST_CONSENT = _("已向劳动者宣读或出示以上告知（《个人信息保护法》第十七条、第三十五条）")


def fingerprint_of(sentences: tuple[str, ...], consent: str) -> str:
    return hashlib.sha256("\n".join((*sentences, consent)).encode()).hexdigest()


def checked(texts: tuple[Text, ...]) -> Mapping[str, Text]:
    """Oldest first. Raises ChangedText."""
    for text in texts:
        if fingerprint_of(text.sentences, text.consent) != text.sha256:
            raise ChangedText(f"the privacy notice {text.version} is not what it was: give the new wording a version of its own")
    return {text.version: text for text in texts}


def newest(texts: Mapping[str, Text]) -> Text:
    """What is read out from now on."""
    return list(texts.values())[-1]


TEXTS = checked((
    Text("2026-01", FIRST, FIRST_CONSENT, "aff115d286f1f4f2ba9cb21ac2290353f152892cf88377022b0c40c37aa03cab"),
))  # fmt: skip
VERSION, NOTICE, CONSENT = newest(TEXTS).version, newest(TEXTS).sentences, newest(TEXTS).consent
