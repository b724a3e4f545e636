"""What the product says: every text marked for translation, read from Python and from templates."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from babel.messages.extract import extract
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
APPS = ("grid", "arrears", "mediation", "config")
# The calls that mark a text, and what their first arguments are. `_` also marks in tables that know no Django.
CALLS = {
    **dict.fromkeys(("_", "_lazy", "gettext", "gettext_lazy", "gettext_noop"), ("text",)),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), ("text", "plural")),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ("context", "text")),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ("context", "text", "plural")),
}
KEYWORDS = {  # the same for Babel
    name: tuple((place, "c") if part == "context" else place for place, part in enumerate(parts, 1))
    for name, parts in CALLS.items()
}


@dataclass(frozen=True)
class Said:
    text: str
    plural: str | None = None
    context: str | None = None

    @property
    def id(self) -> str | tuple[str, str]:
        """The msgid as Babel writes it."""
        return self.text if self.plural is None else (self.text, self.plural)


def python_files() -> Iterator[Path]:
    for app in APPS:
        yield from (path for path in sorted((ROOT / app).rglob("*.py")) if "migrations" not in path.parts)


def template_files() -> Iterator[Path]:
    for app in APPS:
        yield from (path for path in sorted((ROOT / app).rglob("templates/**/*")) if path.is_file())


def everything() -> Iterator[tuple[Path, Said]]:
    for path in python_files():
        yield from ((path, said) for said in in_python(path.read_text(encoding="utf-8")))
    for path in template_files():
        yield from ((path, said) for said in in_template(path.read_text(encoding="utf-8"), str(path)))


def in_python(source: str) -> Iterator[Said]:
    for parts in marked(ast.parse(source)):
        yield Said(**{part: node.value for part, node in parts.items()})


def marked(tree: ast.AST) -> Iterator[dict[str, ast.Constant]]:
    """The marking calls of a module, each with its literal texts. A call on a variable marks nothing."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            parts = dict(zip(CALLS.get(name_of(node.func), ()), node.args, strict=False))
            if parts and all(isinstance(value, ast.Constant) for value in parts.values()):
                yield parts


def name_of(function: ast.expr) -> str:
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")


def in_template(source: str, origin: str) -> Iterator[Said]:
    """Django blanks everything out but what is translated; what is left reads like Python, if badly indented."""
    left = templatize(source, origin=origin)
    lines = "\n".join(line.lstrip() for line in left.splitlines())
    for _line, found, _comments, context in extract("python", BytesIO(lines.encode()), KEYWORDS):
        text, plural = (found, None) if isinstance(found, str) else found
        yield Said(text, plural, context)
