"""DKIM signatures (RFC 6376): what they claim, and whether they verify with the keys that DNS gives.

Two things are told apart that programs which deliver mail need not tell apart: a header
whose signature is good while the body was changed or is missing still proves who signed it.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ed25519, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from .. import dkim
from ..dns.answer import Answer, decode_text
from ..dns.names import is_subdomain, to_ascii
from ..records.taglist import shown, split
from ..status import Word
from ..value import dataclass
from .message import Message

MAX_SIGNATURES = 10
MAX_NAMES = 400  # of fields that one signature covers
MAX_KEYS = 4  # TXT records at one name that are tried as keys

_SPACES = re.compile(rb"[ \t]+")
_WHITE = re.compile(r"[ \t\r\n]+")
# RFC 6376 §3.5 with RFC 5321 §4.1.2; underscores, which that does not have, are in use and verify everywhere.
_SIGNING_DOMAIN = re.compile(r"[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)+")
_QUOTED = re.compile(rb"=([0-9A-F]{2})")
_ALGORITHMS = {"rsa-sha256": "rsa", "ed25519-sha256": "ed25519"}


class SignatureStatus(Word):
    """How far a signature verifies."""

    PASS = "pass"
    BODY_MISSING = "body_missing"  # the header's verifies, and the body was not given
    BODY_CHANGED = "body_changed"  # the header's verifies, and the body is not the one that was signed
    FAIL = "fail"
    UNKNOWN = "unknown"  # DNS did not answer about the key


@dataclass(frozen=True)
class Signature:
    """One DKIM-Signature field.

    ``status``: ``pass``; ``body_missing`` and ``body_changed`` (the header's signature verifies, the body was
    not given or differs from what was signed); ``fail``; ``unknown`` (DNS did not answer about
    the key). ``reason`` says why it failed: ``syntax``, ``algorithm``, ``query`` (the key is to be had in no way
    that exists), ``no_key``, ``revoked``, ``bad_key``, ``weak_key``,
    ``expired``, ``from_not_signed`` or ``altered`` (the header differs from what was signed).
    """

    domain: str
    selector: str
    algorithm: str
    status: SignatureStatus = SignatureStatus.UNKNOWN
    reason: str | None = None
    identity: str | None = None
    failed: Answer | None = None

    @property
    def proven(self) -> bool:
        """Whether whoever holds the key at this selector signed this mail's header."""
        return self.status in (SignatureStatus.PASS, SignatureStatus.BODY_MISSING, SignatureStatus.BODY_CHANGED)

    @property
    def key_name(self) -> str:
        return dkim.key_name(self.domain, self.selector)


@dataclass(frozen=True)
class Field:
    """A signature field taken apart; ``covered`` are the names in ``h=``, lower case."""

    signature: Signature
    raw: bytes
    name: str
    header_simple: bool
    body_simple: bool
    covered: tuple[str, ...]
    body_hash: bytes
    octets: bytes
    length: int | None
    expires: int | None
    identity_domain: str | None = None  # of ``i=``, where there is one


def read(message: Message) -> list[Field]:
    """The signatures of a mail, the topmost first, at most :data:`MAX_SIGNATURES`."""
    fields = [(name, value) for name, value in message.fields if name.lower() == "dkim-signature"]
    return [_read(name, value) for name, value in fields[:MAX_SIGNATURES]]


def _read(name: str, raw: bytes) -> Field:
    tags: dict[str, str] = {}
    duplicate = False
    for tag in split(decode_text(raw)):
        duplicate = duplicate or tag.name in tags
        tags.setdefault(tag.name, tag.value)
    domain, selector = _signing_domain(tags.get("d", "")), tags.get("s", "").strip()
    algorithm = tags.get("a", "").lower()
    identity = _unquoted(tags["i"]) if tags.get("i") else None
    identity_domain = _identity_domain(identity, domain)
    signature = Signature(
        domain or shown(tags.get("d", "")), shown(selector), shown(algorithm), identity=identity and shown(identity))
    canonicalization, _slash, body = tags.get("c", "simple/simple").strip().lower().partition("/")
    body = body or "simple"
    covered = tuple(name.strip().lower() for name in tags.get("h", "").split(":")[:MAX_NAMES])
    octets, body_hash = _decoded(tags.get("b", "")), _decoded(tags.get("bh", ""))
    expires, length = _number(tags.get("x")), _number(tags.get("l"))
    problem = None
    if duplicate or tags.get("v") != "1" or not domain or not to_ascii(signature.key_name) or not octets \
            or not body_hash or not tags.get("h") or {canonicalization, body} - {"simple", "relaxed"} \
            or -1 in (expires, length) or identity and not identity_domain:
        problem = "syntax"
    elif not _is_fetchable(tags.get("q", "dns/txt")):
        problem = "query"
    elif algorithm not in _ALGORITHMS:
        problem = "algorithm"
    elif "from" not in covered:
        problem = "from_not_signed"
    if problem:
        signature = replace(signature, status=SignatureStatus.FAIL, reason=problem)
    return Field(
        signature, raw, name, canonicalization == "simple", body == "simple", covered, body_hash or b"", octets or b"",
        length, expires, identity_domain)


def _signing_domain(text: str) -> str | None:
    """The ``d=`` as DNS is asked for it; ``None`` for what is no domain name, which no receiver verifies."""
    name = None if text.endswith(".") else to_ascii(text)
    return name if name and _SIGNING_DOMAIN.fullmatch(name) else None


def _identity_domain(identity: str | None, domain: str | None) -> str | None:
    """The domain of ``i=`` if it is the signing domain or lies below it (RFC 6376 §3.5)."""
    _local, at, name = (identity or "").rpartition("@")
    ascii_name = to_ascii(name)
    return ascii_name if at and domain and ascii_name and is_subdomain(ascii_name, domain) else None


def _unquoted(text: str) -> str:
    """The text that dkim-quoted-printable stands for (RFC 6376 §2.11)."""
    octets = _WHITE.sub("", text).encode("utf-8", "surrogateescape")
    return decode_text(_QUOTED.sub(lambda match: bytes((int(match[1], 16),)), octets))


def _is_fetchable(methods: str) -> bool:
    """Whether one of the ways to the key is DNS; what is not known is passed over (RFC 6376 §3.5)."""
    return any(_WHITE.sub("", method).lower() == "dns/txt" for method in methods.split(":"))


def verify(message: Message, field: Field, key: Answer, arrived: datetime | None = None) -> Signature:
    """Verify one signature with what DNS answers about its key; ``arrived`` is the time that its expiry is held against.

    Raises nothing, whatever the mail and the key contain.
    """
    signature = field.signature
    if signature.reason:
        return signature
    if not key.is_fact:
        return replace(signature, status=SignatureStatus.UNKNOWN, failed=key)
    if field.expires is not None and arrived is not None and arrived.timestamp() > field.expires:
        return replace(signature, status=SignatureStatus.FAIL, reason="expired")
    records = [record for record in map(dkim.parse, sorted(key.texts)[:MAX_KEYS]) if dkim.means_key(record.text)]
    if not records:
        return replace(signature, status=SignatureStatus.FAIL, reason="no_key")
    signed = _signed_header(message.fields, field)
    reasons = [_problem(record, field, signed) for record in records]
    if all(reasons):
        return replace(signature, status=SignatureStatus.FAIL, reason=reasons[0])
    return replace(signature, status=_body_status(message.body, field))


def _problem(record: dkim.KeyRecord, field: Field, signed: bytes) -> str | None:
    """Why the header does not verify with one key; ``None`` if it does (RFC 6376 §6.1.2, §6.1.3)."""
    signature = field.signature
    if record.status is dkim.KeyStatus.REVOKED:
        return "revoked"
    if record.status is not dkim.KeyStatus.VALID or not record.for_email or record.sha1_only:
        return "bad_key"
    if record.key.kind != _ALGORITHMS[signature.algorithm]:
        return "bad_key"
    if not record.usable:
        return "weak_key"
    if "s" in record.flags and field.identity_domain not in (None, signature.domain):
        return "bad_key"
    try:
        if record.key.kind == "ed25519":
            key = ed25519.Ed25519PublicKey.from_public_bytes(record.key.octets)
            key.verify(field.octets, hashlib.sha256(signed).digest())  # RFC 8463 §3
        else:
            loaded = load_der_public_key(record.key.octets)
            if not isinstance(loaded, rsa.RSAPublicKey):
                return "bad_key"
            loaded.verify(field.octets, signed, padding.PKCS1v15(), SHA256())
    except InvalidSignature:
        return "altered"
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return "bad_key"
    return None


def _body_status(body: bytes | None, field: Field) -> SignatureStatus:
    """Whether the body is what was signed. A mail without a body and a copy without it look alike: both are tried."""
    differs = SignatureStatus.BODY_MISSING if body is None else SignatureStatus.BODY_CHANGED
    canonical = _canonical_body(body or b"", simple=field.body_simple)
    if field.length is not None:
        if field.length > len(canonical):
            return differs
        canonical = canonical[:field.length]
    if hashlib.sha256(canonical).digest() == field.body_hash:
        return SignatureStatus.PASS
    return differs


def covers_an_empty_body(signature: Signature, field: Field) -> bool:
    """Whether a signature that verifies without any body proves that the mail has none."""
    return signature.status is SignatureStatus.PASS and field.length != 0


def _signed_header(fields: Sequence[tuple[str, bytes]], field: Field) -> bytes:
    """What the signature is over: the fields of ``h=``, each name from the bottom up, then itself (RFC 6376 §5.4.2)."""
    by_name: dict[str, list[tuple[str, bytes]]] = {}
    for name, value in fields:
        by_name.setdefault(name.lower(), []).append((name, value))
    parts = [
        _canonical_field(*by_name[name].pop(), simple=field.header_simple) + b"\r\n"
        for name in field.covered if by_name.get(name)
    ]
    own = _without_signature(field.raw)
    return b"".join(parts) + _canonical_field(field.name, own, simple=field.header_simple)


def _without_signature(raw: bytes) -> bytes:
    """The field with the value of its ``b=`` taken out (RFC 6376 §3.7)."""
    parts = raw.split(b";")
    for number, part in enumerate(parts):
        name, equals, _value = part.partition(b"=")
        if equals and name.strip(b" \t\r\n") == b"b":
            parts[number] = name + equals
            break
    return b";".join(parts)


def _canonical_field(name: str, value: bytes, *, simple: bool) -> bytes:
    """RFC 6376 §3.4.1, §3.4.2."""
    if simple:
        return name.encode("ascii") + b":" + value
    unfolded = _SPACES.sub(b" ", value.replace(b"\r\n", b""))
    return name.lower().encode("ascii") + b":" + unfolded.strip(b" \t")


def _canonical_body(body: bytes, *, simple: bool) -> bytes:
    """RFC 6376 §3.4.3, §3.4.4. Line ends are CRLF already."""
    if not simple:
        body = _SPACES.sub(b" ", body).replace(b" \r\n", b"\r\n").removesuffix(b" ")
    content = body.rstrip(b"\r\n")
    if content or simple:
        return content + b"\r\n"
    return b""


def _decoded(text: str) -> bytes | None:
    try:
        return base64.b64decode(_WHITE.sub("", text), validate=True)
    except (binascii.Error, ValueError):
        return None


def _number(text: str | None) -> int | None:
    """A tag's number; ``None`` without one, -1 for what is none."""
    if text is None:
        return None
    return int(text) if re.fullmatch(r"[0-9]{1,16}", text) else -1


def key_names(fields: Iterable[Field]) -> dict[str, None]:
    """The names whose keys have to be asked for."""
    return dict.fromkeys(field.signature.key_name for field in fields if not field.signature.reason)
