"""The book of templates: for each form the text that comes with the program (version 0) and what the office made of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from arrears.models import PaperTemplate
from arrears.papers.forms import FORMS, Form
from arrears.papers.markup import template_of
from arrears.papers.uploads import accept
from grid.authority import administers_city
from grid.days import day_of
from grid.models import Person
from grid.refused import Refused

TEXTS = Path(__file__).parent / "texts"


@dataclass(frozen=True)
class InForce:
    version: int
    docx: bytes


def form_of(form_id: str) -> Form:
    form = FORMS.get(form_id)
    if form is None:
        raise Refused("unknown_form", _("没有这种文书。"))
    return form


def has_text(form: Form) -> bool:
    return (TEXTS / f"{form.id}.txt").exists()


def built_in(form: Form) -> bytes:
    return template_of((TEXTS / f"{form.id}.txt").read_text(encoding="utf-8"))


def in_force(form: Form) -> InForce:
    """The newest published one that was not taken out of use; else the built-in text."""
    found = PaperTemplate.objects.filter(form=form.id, published_at__isnull=False, retired_at=None).order_by("-version").first()
    return InForce(found.version, bytes(found.docx)) if found else InForce(0, built_in(form))


def version_of(form: Form, version: int) -> bytes:
    """Any version, as a file to take home."""
    if version == 0:
        return built_in(form)
    found = PaperTemplate.objects.filter(form=form.id, version=version).first()
    if found is None:
        raise Refused("unknown_version", _("没有这个版本的模板。"))
    return bytes(found.docx)


def upload(form: Form, docx: bytes, note: str, facts: Mapping[str, Any], person: Person, *, now: datetime) -> PaperTemplate:
    """Keeps a new version, to be looked at and then published. `facts`: an example with every field the form may use.
    Raises Refused: not_administrator; TemplateFault with every fault."""
    require_administrator(person, now)
    if not note.strip():
        raise Refused("no_note", _("请写一句改了什么，以后查得到。"))
    accepted = accept(docx, facts)
    with transaction.atomic():
        known = PaperTemplate.objects.filter(form=form.id)
        list(known.select_for_update().values_list("pk"))  # two uploads at once have two versions
        newest = known.aggregate(newest=Max("version"))["newest"] or 0
        return PaperTemplate.objects.create(
            form=form.id, version=newest + 1, docx=docx, sha256=sha256(docx).hexdigest(), note=note.strip()[:200],
            warnings=accepted.warnings, added_by=person, added_at=now,
        )  # fmt: skip


def publish(template: PaperTemplate, person: Person, *, now: datetime) -> None:
    """From now on papers of the form are made with it. Raises Refused: not_administrator, stale, older_version."""
    require_administrator(person, now)
    newer = PaperTemplate.objects.filter(form=template.form, version__gt=template.version, published_at__isnull=False, retired_at=None)
    if newer.exists():
        raise Refused("older_version", _("已经公布了更新的版本，请把它停用，或者上传新的版本。"))
    changed = PaperTemplate.objects.filter(pk=template.pk, published_at=None)
    if not changed.update(published_by=person, published_at=now):
        raise Refused("stale", _("这个版本刚刚已经公布。"))


def retire(template: PaperTemplate, person: Person, *, now: datetime) -> None:
    """Takes a published version out of use; what came before it is used again. Papers made with it stay as they are."""
    require_administrator(person, now)
    in_use = PaperTemplate.objects.filter(pk=template.pk, published_at__isnull=False, retired_at=None)
    if not in_use.update(retired_at=now):
        raise Refused("stale", _("这个版本没有在用。"))


def require_administrator(person: Person, now: datetime) -> None:
    if not administers_city(person.scope(day_of(now))):
        raise Refused("not_administrator", _("文书模板全市通用，只有市级系统管理员可以修改。"))
