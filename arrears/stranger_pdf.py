"""PDF files that somebody brought. Whoever reads such bytes may meet anything, so they are opened here and nowhere else."""

import logging
import struct
import zlib
from collections.abc import Callable
from io import BytesIO
from typing import TypeVar

from pypdf import PdfReader
from pypdf.errors import PyPdfError

# What reading, drawing over and writing one raises when it is not what it says; RuntimeError: endless nesting, unknown kinds.
BROKEN = (PyPdfError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RuntimeError, AssertionError, zlib.error, struct.error)

Made = TypeVar("Made")

logger = logging.getLogger(__name__)


def of_stranger(content: bytes, most: int, make: Callable[[PdfReader], Made]) -> Made | None:
    """What `make` makes of it; None if it is locked, broken, empty or has more than `most` pages."""
    try:
        reader = PdfReader(BytesIO(content))
        if (reader.is_encrypted and not reader.decrypt("")) or not 0 < len(reader.pages) <= most:
            return None
        return make(reader)
    except BROKEN as error:
        logger.warning("a PDF cannot be used: %s", type(error).__name__)
        return None
