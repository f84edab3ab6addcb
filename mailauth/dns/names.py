"""Domain names as text: what can be asked of DNS, what can be a mail domain, how a name is shown."""

from __future__ import annotations

import functools
import ipaddress
import re

from ..finding import Kind, Severity

try:  # IDNA 2008; an installation without the package falls back to Python's own IDNA 2003
    import idna
except ImportError:  # pragma: no cover - depends on the installation
    idna = None  # type: ignore[assignment]

CODES: dict[str, Kind] = {
    "name.empty": Kind(Severity.ERROR, "The domain name is empty.", "RFC 1035 §2.3.1"),
    "name.ip_address": Kind(Severity.ERROR, "There is an IP address where a domain name belongs.", "RFC 5321 §2.3.5"),
    "name.single_label": Kind(
        Severity.ERROR, "The name has one label only (like localhost): nobody outside can reply to it.",
        "RFC 5321 §2.3.5",
    ),
    "name.empty_label": Kind(Severity.ERROR, "Two dots follow each other, or a dot comes first.", "RFC 1035 §2.3.1"),
    "name.label_too_long": Kind(Severity.ERROR, "A label has more than 63 octets.", "RFC 1035 §2.3.4"),
    "name.name_too_long": Kind(Severity.ERROR, "The name has more than 253 characters.", "RFC 1035 §2.3.4"),
    "name.underscore": Kind(
        Severity.ERROR, "A mail domain's labels have letters, digits and hyphens only, and no underscore.",
        "RFC 5321 §4.1.2",
    ),
    "name.hyphen": Kind(Severity.ERROR, "A label begins or ends with a hyphen.", "RFC 1035 §2.3.1"),
    "name.bad_character": Kind(
        Severity.ERROR, "The name contains a character that is not allowed in a mail domain.", "RFC 5321 §4.1.2"
    ),
    "name.idn": Kind(Severity.ERROR, "The international name has no valid ASCII form.", "RFC 5891 §4"),
    "name.numeric_tld": Kind(Severity.ERROR, "The last label is all digits.", "RFC 3696 §2"),
}

MAX_NAME = 253  # characters of a name without the final dot (255 octets on the wire)
MAX_LABEL = 63
MAX_TEXT = 1024  # no text that is longer than this is looked at any further

_HOST_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_MAIL_DOMAIN = re.compile(rf"(?:{_HOST_LABEL}\.)+(?![0-9]+\Z){_HOST_LABEL}")
_OTHER_DOTS = re.compile("[\u3002\uff0e\uff61]")


def to_ascii(name: str) -> str | None:
    """The name as DNS is asked for it: lower-case A-labels, no final dot. ``None`` if it cannot be asked.

    International names go through UTS 46 and IDNA 2008 (RFC 5891). Underscores and other
    visible ASCII characters pass, for service names and what SPF macros make are no host names.
    """
    return _to_ascii(name) if len(name) <= MAX_TEXT else None


def to_asked(name: str) -> str | None:
    """:func:`to_ascii`, and spaces pass, too: in what people type they are mistakes, but an SPF macro can make one."""
    return _to_asked(name) if len(name) <= MAX_TEXT else None


@functools.lru_cache(maxsize=2048)  # the few names of a domain are looked at again and again
def _to_ascii(name: str) -> str | None:
    ascii_name = _to_asked(name)
    return None if ascii_name is None or " " in ascii_name else ascii_name


@functools.lru_cache(maxsize=2048)
def _to_asked(name: str) -> str | None:
    ascii_name = name.lower().removesuffix(".") if name.isascii() else _idn_to_ascii(name.removesuffix("."))
    return ascii_name if ascii_name and len(ascii_name) <= MAX_NAME and _is_askable(ascii_name) else None


def _is_askable(name: str) -> bool:
    """Whether an ASCII name has nothing in it that :func:`to_asked` does not let pass, nor a label of the wrong size."""
    # DNS allows any octet. Control characters are left out because no name that is asked for
    # here can mean them; a backslash would be ambiguous with the escapes of wire.py.
    # With spaces: an SPF macro can make one (RFC 7208 §7.1).
    if not name.isprintable() or "\\" in name:
        return False
    for label in name.split("."):  # noqa: SIM110 - half the cost of all()
        if not 0 < len(label) <= MAX_LABEL:
            return False
    return True


def domain_of(address: str | None) -> str:
    """The domain of an address, or a domain that stands alone, as A-labels: the one form that domains are compared in.

    What cannot be a name keeps its letters, in lower case; ``""`` where there is nothing.
    """
    domain = (address or "").rpartition("@")[2].strip()
    return to_ascii(domain) or domain.lower()


class WithSender:
    """What has a From address and an envelope sender, and so the domains that receivers ask DNS about."""

    from_email: str
    envelope_from: str | None

    @property
    def from_domain(self) -> str:
        return domain_of(self.from_email)

    @property
    def envelope_domain(self) -> str:
        return domain_of(self.envelope_from)


def _idn_to_ascii(name: str) -> str | None:
    if len(name) > MAX_TEXT:
        return None
    try:
        mapped = idna.uts46_remap(name, std3_rules=False) if idna else _OTHER_DOTS.sub(".", name)
        return ".".join(_label_to_ascii(label) for label in mapped.split(".")).lower()
    except (UnicodeError, IndexError, ValueError):  # idna.IDNAError is a UnicodeError
        return None


def _label_to_ascii(label: str) -> str:
    if label.isascii():
        return label
    octets = idna.alabel(label) if idna else label.encode("idna")
    return octets.decode("ascii")


def to_unicode(name: str) -> str:
    """The name for people: A-labels decoded where they are valid, the rest as it is. Never raises."""
    if "xn--" not in name.lower() or len(name) > MAX_TEXT:
        return name
    return ".".join(_label_to_unicode(label) for label in name.split("."))


def _label_to_unicode(label: str) -> str:
    if not label.lower().startswith("xn--") or len(label) > MAX_LABEL:
        return label
    try:
        decoded = idna.ulabel(label) if idna else label.lower().encode("ascii").decode("idna")
        # Shown only if it leads back to the same name: what is read is what was asked.
        return decoded if _label_to_ascii(decoded).lower() == label.lower() else label
    except (UnicodeError, IndexError, ValueError):
        return label


def is_subdomain(name: str, of: str) -> bool:
    """Whether ``name`` is ``of`` or lies below it (both as :func:`to_ascii` gives them)."""
    return not of or name == of or name.endswith("." + of)


def parent(name: str) -> str:
    """The name without its first label; ``""`` (the root) for a top-level domain."""
    return name.partition(".")[2]


def ancestors(name: str) -> list[str]:
    """The name itself, its parent, and so on up to the top-level domain."""
    names = []
    while name:
        names.append(name)
        name = parent(name)
    return names


def domain_problem(text: str) -> str | None:
    """Why the text cannot be used as the domain of a mail address: a key of :data:`CODES`, or ``None``.

    Says nothing about whether the domain exists. A final dot and capitals are no problem
    here: :func:`to_ascii` takes them away.
    """
    text = text[: MAX_TEXT + 1].removesuffix(".")
    if len(text) <= MAX_NAME and _MAIL_DOMAIN.fullmatch(text):
        return None  # as nearly always: what follows finds out what is wrong
    if not text.strip():
        return "name.empty"
    if _is_address(text):
        return "name.ip_address"
    name = text.lower() if text.isascii() else _idn_to_ascii(text)
    if name is None:
        return "name.bad_character" if any(c.isspace() or ord(c) < 0x21 for c in text) else "name.idn"
    labels = name.split(".")
    if "" in labels:
        return "name.empty_label"
    if any(len(label) > MAX_LABEL for label in labels):
        return "name.label_too_long"
    if len(name) > MAX_NAME:
        return "name.name_too_long"
    if not re.fullmatch(r"[a-z0-9_.-]*", name):
        return "name.bad_character"
    if "_" in name:
        return "name.underscore"
    if any(label[0] == "-" or label[-1] == "-" for label in labels):
        return "name.hyphen"
    if len(labels) == 1:
        return "name.single_label"
    if labels[-1].isdigit():
        return "name.numeric_tld"
    return None


def _is_address(text: str) -> bool:
    if not text[-1].isdigit() and ":" not in text and text[-1] != "]":
        return False
    literal = text[1:-1] if text.startswith("[") and text.endswith("]") else text
    if literal[:5].lower() == "ipv6:":
        literal = literal[5:]
    try:
        ipaddress.ip_address(literal)
    except ValueError:
        return False
    return True
