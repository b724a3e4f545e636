"""What of a register is here already, for the plan."""

from django.utils.translation import gettext_noop as _

from arrears.ledger.cells import BadCell, read_region
from arrears.ledger.files import BadFile, Sheet
from arrears.ledger.mapping import Mapping
from arrears.ledger.plan import Standing
from arrears.models import Event
from grid.models import Region
from grid.vault import blind_index

DIGEST = "arrears.ledger.row"  # the vault's context: nobody guesses a row from its digest


def standing(sheet: Sheet, mapping: Mapping) -> Standing:
    return Standing(known_regions(sheet, mapping), known_digests(mapping), lambda text: blind_index(text, DIGEST))


def known_regions(sheet: Sheet, mapping: Mapping) -> dict[str, str]:
    """Raises BadFile. The file's codes that are regions of the mapping's code system, each with its heir of today."""
    ours = Region.objects.filter(code_system__startswith=f"{mapping.region_codes}-")
    if not ours.exists():
        raise BadFile(_("系统里没有 %(system)s 体系的行政区划，请先运行 load_regions。"), system=mapping.region_codes)
    column = mapping.fields["region"][0]
    place = sheet.header.index(column) if column in sheet.header else len(sheet.header)
    codes = {
        code for record in sheet.records for cell in record.cells[place : place + 1] if (code := _code(cell, mapping))
    }
    return Region.objects.heirs(ours.filter(code__in=codes).values_list("code", flat=True))


def _code(cell: str, mapping: Mapping) -> str | None:
    try:
        return read_region(cell, mapping.spelling)
    except BadCell:
        return None


def known_digests(mapping: Mapping) -> dict[str, str]:
    prefix = source_key(mapping, "")
    rows = Event.objects.filter(kind="imported", claim__source_key__startswith=prefix)
    return {key.removeprefix(prefix): digest for key, digest in rows.values_list("claim__source_key", "facts__digest")}


def source_key(mapping: Mapping, key: str) -> str:
    return f"{mapping.id}:{key}"
