"""Sealed text: what must not lie readable in the database (citizen ID numbers), and how to find it again.

    token = seal("321322199001011234", "arrears.Claimant.id_number")   # 'k1:…', store this
    open_sealed(token, "arrears.Claimant.id_number")
    blind_index("321322199001011234", "arrears.Claimant.id_number")    # 64 hex digits; equal texts, equal index

The context is model and field. It is authenticated with the text: a token moved to another field does not open.
Model fields hold tokens and indexes, never plain text, so that no log, repr or dump shows one by accident.

VAULT_KEYS holds the ring: "k2:BASE64 k1:BASE64 index:BASE64". Newest first: the first key seals, all of them open.
To rotate, put a new key in front; drop an old one when no token carries its id any more. The key named `index`
serves the blind indexes alone and never changes with the others: a new one would make every stored index worthless,
and searches would quietly find nothing. Whoever holds it can try all ID numbers, so guard it like the rest.
"""

import base64
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

INDEX = "index"  # the ring's key for blind indexes


class CannotOpen(Exception):
    """The token was sealed with a key we do not have, for another field, or was changed."""


class Provider(Protocol):
    """The algorithms. A house that must use SM4 and SM3 puts another one in PROVIDER's place."""

    key_bytes: int

    def seal(self, key: bytes, text: bytes, context: bytes) -> bytes: ...
    def open(self, key: bytes, sealed: bytes, context: bytes) -> bytes: ...  # raises CannotOpen
    def derive(self, key: bytes, purpose: bytes) -> bytes: ...
    def digest(self, key: bytes, text: bytes) -> bytes: ...


class AesAndSha:
    """AES-256-GCM with a random nonce in front; HKDF and HMAC over SHA-256."""

    key_bytes = 32
    nonce_bytes = 12

    def __init__(self) -> None:
        self.cipher = cache(AESGCM)  # by key: a sheet of thousands seals with one

    def seal(self, key: bytes, text: bytes, context: bytes) -> bytes:
        nonce = secrets.token_bytes(self.nonce_bytes)
        return nonce + self.cipher(key).encrypt(nonce, text, context)

    def open(self, key: bytes, sealed: bytes, context: bytes) -> bytes:
        try:
            return self.cipher(key).decrypt(sealed[: self.nonce_bytes], sealed[self.nonce_bytes :], context)
        except (InvalidTag, ValueError):
            raise CannotOpen("the sealed text was changed, or belongs to another field or key") from None

    def derive(self, key: bytes, purpose: bytes) -> bytes:
        return HKDF(hashes.SHA256(), self.key_bytes, salt=None, info=purpose).derive(key)

    def digest(self, key: bytes, text: bytes) -> bytes:
        return hmac.digest(key, text, "sha256")


PROVIDER: Provider = AesAndSha()


@dataclass(frozen=True)
class Ring:
    newest: str
    sealing: Mapping[str, bytes] = field(repr=False)
    index: bytes = field(repr=False)

    def key(self, key_id: str) -> bytes:
        try:
            return self.sealing[key_id]
        except KeyError:
            raise CannotOpen(f"no key {key_id!r} in VAULT_KEYS") from None


@cache
def ring() -> Ring:
    """The keys of this installation, read once. A bad VAULT_KEYS stops the start (GridConfig.ready)."""
    return read_ring(settings.VAULT_KEYS)


def read_ring(text: str) -> Ring:
    keys: dict[str, bytes] = {}
    for entry in text.split():
        key_id, colon, encoded = entry.partition(":")
        if not (colon and key_id.isidentifier()) or key_id in keys:
            raise _bad(f"entry {len(keys) + 1} is not a new name, a colon and a key")
        keys[key_id] = _key(key_id, encoded)
    if INDEX not in keys:
        raise _bad(f"there is no key named {INDEX}")
    index = keys.pop(INDEX)
    if not keys or index in keys.values():
        raise _bad(f"it needs a sealing key (k1) of its own beside {INDEX}")
    return Ring(next(iter(keys)), keys, index)


def _key(key_id: str, encoded: str) -> bytes:
    try:
        key = base64.b64decode(encoded, validate=True)
    except ValueError:
        key = b""
    if len(key) != PROVIDER.key_bytes:
        raise _bad(f"{key_id} is not {PROVIDER.key_bytes} bytes in base64")
    return key


def _bad(cause: str) -> ImproperlyConfigured:
    """Never quotes the value: it may be most of a key."""
    return ImproperlyConfigured(f"VAULT_KEYS must look like k1:BASE64 index:BASE64; {cause}.")


def seal(text: str, context: str) -> str:
    """Twice the same text gives two different tokens."""
    key_id = ring().newest
    sealed = PROVIDER.seal(ring().key(key_id), text.encode(), _bound(key_id, context))
    return f"{key_id}:{base64.b64encode(sealed).decode()}"


def open_sealed(token: str, context: str) -> str:
    """Raises CannotOpen."""
    key_id, _, encoded = token.partition(":")
    try:
        sealed = base64.b64decode(encoded, validate=True)
    except ValueError:
        raise CannotOpen("not a sealed text") from None
    return PROVIDER.open(ring().key(key_id), sealed, _bound(key_id, context)).decode()


def key_id_of(token: str) -> str:
    """Which key sealed it: to find what is left to seal again after a rotation."""
    return token.partition(":")[0]


def blind_index(text: str, context: str) -> str:
    """Equal texts of one field share it; nothing else can be read from it. Normalise the text first."""
    return PROVIDER.digest(index_key(ring().index, context), text.encode()).hex()


@cache
def index_key(key: bytes, context: str) -> bytes:
    """Of one field, worked out once."""
    return PROVIDER.derive(key, b"blind index " + context.encode())


def _bound(key_id: str, context: str) -> bytes:
    return f"{key_id}\n{context}".encode()
