"""Everything visible goes through gettext, and both catalogues say all of it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.template.base import Lexer, Token, TokenType
from django.utils.translation import override
from rest_framework import exceptions, serializers

from config.catalogues import LOCALES, TRANSLATED, faults, read
from config.said import ROOT, marked, python_files, template_files
from grid.models import Person

# Chinese characters, and the full-width punctuation that goes with them.
CHINESE = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]+")
# Where English keeps Chinese: how a case number looks, and a field of a paper's template.
KEPT_CHINESE = re.compile(r"宿欠〔\d{4}〕|〔\d{4}〕|\{\{.*?\}\}|\{%.*?%\}")
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
    wrong = list(faults(locale))
    assert not wrong, "run bin/manage messages, then translate locale/en/LC_MESSAGES/django.po:\n" + "\n".join(wrong)


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


def test_english_sets_a_space_after_a_mark_that_something_follows() -> None:
    """Full-width marks bring their own; elsewhere a space at the end means a sentence built from pieces."""
    wrong = [said for said, string in pairs(TRANSLATED) if string != string.rstrip() and not said.endswith(tuple("、：，；。"))]
    assert not wrong


# What Django and its relatives say by themselves, in Chinese too.

FIELDS = (
    forms.CharField, forms.IntegerField, forms.DecimalField, forms.DateField, forms.DateTimeField, forms.TimeField,
    forms.EmailField, forms.ChoiceField, forms.MultipleChoiceField, forms.ModelChoiceField, forms.FileField,
    serializers.CharField, serializers.IntegerField, serializers.DecimalField, serializers.DateField,
    serializers.DateTimeField, serializers.ChoiceField, serializers.BooleanField, serializers.ListField,
    serializers.UUIDField,
)  # fmt: skip
SUSPICIONS = (exceptions.NotAuthenticated, exceptions.AuthenticationFailed, exceptions.PermissionDenied,
              exceptions.NotFound, exceptions.MethodNotAllowed, exceptions.ParseError)  # fmt: skip
PASSWORDS = ("short", "password12", "12345678901", "wangge.1986")


def said_by_others() -> Iterator[str]:
    for field in FIELDS:
        for kind in field.__mro__:
            yield from filter(None, map(str, getattr(kind, "default_error_messages", {}).values()))
    yield from (str(refusal.default_detail) for refusal in SUSPICIONS)
    for password in PASSWORDS:
        with pytest.raises(ValidationError) as refused:
            validate_password(password, Person(username="wangge1986", full_name="王格"))
        yield from refused.value.messages


def test_django_and_its_relatives_speak_chinese() -> None:
    with override("zh-hans"):
        assert not [text for text in said_by_others() if not CHINESE.search(text)]


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
    wrong = [line for path in template_files() for line in untranslated(path)]
    assert not wrong, "\n" + "\n".join(wrong)


CAPITALS = {"amount.js"}  # 人民币大写 is Chinese in every language


def test_no_script_and_no_style_speaks_chinese() -> None:
    comment = re.compile(r"/\*.*?\*/|^\s*//.*?$|\s//\s.*?$", re.DOTALL | re.MULTILINE)
    files = [path for kind in ("js", "css") for path in (ROOT / "config/static").rglob(f"*.{kind}")]
    assert not [path.name for path in files if path.name not in CAPITALS and CHINESE.search(comment.sub("", path.read_text(encoding="utf-8")))]


# Chinese that is not said to a reader in their language, and what of it a module may hold: everything (.*) or
# literals that look so.
ANYTHING = ".*"
NOT_SAID = {
    # said in both languages at once, before there is a language to choose
    "config/children.py": ANYTHING, "config/embedded/": ANYTHING, "config/prepare.py": ANYTHING,
    "config/reach.py": ANYTHING, "config/serve.py": ANYTHING, "mediation/management/commands/seed_demo.py": ANYTHING,
    # printed into docs/ for the readers of the code
    "config/docs.py": ANYTHING,
    # invented people and cases
    "arrears/demo/": ANYTHING, "mediation/demo": ANYTHING,
    # the languages themselves, their formats and units, the city's own names
    "config/formats/": ANYTHING, "config/settings/": ANYTHING, "config/templatetags/house.py": "[亿万？]",
    # read: old registers, typed amounts and numbers, search words, names in the division code and in calendars
    "arrears/identity.py": r".*\\d.*|欧阳 .*", "arrears/ledger/": r"[、：]|.*\\d.*", "arrears/money.py": ANYTHING,
    "arrears/search.py": r".*\\s.*", "arrears/workdays.py": r"\w{2,4}|[、（]", "arrears/year_files.py": "[休班]",
    "grid/regions.py": r"\w+", "arrears/numerals.py": ANYTHING, "arrears/sheets/": ANYTHING,
    # read: places in the words of other offices; said to other offices' machines, in the language of the office
    "arrears/sources/places.py": ANYTHING, "arrears/sources/columns.py": ANYTHING, "arrears/sources/lines.py": ANYTHING, "arrears/sources/sending.py": "测试", "arrears/sources/states.py": "；",
    # invented facts for the previews of wordings, and an invented year
    "grid/notice_kinds.py": ANYTHING, "arrears/notice_kinds.py": ANYTHING, "mediation/notice_kinds.py": ANYTHING,
    "config/notice_kinds.py": "· 宿欠.*", "arrears/api/work_orders.py": ANYTHING, "arrears/worker/words.py": ANYTHING, "mediation/worker_notices.py": ANYTHING, "arrears/simulation/": ANYTHING,
    # kept on record in the office's language
    "grid/leaves.py": " 代理人：", "grid/rostering.py": " B 角|[（）]", "grid/rota.py": "、", "arrears/handover.py": "、",
    "arrears/history.py": "（代|）", "grid/views/wordings.py": "中文",
    # a sheet to fill in, Chinese like the sheets that come back; lines of numbers as people type them
    "mediation/blackout_sheet.py": ANYTHING, "arrears/sources/handing.py": r"\w{2,6}", "arrears/sources/sheets.py": ANYTHING, "arrears/sheet_files.py": r"\w{3,6}|\w+年\w+月|\w\w（示例，请删去）", "arrears/forms/evidence.py": "，",
    # the printed pages of docs/; what stands between the parts of a name
    "config/law_docs.py": ANYTHING, "arrears/management/commands/routes.py": "[（）、]|用人单位", "arrears/duplicates/sounds.py": r"\[.*\]\+", "grid/reassigning.py": "：",
    # words a discreet message must not hold
    "grid/wordings.py": r"薪\|.*",
    # papers: what stands in them, and the Chinese names their templates call it by
    "mediation/paper_facts.py": ANYTHING, "arrears/papers/archive.py": ANYTHING, "arrears/papers/citations.py": ANYTHING, "arrears/papers/lint.py": ANYTHING, "arrears/support/paper_facts.py": ANYTHING, "arrears/proceedings/papers.py": "；", "arrears/proceedings/paper_facts.py": ANYTHING, "arrears/proceedings/paper_answers.py": ANYTHING, "arrears/serving/paper_facts.py": ANYTHING, "arrears/papers/assembling.py": ANYTHING,
    "arrears/papers/binding.py": ANYTHING, "arrears/papers/examples.py": ANYTHING, "arrears/papers/footing.py": ANYTHING, "arrears/papers/front.py": ANYTHING,
    "arrears/papers/making.py": r"[\w（），　 ]+", "config/paper_docs.py": ANYTHING, "mediation/cause_list.py": "、", "arrears/papers/page.py": r"\w{2,5}|\|\w+|\{% for 项 in ", "arrears/views/paper_templates.py": "预览，没有编号，不能使用", "arrears/views/papers.py": "预览", "arrears/papers/tellers/": ANYTHING,
    "arrears/papers/asks.py": r"\w+", "arrears/papers/fonts.py": ANYTHING, "arrears/papers/marks.py": r"[\w、“”‘’]{1,4}",
    "arrears/papers/markup.py": "[宋黑]体|表格文字", "arrears/papers/numbers.py": ANYTHING, "arrears/papers/uploads.py": "、", "arrears/papers/wording.py": ANYTHING,
    "arrears/partners/answering.py": "[（）]", "arrears/proceedings/verbs.py": "：", "arrears/serving/verbs.py": "；", "arrears/serving/receipt.py": "；", "arrears/partners/links.py": "[（）]", "grid/models/people.py": "[（）]",
    "mediation/feeds/entries.py": "，", "mediation/suits.py": "、", "arrears/support/searching.py": "；", "arrears/support/verbs.py": "。\\.",
    # what banks write above the columns of their lists; clauses, and what fills them, as they are signed
    "mediation/bank/reading.py": ANYTHING, "mediation/bank/matching.py": ANYTHING, "mediation/pursuing/table.py": ANYTHING, "mediation/drafting/clauses.py": ANYTHING, "mediation/drafting/case.py": ANYTHING, "mediation/drafting/lint.py": r"…（|）|\[.*\].*工资卡.*",
    "mediation/drafting/page.py": "；", "mediation/worker_page.py": "，", "arrears/papers/packets.py": "仅供|办案使用 ", "arrears/papers/plates.py": r"\w+\.\w+",
    "arrears/papers/record.py": r"[\w.]+", "arrears/papers/closing.py": "此致",
    # the minutes of a hearing, as they are signed, and what they are begun with
    "mediation/room/notes.py": ANYTHING, "mediation/room/writing.py": ANYTHING, "mediation/room/calling.py": "，|送达", "mediation/room/results.py": "[；：，]|没有通知到（|），补送通知后再开",
    "mediation/room/earlier.py": "[；，]", "mediation/room/people.py": "承诺如实(翻译|陈述)", "mediation/handing.py": "，|调解协议书 ", "mediation/pursuing/finding.py": r"填写\.|金额|请求",
    # part of a number, of a letter in the office's language
    "mediation/agreements.py": "-调", "mediation/paying.py": "-付", "arrears/forms/referrals.py": "、",
}  # fmt: skip
HAN = re.compile(r"[\u3400-\u9fff、。，；：（）“”]")


def unmarked(path: Path) -> Iterator[str]:
    """Chinese literals of a module that no marking call holds. Docstrings are no literals of interest."""
    name = str(path.relative_to(ROOT))
    allowed = [pattern for start, pattern in NOT_SAID.items() if name.startswith(start)]
    tree = ast.parse(path.read_text(encoding="utf-8"))
    known = {id(text) for parts in marked(tree) for text in parts.values()}
    known |= {id(line.value) for line in ast.walk(tree) if isinstance(line, ast.Expr)}
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Constant) and isinstance(node.value, str)) or id(node) in known:
            continue
        if HAN.search(node.value) and not any(re.fullmatch(pattern, node.value, re.DOTALL) for pattern in allowed):
            yield f"{name}:{node.lineno} {node.value}"


def test_every_module_marks_its_text() -> None:
    wrong = [line for path in python_files() for line in unmarked(path)]
    assert not wrong, "\n" + "\n".join(wrong)


EAGER = {"gettext", "ngettext", "pgettext", "npgettext"}


def eager_names(tree: ast.Module) -> set[str]:
    """What this module calls the functions that translate at once."""
    imported = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"]
    return {name.asname or name.name for node in imported for name in node.names if name.name in EAGER}


def at_import(node: ast.AST) -> Iterator[ast.AST]:
    """What runs when the module is loaded."""
    yield node
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            yield from at_import(child)


def test_nothing_is_translated_while_a_module_is_loaded() -> None:
    """It would speak the language of that moment to everybody; gettext_lazy waits for the reader."""
    wrong = []
    for path in python_files():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        names = eager_names(tree)
        wrong += [
            f"{path.relative_to(ROOT)}:{node.lineno}" for node in at_import(tree)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names
        ]  # fmt: skip
    assert not wrong, "\n" + "\n".join(wrong)
