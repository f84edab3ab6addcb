"""From the octets of XML as others write it to elements, a piece at a time: no DTD, no entities, bounded, repaired if need be."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import Any

from .model import Limits, Remarks
from .unpacking import Damaged

MAX_PREFIXES = 4  # namespaces that were never declared
MAX_NAMES = 2000  # of elements that are remembered

# All that was given stands in one element of ours: white space and text around it, declarations anywhere and several
# reports after one another are then well-formed, and a document type can be nowhere.
_OURS = "reports"
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WITHOUT_BOM = ((b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"))
_DECLARED = re.compile(rb"""\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']\s*([\w.:-]{1,40})""")
_ENCODINGS = re.compile(r"iso8859|cp\d|koi8|gb|big5|euc|shift_jis|mac|ascii|utf-8|tis-620")
_DECLARATION = re.compile(r"<\?xml(?:\s[^<>]*)?>")
# What is repaired before libxml2 has to guess: tags of a schema that never ends, brackets and ampersands that mean
# themselves, and characters that XML does not have.
_SCHEMA = re.compile(r"</?xs:schema\b[^<>]*>")
_BRACKET = re.compile(r"<(?!/?[A-Za-z_][\w.:-]*[\s/>]|[!?])")
_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9a-fA-F]{1,6});)")
_ILLEGAL = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF])
_DOCTYPE = re.compile(r"<!DOCTYPE", re.IGNORECASE)
_PREFIX = re.compile(r"Namespace prefix ([A-Za-z_][\w.-]{0,100}) (?:on|for) ")
_UNDECLARED = 201  # libxml2's XML_NS_ERR_UNDEFINED_NAMESPACE
_HELD, _HELD_ENTITY = 300, 12  # characters of a tag, and of an entity, that may go on in the next chunk


class NotReadable(Exception):
    """Nothing can be read; ``code`` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Malformed(Exception):
    """The XML has to be repaired."""


class Undeclared(Exception):
    """A namespace is used that was never declared."""

    def __init__(self, prefix: str) -> None:
        super().__init__(prefix)
        self.prefix = prefix


def texts(chunks: Iterator[bytes], remarks: Remarks, *, repair: bool = False) -> Iterator[str]:
    """The octets as text without marks and declarations; what does not belong to the encoding is replaced and remarked.

    Where they end too early, so do these, with a remark. ``repair``: what is known to break XML is mended.
    """
    decoder: codecs.IncrementalDecoder | None = None
    held = ""
    seen_element = False
    for chunk, final in _with_end(chunks, remarks):
        if decoder is None:
            name, chunk = _encoding(chunk)
            decoder = codecs.getincrementaldecoder(name)("strict")
        state = decoder.getstate()
        try:
            text = decoder.decode(chunk, final)
        except UnicodeDecodeError:
            remarks.part("reports.encoding_repaired")
            decoder = codecs.getincrementaldecoder(name)("replace")
            decoder.setstate(state)
            text = decoder.decode(chunk, final)
        text, held = held + text, ""
        if not final:
            for at in (_open(text, "<", ">", _HELD), _open(text, "&", ";", _HELD_ENTITY)):
                if 0 <= at < len(text):
                    text, held = text[:at], text[at:] + held
        if not seen_element and "<" in text:
            if _DOCTYPE.search(text):
                raise NotReadable("reports.has_dtd")
            seen_element = bool(re.search(r"<[^?!]", text))
        if "<?xml" in text:
            text = _DECLARATION.sub("", text)
        yield _repaired(text) if repair else text


def _open(text: str, begin: str, end: str, within: int) -> int:
    """Where something begins that may go on in the next chunk; -1 if nothing does."""
    at = text.rfind(begin, max(0, len(text) - within))
    return at if at >= 0 and end not in text[at:] else -1


def _repaired(text: str) -> str:
    text = _SCHEMA.sub("", text.translate(_ILLEGAL))
    return _AMPERSAND.sub("&amp;", _BRACKET.sub("&lt;", text))


def _with_end(chunks: Iterator[bytes], remarks: Remarks) -> Iterator[tuple[bytes, bool]]:
    """The chunks, the first with the beginning of something, and an empty one at the end."""
    begin: bytes | None = b""
    try:
        for chunk in chunks:
            if begin is not None:  # so much that the encoding can be told
                chunk = (begin + chunk).lstrip(b"\r\n\t ")
                if len(chunk) < 256:
                    begin = chunk
                    continue
                begin = None
            yield chunk, False
    except Damaged as damage:
        (remarks.add if damage.code == "reports.other_content" else remarks.part)(damage.code)
    if begin:
        yield begin, False
    yield b"", True


def _encoding(head: bytes) -> tuple[str, bytes]:
    """The name of the encoding, and the octets without its mark."""
    for mark, name in _BOMS:
        if head.startswith(mark):
            return name, head[len(mark):]
    for begin, name in _WITHOUT_BOM:
        if head.startswith(begin):
            return name, head
    declared = _DECLARED.match(head[:400])
    if declared:
        try:
            name = codecs.lookup(declared[1].decode("ascii")).name
            if _ENCODINGS.match(name):
                return ("cp1252" if name == "iso8859-1" else name), head
        except (LookupError, UnicodeError):
            pass
    return "utf-8", head


class Elements:
    """Hands over each element below the root of each document as soon as it is whole, and forgets it.

    ``repair`` reads what is malformed as far as it goes, ``prefixes`` are namespaces that nobody declared.
    """

    def __init__(self, limits: Limits, remarks: Remarks, *, prefixes: tuple[str, ...] = (), repair: bool = False) -> None:
        from lxml import etree

        self.limits = limits
        self.remarks = remarks
        self.prefixes = prefixes
        self.repair = repair
        self.syntax_error = etree.XMLSyntaxError
        self.parser = etree.XMLPullParser(
            events=("start",), tag=_OURS, recover=repair, encoding="utf-8", resolve_entities=False, no_network=True,
            load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True,
            remove_blank_text=True, collect_ids=False)

    def read(self, texts: Iterator[str]) -> Iterator[tuple[int, Any, Any]]:
        """The number of the document, its root, and an element below it or ``None`` where the document ends.

        An element is good until the next one is asked for.
        """
        declared = "".join(f' xmlns:{prefix}="urn:undeclared:{prefix}"' for prefix in self.prefixes)
        self.parser.feed(f"<{_OURS}{declared}>")
        _event, ours = next(iter(self.parser.read_events()))
        number, open_size = 1, 0
        for text in texts:
            if not self._feed(text):
                break
            open_size += len(text)
            roots = len(ours)
            for position in range(roots):
                is_last = position == roots - 1  # it, and the last element in it, may go on
                root = ours[-1 if is_last else 0]
                whole = len(root) - is_last
                if whole > 0:
                    for element in root[:whole]:
                        yield number, root, element
                    del root[:whole]
                    open_size = 0
                if not is_last:
                    yield number, root, None
                    number += 1
                    del ours[0]
                    open_size = 0
            if open_size > self.limits.element:
                self.remarks.part("reports.element_too_large")
                break
        else:
            self._feed(f"</{_OURS}>", last=True)
        for root in ours:
            for element in root:
                yield number, root, element
            yield number, root, None
            number += 1

    def _feed(self, text: str, *, last: bool = False) -> bool:
        """Whether it may go on."""
        try:
            if text:
                self.parser.feed(text.encode("utf-8", "replace"))
            if last:
                self.parser.close()
        except self.syntax_error as error:
            if not self.repair:
                self._raise(error)
            return False
        return True

    def _raise(self, error: Any) -> None:
        found = _PREFIX.search(error.msg or "") if error.code == _UNDECLARED else None
        if found and found[1] not in self.prefixes and len(self.prefixes) < MAX_PREFIXES:
            raise Undeclared(found[1]) from None
        raise Malformed from None


class Names:
    """The local names of elements in lower case: namespaces and capitals say nothing in reports."""

    def __init__(self) -> None:
        self._known: dict[Any, str] = {}

    def __call__(self, element: Any) -> str:
        tag = element.tag
        name = self._known.get(tag)
        if name is None:
            # An undeclared prefix stays part of the name; what is no element is an entity that stayed in what was repaired.
            name = tag.rpartition("}")[2].rpartition(":")[2].lower() if isinstance(tag, str) else ""
            if len(self._known) < MAX_NAMES:
                self._known[tag] = name
        return name
