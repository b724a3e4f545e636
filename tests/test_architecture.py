"""The house keeps its own rules: one direction of imports, Django-free tables, verbs as the only writers."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.docs import PAGES as TABLES
from config.law_docs import LAW_PAGES

PAGES = {**TABLES, **LAW_PAGES}
ROOT = Path(__file__).resolve().parent.parent
APPS = ("grid", "arrears", "mediation", "config")
ALLOWED = {
    "grid": {"grid"},
    "arrears": {"arrears", "grid"},
    "mediation": {"mediation", "arrears", "grid"},
    "config": set(APPS),
}
DJANGO_FREE = (
    "grid/regions.py", "grid/roles.py", "grid/ids.py", "grid/days.py", "grid/kinds.py", "grid/quiet.py", "arrears/moves.py", "arrears/lifecycle.py",
    "arrears/workdays.py", "arrears/deadlines.py", "arrears/ladders/__init__.py", "arrears/ladders/rungs.py", "arrears/ladders/book.py", "arrears/identity.py", "arrears/money.py", "arrears/numerals.py",
    "arrears/completing/fields.py", "arrears/field/retention.py", "arrears/evidence_types.py", "arrears/clamd.py", "arrears/owed/table.py", "arrears/owed/needs.py", "arrears/incidents/table.py", "arrears/phrases.py", "arrears/timing/pauses.py", "arrears/reasons.py",
    "arrears/timing/grounds.py", "arrears/year_files.py",
    "config/queues.py", "config/watchman/memory.py",
    "arrears/rules/__init__.py", "arrears/rules/tables.py", "arrears/situation/facts.py", "arrears/liability/__init__.py",
    "arrears/routes/__init__.py", "arrears/limitation/limits.py", "arrears/ledger/plan.py", "arrears/ledger/mapping.py",
    "arrears/sources/states.py", "arrears/sources/orders.py", "arrears/sheets/check.py", "arrears/sheets/apart.py", "mediation/lifecycle.py", "mediation/room/notes.py", "mediation/room/pages.py", "mediation/room/people.py", "mediation/room/quorum.py", "mediation/room/reminders.py", "mediation/room/rights.py", "mediation/room/role_words.py", "mediation/instalments.py", "mediation/bank/lines.py", "mediation/bank/matching.py", "mediation/pursuing/table.py", "mediation/drafting/clauses.py", "mediation/drafting/dues.py", "mediation/drafting/lint.py", "mediation/drafting/terms.py", "mediation/slots/finding.py", "mediation/slots/rules.py", "mediation/slots/kinds.py",
    "arrears/serving/table.py", "arrears/serving/lawful.py", "arrears/privacy.py", "arrears/papers/asks.py", "arrears/papers/forms.py", "arrears/papers/checking.py", "arrears/papers/fields.py",
    "arrears/papers/lint.py", "arrears/papers/citations.py", "arrears/papers/wording.py",
)  # fmt: skip


def sources(app: str) -> Iterator[Path]:
    return (path for path in sorted((ROOT / app).rglob("*.py")))


def trees(*apps: str) -> Iterator[tuple[str, ast.Module]]:
    for app in apps:
        for path in sources(app):
            yield str(path.relative_to(ROOT)), ast.parse(path.read_text(encoding="utf-8"))


def imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module or ""


@pytest.mark.parametrize("app", APPS)
def test_imports_go_one_way(app: str) -> None:
    wrong = [
        f"{path} imports {name}"
        for path, tree in trees(app)
        for name in imports(tree)
        if name.split(".")[0] in APPS and name.split(".")[0] not in ALLOWED[app]
    ]
    assert not wrong


@pytest.mark.parametrize("path", DJANGO_FREE)
def test_rules_that_are_law_or_tables_know_no_django(path: str) -> None:
    seen: set[str] = set()
    waiting = [path]
    while waiting:
        here = waiting.pop()
        seen.add(here)
        for name in imports(ast.parse((ROOT / here).read_text(encoding="utf-8"))):
            assert not name.startswith(("django", "rest_framework", "celery")), f"{here} imports {name}"
            at = name.replace(".", "/")
            waiting += [module for module in (f"{at}.py", f"{at}/__init__.py") if (ROOT / module).exists() and module not in seen]


def test_no_import_hides_inside_a_function() -> None:
    wrong = [
        f"{path}:{inner.lineno}"
        for path, tree in trees(*APPS)
        if "/migrations/" not in path
        for node in ast.walk(tree)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        for inner in ast.walk(node)
        if isinstance(inner, (ast.Import, ast.ImportFrom))
    ]
    assert not wrong


def test_no_save_override_and_no_signal_inside_the_project() -> None:
    wrong = [
        f"{path}:{node.lineno}"
        for path, tree in trees("grid", "arrears", "mediation")
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        and (node.name == "save" or any("receiver" in ast.unparse(d) for d in node.decorator_list))
    ]
    assert not wrong


def test_views_and_api_never_write_a_case() -> None:
    """Pages and API read through visible_to and call verbs; assigning a state or saving a case is a verb's work."""
    wrong = [
        f"{path}:{node.lineno} {ast.unparse(node)[:60]}"
        for path, tree in trees("arrears", "mediation")
        if "/views" in path or "/api" in path
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        and any(isinstance(t, ast.Attribute) and t.attr in {"stage", "level", "state"} for t in node.targets)
    ]
    assert not wrong


def test_migrations_import_nothing_of_the_project_but_what_they_freeze() -> None:
    allowed = {"arrears.duplicates.sounds", "arrears.models.evidence", "grid.ids", "grid.models", "grid.models.people", "grid.vault"}
    wrong = [
        f"{path} imports {name}"
        for path, tree in trees(*APPS)
        if "/migrations/" in path
        for name in imports(tree)
        if name.split(".")[0] in APPS and name not in allowed
    ]
    assert not wrong


@pytest.mark.parametrize("name", sorted(PAGES))
def test_generated_docs_are_what_the_tables_say(name: str) -> None:
    assert (ROOT / "docs" / name).read_text(encoding="utf-8") == PAGES[name](), "run bin/manage write_docs"
