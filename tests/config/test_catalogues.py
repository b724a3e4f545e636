"""Everything visible goes through gettext, and both catalogues say all of it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from django.contrib.auth import password_validation
from django.template.base import Lexer, Token, TokenType
from django.utils.translation import override
from rest_framework import exceptions

from config.catalogues import KEYWORDS, LOCALES, ROOT, TRANSLATED, faults, python_files, read, template_files

# Chinese characters, and the full-width punctuation that goes with them.
CHINESE = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]+")
# Where English keeps Chinese: how a case number looks.
KEPT_CHINESE = re.compile(r"宿欠〔\d{4}〕|〔\d{4}〕")
PLACES = re.compile(r"%\(\w+\)[sd]|\{\w*\}|%[sd]")
TAGS = re.compile(r"</?(\w+)[^>]*>")


def messages(locale: str) -> list[Message]:
    return [message for message in read(locale) if message.id]


def pairs(locale: str) -> Iterator[tuple[str, str]]:
    """What is said and each of its translations."""
    for message in messages(locale):
        if isinstance(message.id, str):
            yield message.id, message.string
        else:
            yield from ((message.id[1], string) for string in message.string)


@pytest.mark.parametrize("locale", LOCALES)
def test_catalogue_says_everything_and_nothing_else(locale: str) -> None:
    assert not list(faults(locale)), "run bin/manage messages, then translate locale/en/LC_MESSAGES/django.po"


@pytest.mark.parametrize("locale", LOCALES)
def test_translations_have_the_same_places_to_fill(locale: str) -> None:
    wrong = [said for said, string in pairs(locale) if sorted(set(PLACES.findall(said))) != sorted(set(PLACES.findall(string)))]
    assert not wrong


@pytest.mark.parametrize("locale", LOCALES)
def test_translations_have_the_same_tags(locale: str) -> None:
    wrong = [said for said, string in pairs(locale) if sorted(TAGS.findall(said)) != sorted(TAGS.findall(string))]
    assert not wrong


def test_english_is_english() -> None:
    wrong = [string for _, string in pairs(TRANSLATED) if CHINESE.search(KEPT_CHINESE.sub("", string))]
    assert not wrong


def test_english_has_no_stray_spaces() -> None:
    """A space at either end means a sentence built from pieces."""
    wrong = [f"{said!r} → {string!r}" for said, string in pairs(TRANSLATED)
             if string != string.strip() and said == said.strip() and said not in JOINTS]  # fmt: skip
    assert not wrong


JOINTS = {"、", "：", "；", "，"}  # marks between the items of a list: English sets a space after them


# What Django and its relatives say by themselves, in Chinese too.

SAID_BY_OTHERS = [
    *(validator.get_help_text() for validator in (
        password_validation.MinimumLengthValidator(10), password_validation.CommonPasswordValidator(),
        password_validation.NumericPasswordValidator(), password_validation.UserAttributeSimilarityValidator(),
    )),
]  # fmt: skip


# No visible text bypasses gettext.


def text_of(token: Token) -> str:
    """What of a template's token no tag translates."""
    if token.token_type == TokenType.TEXT:
        return token.contents
    if token.token_type == TokenType.COMMENT:
        return ""
    if token.token_type == TokenType.BLOCK and token.split_contents()[0] in ("translate", "trans", "blocktranslate"):
        return ""
    return re.sub(r"""_\((?:"[^"]*"|'[^']*')\)""", "", token.contents)


def untranslated(path: Path) -> Iterator[str]:
    """Chinese in a template outside translate, blocktranslate, _("…") and comments."""
    until = ""
    for token in Lexer(path.read_text(encoding="utf-8")).tokenize():
        tag = token.contents.split(" ")[0] if token.token_type == TokenType.BLOCK else ""
        if until:
            until = "" if tag == until else until
        elif tag in ("comment", "blocktranslate"):
            until = f"end{tag}"
        elif found := CHINESE.search(text_of(token)):
            yield f"{path.relative_to(ROOT)}:{token.lineno} {found[0]}"


def test_every_template_translates_its_text() -> None:
    assert not [line for path in template_files() for line in untranslated(path)]


def test_no_script_and_no_style_speaks_chinese() -> None:
    comment = re.compile(r"/\*.*?\*/|^\s*//.*?$|\s//\s.*?$", re.DOTALL | re.MULTILINE)
    files = [path for kind in ("js", "css") for path in (ROOT / "config/static").rglob(f"*.{kind}")]
    assert not [path.name for path in files if CHINESE.search(comment.sub("", path.read_text(encoding="utf-8")))]
