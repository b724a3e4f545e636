"""The message catalogues, kept equal to what the product says.

The source language is Chinese: its catalogue fills itself. English is translated by hand in
locale/en/LC_MESSAGES/django.po. No line numbers and no dates stand in the files, so a diff shows words only.
"""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

from config.messages import LOCALE
from config.said import ROOT, everything

SOURCE, TRANSLATED = "zh_Hans", "en"
LOCALES = (SOURCE, TRANSLATED)
COMMENT = "# Written by `manage.py messages`; by hand, only msgstr is edited."
HEADERS = ("Language", "Plural-Forms", "MIME-Version", "Content-Type", "Content-Transfer-Encoding")
Key = tuple[str, str]  # context, text


class HouseCatalog(Catalog):
    """Says nothing in its header that changes from run to run."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        return [header for header in super().mime_headers if header[0] in HEADERS]


def collect() -> Catalog:
    """All that is said, with the files that say it."""
    found = Catalog()
    for path, said in everything():
        found.add(said.id, locations=[(str(path.relative_to(ROOT)), 0)], context=said.context)
    return found


def path_of(locale: str) -> Path:
    return LOCALE / locale / "LC_MESSAGES/django.po"


def read(locale: str) -> Catalog:
    if not path_of(locale).exists():
        return Catalog(locale)
    with path_of(locale).open("rb") as file:
        return read_po(file, locale)


def write(locale: str, catalog: Catalog) -> None:
    target = path_of(locale)
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, fresh = tempfile.mkstemp(dir=target.parent)
    with os.fdopen(handle, "wb") as file:
        write_po(file, catalog, width=0, sort_output=True, include_lineno=False)
    os.chmod(fresh, 0o644)
    os.replace(fresh, target)  # whole or not at all: a start may be compiling it


def by_key(catalog: Catalog) -> dict[Key, Message]:
    return {key_of(message): message for message in catalog if message.id}


def key_of(message: Message) -> Key:
    return message.context or "", message.id[0] if message.pluralizable else message.id


def renew(locale: str) -> Catalog:
    """The catalogue with what is said now: known translations stay, what is said no longer is dropped."""
    known = by_key(read(locale))
    fresh = HouseCatalog(locale, header_comment=COMMENT, fuzzy=False)
    for key, message in by_key(collect()).items():
        old = known.get(key)
        string = own_words(message) if locale == SOURCE else kept(message, old)
        flags = old.flags & {"fuzzy"} if old else ()
        fresh.add(message.id, string, locations=message.locations, context=message.context, flags=flags)
    return fresh


def own_words(message: Message) -> str | tuple[str]:
    """A text in its own language; Chinese has one form for any number."""
    return (message.id[1],) if message.pluralizable else message.id


def kept(message: Message, old: Message | None) -> str | tuple[str, ...]:
    if old is not None and old.pluralizable == message.pluralizable:
        return old.string
    return ("", "") if message.pluralizable else ""


def faults(locale: str) -> Iterator[str]:
    """What keeps a catalogue from being complete, one line each."""
    said, catalog = by_key(collect()), read(locale)
    known = by_key(catalog)
    for key in sorted(said.keys() - known.keys()):
        yield f"{locale}: missing: {key[1]} ({', '.join(path for path, _ in said[key].locations)})"
    for text in sorted([key[1] for key in known.keys() - said.keys()] + [key_of(old)[1] for old in catalog.obsolete.values()]):
        yield f"{locale}: no longer said: {text}"
    for key in sorted(known.keys() & said.keys()):
        yield from (f"{locale}: {fault}: {key[1]}" for fault in faults_of(known[key], said[key]))


def faults_of(message: Message, said: Message) -> Iterator[str]:
    if not all(message.string if message.pluralizable else [message.string]):
        yield "not translated"
    if message.fuzzy:
        yield "to be checked (fuzzy)"
    if message.pluralizable != said.pluralizable:
        yield "has other plural forms now"
