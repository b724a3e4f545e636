"""How static files are stored for serving: named by their content, compressed once, without source maps.

The maps of the schema browser are two thirds of all bytes and only serve its authors.
"""

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from whitenoise.storage import CompressedManifestStaticFilesStorage

LEFT_OUT = ["*.map"]


class HouseStorage(CompressedManifestStaticFilesStorage):
    patterns = tuple(
        (files, tuple(rule for rule in rules if "sourceMappingURL" not in str(rule)))
        for files, rules in CompressedManifestStaticFilesStorage.patterns
    )


def collect_changed() -> None:
    """collectstatic, unless every source file is as it was at the last whole run."""
    mark = Path(settings.STATIC_ROOT) / "collected"
    state = describe_sources()
    if mark.exists() and mark.read_text() == state:
        return
    call_command("collectstatic", verbosity=0, interactive=False, clear=True, ignore_patterns=LEFT_OUT)
    mark.write_text(state)


def describe_sources() -> str:
    found = (storage.path(name) for finder in get_finders() for name, storage in finder.list(LEFT_OUT))
    facts = [f"{path} {Path(path).stat().st_mtime_ns}" for path in found]
    return hashlib.sha256("\n".join(sorted(facts)).encode()).hexdigest()
