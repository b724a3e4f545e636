"""Files on the disk that no row names. Whoever is killed between a file and its row leaves one, and a copy of somebody's papers that
nobody knows of would be kept for ever. They are told, not removed: after the tables were taken back from a backup, what came
since looks the same.

A night reads the folders whose turn it is, each once in TURNS nights."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path, PurePath
from uuid import UUID
from zlib import crc32

from django.apps import apps
from django.conf import settings
from django.db.models import FileField

from arrears.integrity import EXAMPLES, Check, Found
from arrears.models import Packet, Paper
from grid.days import SHANGHAI, day_of

TURNS = 7
YOUNG = timedelta(days=2)  # a row may still be on its way: a long upload, a packet that is asked for again
AT_ONCE = 1000


def _(text: str) -> str:
    """Marks a label for the catalogues; whoever shows it translates it."""
    return text


def unnamed(now: datetime) -> Found:
    count, examples = 0, []
    for names in old_files(now):
        for name in sorted(set(names) - named(names)):
            count += 1
            if len(examples) < EXAMPLES:
                examples.append(name)
    return Found(count, examples)


def old_files(now: datetime) -> Iterator[Sequence[str]]:
    """Their names below the folder of files, as rows have them."""
    root, turn = Path(settings.MEDIA_ROOT), day_of(now).toordinal() % TURNS
    for folder in sorted({root, *(path for path in root.rglob("*") if path.is_dir())}):
        if crc32(folder.relative_to(root).as_posix().encode()) % TURNS == turn:
            yield from in_parts([path.relative_to(root).as_posix() for path in folder.iterdir() if path.is_file() and is_old(path, now)])


def is_old(path: Path, now: datetime) -> bool:
    return datetime.fromtimestamp(path.stat().st_mtime, SHANGHAI) < now - YOUNG


def in_parts(names: Sequence[str]) -> Iterator[Sequence[str]]:
    return (names[start : start + AT_ONCE] for start in range(0, len(names), AT_ONCE))


def named(names: Sequence[str]) -> set[str]:
    """A query for each kind of row that has files."""
    found: set[str] = set()
    for model in apps.get_models():
        for field in (field for field in model._meta.concrete_fields if isinstance(field, FileField)):
            found.update(model._default_manager.filter(**{f"{field.name}__in": names}).values_list(field.name, flat=True))
    keys = [key for name in names if (key := key_of(name))]
    rows = [*Paper.objects.filter(pk__in=keys).only("id", "issued_at"), *Packet.objects.filter(pk__in=keys).only("id", "asked_at")]
    return found | {row.stored(kind) for row in rows for kind in ("docx", "pdf", "zip")}


def key_of(name: str) -> UUID | None:
    try:
        return UUID(PurePath(name).stem)
    except ValueError:
        return None


ROW = Check(
    "unnamed_files", _("文件夹里有没有任何记录的文件"),
    _("刚从备份恢复过数据库的，先核对是否要恢复那以后的记录；不是的，多半是程序中断留下的，查看以后请删除：里面可能有个人信息。"), unnamed,
)  # fmt: skip
