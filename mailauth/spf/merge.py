"""One SPF record from the live one or ones and the terms that are wanted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field

from ..certain import certain
from ..finding import Kind, Severity
from ..value import dataclass
from .networks import Network, is_within
from .record import hidden_parts, parse, parse_term
from .repair import is_bold, repair
from .terms import MECHANISMS, VERSION, Term, clip

_W, _I = Severity.WARNING, Severity.INFO

# What a merge says about itself; no findings about a domain.
NOTES: dict[str, Kind] = {
    "spf.merge_records": Kind(_I, "Several records became one.", "RFC 7208 §3.2"),
    "spf.merge_repaired": Kind(_I, "A term that receivers could not read was put right.", "RFC 7208 §4.6"),
    "spf.merge_duplicate": Kind(_I, "A term that stood there twice was left out once.", "RFC 7208 §4.6.2"),
    "spf.merge_replaced": Kind(
        _W, "A term with another qualifier than pass gives way to the same term with pass.", "RFC 7208 §4.6.2"
    ),
    "spf.merge_dropped": Kind(_I, "A term was removed, as asked.", ""),
    "spf.merge_all_changed": Kind(
        _W, "The record ended in +all, ?all or without all; ~all is proposed, a change of its own.", "RFC 7208 §5.1"
    ),
    "spf.merge_all_differs": Kind(_I, "The records ended differently; ~all is kept.", "RFC 7208 §5.1"),
    "spf.merge_all_moved": Kind(_W, "all went to the end: terms behind it had no effect and now have one.", "RFC 7208 §5.1"),
    "spf.merge_redirect_dropped": Kind(_I, "A redirect beside all had no effect and was left out.", "RFC 7208 §6.1"),
    "spf.merge_redirect_included": Kind(_I, "A redirect became an include, because all follows it now.", "RFC 7208 §6.1"),
    # Refusals.
    "spf.merge_syntax": Kind(_W, "A term cannot be read in one way only; it must be put right by hand.", "RFC 7208 §4.6"),
    "spf.merge_two_redirects": Kind(_W, "Two different redirects cannot be merged.", "RFC 7208 §6"),
    "spf.merge_two_explanations": Kind(_W, "Two different exp modifiers cannot be merged.", "RFC 7208 §6"),
    "spf.merge_bad_term": Kind(_W, "A wanted term is no valid SPF term.", "RFC 7208 §4.6.1"),
}


@dataclass(frozen=True)
class Note:
    """One thing that the merge did: a code of :data:`NOTES` with parameters."""

    code: str
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Merge:
    """The outcome of a merge: ``value`` is the one record to publish, or ``None`` with the code in ``refused``.

    ``all_changed`` tells whether the end of the record differs from what receivers see
    now: from ``all_before`` (``"+all"``, ``None`` where there was none) to ``all_after``.
    ``duplicates`` are the terms that were left out because they stood there already.
    """

    value: str | None
    refused: str | None = None
    refused_params: Mapping[str, object] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()
    duplicates: tuple[str, ...] = ()
    all_changed: bool = False
    all_before: str | None = None
    all_after: str | None = None


_SOFTFAIL = certain(parse_term("~all"))


class _Refused(Exception):
    """Ends a merge that cannot be done; never leaves this module."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code, self.params = code, params


def merge(records: Sequence[str], terms: Sequence[str], *, drop: Sequence[str] = (), known: Sequence[str] = ()) -> Merge:
    """The one SPF record that says what ``records`` say and lets ``terms`` pass.

    Pure: asks nothing. ``terms`` come first behind ``v=spf1``, in the order given; one
    that is already there stays where it is, and an address that a network there lets pass is
    not added. Everything else keeps its order. ``drop`` names terms to leave out; ``known`` are
    terms of others who send, whose bare names can be read. What is broken is repaired where there is one way to read
    it, else the merge is refused; two redirects or two exp are refused too (RFC 7208
    §6). Of differing ``all`` the result has ``~all``; for ``+all``, ``?all`` and none it
    proposes ``~all`` and says so. A wanted term may be an ``all`` itself: it ends the record.
    """
    notes: list[Note] = []
    try:
        wanted = [_wanted(text) for text in terms]
        meant = [term for term in map(parse_term, known) if term is not None]
        parts = [_split(_readable(text, [*wanted, *meant], notes)) for text in records]
        return _merge(parts, wanted, {_body(text) for text in drop}, notes)
    except _Refused as refusal:
        return Merge(None, refused=refusal.code, refused_params=refusal.params)


def _wanted(text: str) -> Term:
    term = parse_term(text.strip())
    if term is None or term.kind != "mechanism":
        raise _Refused("spf.merge_bad_term", term=clip(text))
    return term


def _body(text: str) -> str:
    term = parse_term(text.strip())
    return term.body if term is not None else text


def _readable(text: str, known: Sequence[Term], notes: list[Note]) -> list[Term]:
    """The terms of a record, repaired where they need it."""
    parsed = parse(text)
    if not parsed.errors and not any(hidden_parts(term) or _misspelt(term) for term in parsed.terms):
        return list(parsed.terms)
    repaired = repair(text, known)
    if repaired.broken:
        raise _Refused("spf.merge_syntax", terms=list(repaired.broken[:10]), record=clip(text, 500))
    notes += [Note("spf.merge_repaired", {"before": before, "after": after}) for before, after in repaired.changed]
    terms = []
    for term in repaired.terms:
        meant = parse_term(f"{term.name}:{term.value}") if _misspelt(term) else term
        if meant is not None and meant is not term and is_bold(meant):
            meant = term  # receivers ignore it, and it stays as it is
        if meant is not term:
            notes.append(Note("spf.merge_repaired", {"before": clip(term.text), "after": meant.text if meant else ""}))
        terms += [meant] if meant else []
    return terms


def _misspelt(term: Term) -> bool:
    """``include=a.example``, or a second ``v=spf1``: modifiers by their form, ignored by receivers."""
    return term.kind == "modifier" and (term.name in MECHANISMS or term.name == "v")


@dataclass
class _Part:
    """One record, taken apart; ``behind`` are the modifiers that stand behind its ``all``."""

    terms: list[Term]
    dead: list[Term]  # mechanisms behind all
    behind: list[Term]
    final: Term | None
    redirect: Term | None
    explanations: list[Term]


def _split(terms: list[Term]) -> _Part:
    part = _Part([], [], [], None, None, [])
    for term in terms:
        if term.kind == "modifier":
            if term.name == "redirect":
                if part.redirect is not None and part.redirect.body != term.body:
                    raise _Refused("spf.merge_two_redirects", redirects=[clip(part.redirect.text), clip(term.text)])
                part.redirect = term
                continue
            if term.name == "exp":
                part.explanations.append(term)
            (part.terms if part.final is None else part.behind).append(term)
        elif term.name == "all":
            part.final = part.final or term
        else:
            (part.terms if part.final is None else part.dead).append(term)
    return part


def _merge(parts: list[_Part], wanted: list[Term], drop: set[str], notes: list[Note]) -> Merge:
    if len(parts) > 1:
        notes.append(Note("spf.merge_records", {"count": len(parts)}))
    for part in parts:
        if part.redirect is not None and _is_dropped(part.redirect, drop, notes):
            part.redirect = None
    final, changed = _final(parts, wanted, notes)
    redirect = _redirect(parts, any(term.name == "all" for term in wanted), notes)
    _one_explanation(parts)

    for part in parts:
        if part.dead:
            dead = [clip(term.text) for term in part.dead[:20]]
            notes.append(Note("spf.merge_all_moved", {"all": certain(part.final).text, "terms": dead}))
    kept = [[term for term in part.terms + part.dead if not _is_dropped(term, drop, notes)] for part in parts]
    ours = _ours(parts, [term for term in wanted if term.name != "all"], kept, notes)
    duplicates: list[str] = []
    seen: set[str] = set()
    terms = _unique(ours, kept, seen, duplicates)
    behind = _unique([], [part.behind for part in parts], seen, duplicates)
    notes += [Note("spf.merge_duplicate", {"term": clip(text)}) for text in duplicates]
    end = [final, *behind] if redirect is None else [*behind, redirect]
    before = parts[0].final if len(parts) == 1 else None
    return Merge(
        " ".join([VERSION, *(term.text for term in [*terms, *end])]),
        notes=tuple(notes),
        duplicates=tuple(duplicates),
        all_changed=changed,
        all_before=before.text if before is not None else None,
        all_after=final.text if redirect is None else None,
    )


def _final(parts: list[_Part], wanted: list[Term], notes: list[Note]) -> tuple[Term, bool]:
    """The ``all`` of the result (unused where a redirect ends it), and whether it is a change of its own."""
    alls = [part.final for part in parts if part.final is not None]
    open_ended = [part for part in parts if part.final is None and part.redirect is None]
    asked = next((term for term in wanted if term.name == "all"), None)
    if asked is not None:
        return asked, bool(parts) and (not alls or any(term.qualifier != asked.qualifier for term in alls))
    if any(part.redirect is not None for part in parts) and not alls:
        return _SOFTFAIL, False
    weak = [term.text for term in alls if term.qualifier in "+?"] + [None] * len(open_ended)
    if weak:
        notes.append(Note("spf.merge_all_changed", {"before": weak[0], "after": _SOFTFAIL.text}))
        return _SOFTFAIL, True
    if len({term.qualifier for term in alls}) > 1:
        notes.append(Note("spf.merge_all_differs", {"all": [term.text for term in alls[:10]], "after": _SOFTFAIL.text}))
        return _SOFTFAIL, False
    return (alls[0] if alls else _SOFTFAIL), False


def _redirect(parts: list[_Part], all_is_wanted: bool, notes: list[Note]) -> Term | None:
    """The redirect that ends the result, if no ``all`` does; others become includes or go (RFC 7208 §5.1, §6.1)."""
    live: dict[str, Term] = {}
    for part in parts:
        if part.redirect is not None and part.final is not None:
            notes.append(Note("spf.merge_redirect_dropped", {"term": clip(part.redirect.text)}))
            part.redirect = None
        elif part.redirect is not None:
            live.setdefault(part.redirect.body, part.redirect)
    if len(live) > 1:
        raise _Refused("spf.merge_two_redirects", redirects=[clip(term.text) for term in live.values()])
    if not live:
        return None
    if not all_is_wanted and all(part.final is None for part in parts):
        return next(iter(live.values()))
    for part in parts:
        if part.redirect is not None:
            include = certain(parse_term(f"include:{part.redirect.domain_spec}"))
            notes.append(
                Note("spf.merge_redirect_included", {"before": clip(part.redirect.text), "after": clip(include.text)})
            )
            part.terms.append(include)
    return None


def _one_explanation(parts: list[_Part]) -> None:
    bodies = {term.body: term for part in parts for term in part.explanations}
    if len(bodies) > 1:
        raise _Refused("spf.merge_two_explanations", terms=[clip(term.text) for term in bodies.values()])


def _is_dropped(term: Term, drop: set[str], notes: list[Note]) -> bool:
    if term.body not in drop:
        return False
    notes.append(Note("spf.merge_dropped", {"term": clip(term.text)}))
    return True


def _ours(parts: list[_Part], wanted: list[Term], kept: list[list[Term]], notes: list[Note]) -> list[Term]:
    """The wanted terms that are not there yet; takes away what stands in their way."""
    dead = {id(term) for part in parts for term in part.dead}
    ours: dict[str, Term] = {}
    for term in wanted:
        if term.network is not None and _is_covered(term.network, kept):
            continue
        present = any(
            other.key == term.key and id(other) not in dead for terms in kept for other in terms
        )
        for terms in kept:
            for other in [other for other in terms if other.body == term.body]:
                if other.key != term.key:
                    notes.append(Note("spf.merge_replaced", {"before": clip(other.text), "after": clip(term.text)}))
                elif present and id(other) not in dead:
                    continue
                terms.remove(other)
        if not present:
            ours.setdefault(term.body, term)
    return list(ours.values())


def _is_covered(wanted: Network, kept: list[list[Term]]) -> bool:
    """Whether a network lets a wanted one pass for sure: nothing that stands before it decides otherwise, or asks DNS."""
    for term in (term for terms in kept for term in terms if term.kind == "mechanism"):
        if term.network is None:
            return False
        if term.network.version != wanted.version:
            continue
        if term.qualifier == "+" and is_within(wanted, term.network):
            return True
        if term.qualifier != "+" and term.network.overlaps(wanted):
            return False
    return False


def _unique(ours: list[Term], kept: list[list[Term]], seen: set[str], duplicates: list[str]) -> list[Term]:
    """All terms once. A later term with the same body can never match, whatever its qualifier (RFC 7208 §4.6.2).

    Of two records a pass in one wins: each was meant to let its senders pass. Within one the first decides.
    """
    firsts = [{term.body: term for term in reversed(terms)} for terms in kept]
    passed = {body: term for first in firsts for body, term in first.items() if term.qualifier == "+"}
    result: list[Term] = []
    for term in [*ours, *(term for terms in kept for term in terms)]:
        if term.body in seen:
            duplicates.append(term.text)
        else:
            seen.add(term.body)
            result.append(term)
    several = len([terms for terms in kept if terms]) > 1
    return [passed.get(term.body, term) if several and term.kind == "mechanism" else term for term in result]
