"""The public key in a ``p=`` tag: strict base64, then what kind of key it is and how strong (RFC 6376 §3.6.1)."""

from __future__ import annotations

import base64
import binascii
import re

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key

from ..records.taglist import Problem, shown
from ..value import dataclass

ED25519_OCTETS = 32  # RFC 8463 §4.2: the bare key
MAX_OCTETS = 8192  # four times what RSA with 16,384 bits needs; no key that is longer is looked at

_SPACE = re.compile(r"[ \t\r\n]+")
_NOT_BASE64 = re.compile(r"[^A-Za-z0-9+/= \t\r\n]")
_PEM = re.compile(r"-{1,5}\s?(?:BEGIN|END)|(?:BEGIN|END)\s{0,2}(?:RSA\s{0,2})?(?:PUBLIC|PRIVATE)\s{0,2}KEY")
_PRIVATE_PEM = re.compile(r"PRIVATE\s{0,2}KEY")
_RSA_OID = bytes.fromhex("06092a864886f70d010101")  # RFC 8017 Appendix C
_ED25519_WRAPPER = bytes.fromhex("302a300506032b6570032100")  # SubjectPublicKeyInfo of RFC 8410


@dataclass(frozen=True)
class PublicKey:
    """A key as far as it could be read. ``kind`` is ``rsa``, ``ed25519``, the name of another type, or ``None``.

    ``octets`` is the decoded ``p=`` (empty if it is no base64), which tells two keys apart.
    """

    kind: str | None = None
    bits: int | None = None
    octets: bytes = b""
    problems: tuple[Problem, ...] = ()

    @property
    def is_pkcs1(self) -> bool:
        """Whether it is an RSA key as RFC 6376 §3.6.1 names it (RSAPublicKey), which many verifiers cannot read."""
        return self.kind == "rsa" and _RSA_OID not in self.octets[:40]


def read(value: str, start: int, key_type: str) -> PublicKey:
    """Read a ``p=`` value that is not empty and begins at character ``start`` of its record."""
    span = start, start + len(value)
    framed = pem_frame(value, start)
    if framed:
        return PublicKey(problems=tuple(framed))
    stray = _NOT_BASE64.search(value)
    packed = _SPACE.sub("", value)
    padding = packed.find("=")
    if stray is None and padding >= 0 and packed[padding:].strip("="):
        stray = re.compile("=").search(value)  # padding in the middle: two keys, or "p=" twice
    if stray:
        at = start + stray.start()
        params = {"reason": "character", "character": stray.group()}
        return PublicKey(problems=(Problem("dkim.bad_base64", (at, at + 1), params),))
    digits = packed.rstrip("=")
    if len(digits) % 4 == 1:
        return PublicKey(problems=(Problem("dkim.truncated_key", (span[1], span[1]), {"reason": "base64"}),))
    try:
        octets = base64.b64decode(digits + "=" * (-len(digits) % 4), validate=True)
    except (binascii.Error, ValueError):
        return PublicKey(problems=(Problem("dkim.bad_base64", span, {"reason": "character", "character": ""}),))
    key = _identify(octets, span, key_type)
    if not key.problems and len(packed) - len(digits) != -len(digits) % 4:
        return PublicKey(key.kind, key.bits, octets, (Problem("dkim.bad_base64", span, {"reason": "padding"}),))
    return key


def pem_frame(text: str, start: int = 0) -> list[Problem]:
    """The problems of a text into which a whole PEM file was pasted; nothing for any other."""
    frame = _PEM.search(text)
    if not frame:
        return []
    problems = [Problem("dkim.pem_pasted", (start + frame.start(), start + frame.end()))]
    if _PRIVATE_PEM.search(text):
        problems.append(Problem("dkim.private_key", (start, start + len(text))))
    return problems


def _identify(octets: bytes, span: tuple[int, int], key_type: str) -> PublicKey:
    def bad(code: str, **params: object) -> PublicKey:
        at = (span[1], span[1]) if code == "dkim.truncated_key" else span
        return PublicKey(octets=octets, problems=(Problem(code, at, params),))

    def mismatch(kind: str, bits: int | None) -> PublicKey:
        problem = Problem("dkim.key_type_mismatch", span, {"key_type": shown(key_type), "seen": kind})
        return PublicKey(kind, bits, octets, () if key_type == kind else (problem,))

    if len(octets) == ED25519_OCTETS and _RSA_OID not in octets:
        return mismatch("ed25519", 256)
    if key_type == "ed25519" and octets.startswith(_ED25519_WRAPPER):
        return bad("dkim.bad_key", reason="wrapped")
    if len(octets) > MAX_OCTETS:
        return bad("dkim.bad_key", reason="too_long")
    length = _der_length(octets)
    if length is not None and length > len(octets):
        return bad("dkim.truncated_key", reason="der", octets=len(octets), expected=length)
    if key_type == "ed25519" and length is None:
        return bad("dkim.bad_key", reason="length", octets=len(octets))
    if _is_private(octets):
        return bad("dkim.private_key")
    if length is not None and length < len(octets):
        return bad("dkim.bad_key", reason="trailing", octets=len(octets), expected=length)
    try:
        key = load_der_public_key(octets)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        return bad("dkim.bad_key", reason="unreadable", detail=shown(str(error)))
    if isinstance(key, rsa.RSAPublicKey):
        return mismatch("rsa", key.key_size)
    if isinstance(key, ed25519.Ed25519PublicKey):
        return mismatch("ed25519 in a wrapper", 256)
    if isinstance(key, ec.EllipticCurvePublicKey):
        return mismatch(f"ec {key.curve.name}", key.key_size)
    return mismatch(type(key).__name__.strip("_"), getattr(key, "key_size", None))


def _der_length(octets: bytes) -> int | None:
    """How many octets a DER sequence says that it has, its header included; ``None`` for anything else."""
    if len(octets) < 2 or octets[0] != 0x30:
        return None
    first = octets[1]
    if first < 0x80:
        return 2 + first
    size = first & 0x7F
    if not 1 <= size <= 4 or len(octets) < 2 + size:
        return None
    return 2 + size + int.from_bytes(octets[2 : 2 + size], "big")


def _is_private(octets: bytes) -> bool:
    """A sequence that begins with the integer 0 is a private key, in PKCS #1 and in PKCS #8."""
    if len(octets) < 16 or octets[0] != 0x30:
        return False
    header = 2 + (octets[1] & 0x7F if octets[1] & 0x80 else 0)
    return octets[header : header + 3] == b"\x02\x01\x00"
