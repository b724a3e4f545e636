"""{% load claims %}: small marks of a case that more than one page shows."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import template

from arrears.claim_rows import workers_of
from arrears.desk import units
from arrears.evidence_types import AUDIO, IMAGE, KINDS, VIDEO
from arrears.identity import mask_phone
from arrears.models.evidence import KeptFile
from arrears.money import to_chinese_capitals

register = template.Library()

FAMILY_ICONS = {IMAGE: "image", AUDIO: "sound", VIDEO: "sound"}

register.filter("masked_phone", mask_phone)
register.filter("workers", workers_of)
register.filter("capitals", to_chinese_capitals)
register.filter("case_unit", units.cases)


@register.filter
def bare_number(quantity: Decimal) -> str:
    """68.50 → 68.5, 30.00 → 30"""
    return f"{quantity:f}".rstrip("0").rstrip(".") if "." in f"{quantity:f}" else f"{quantity:f}"


@register.filter
def file_icon(file: KeptFile) -> str:
    return FAMILY_ICONS.get(KINDS[file.extension].family, "file")


@register.filter
def of(found: Mapping[Any, Any], key: Any) -> Any:
    """What was found for this one, if anything."""
    return found.get(key) if found else None
