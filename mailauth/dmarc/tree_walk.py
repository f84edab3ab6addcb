"""Which DMARC record applies to a domain: the tree walk (RFC 9989 §4.10)."""

from __future__ import annotations

from ..certain import certain
from ..dns.answer import Answer, Status
from ..dns.names import ancestors, parent, to_ascii
from ..dns.protocol import Resolver
from ..value import cached_property, dataclass
from .record import DmarcRecord, is_dmarc, means_dmarc, parse

MAX_QUESTIONS = 8  # RFC 9989 §4.10


@dataclass(frozen=True)
class Step:
    """One name of a tree walk and what stands there.

    ``record`` is the one DMARC record of the name; ``several`` has the texts where there
    are more than one, which receivers discard all; ``near_misses`` has texts that mean to
    be a DMARC record and are none.
    """

    domain: str
    answer: Answer
    record: DmarcRecord | None = None
    several: tuple[str, ...] = ()
    near_misses: tuple[str, ...] = ()

    @property
    def failed(self) -> bool:
        return not self.answer.is_fact

    @property
    def stops(self) -> bool:
        """Whether the walk ends here (RFC 9989 §4.10, steps 2 and 6)."""
        return self.record is not None and self.record.psd in ("y", "n")


@dataclass(frozen=True)
class Walk:
    """The tree walk from one domain, from the longest name to the shortest, as far as receivers go."""

    domain: str
    steps: tuple[Step, ...]

    @cached_property
    def failed(self) -> Answer | None:
        """The first question of the walk that DNS did not answer."""
        for step in self.steps:
            if step.failed:
                return step.answer
        return None

    @cached_property
    def organizational_domain(self) -> str | None:
        """RFC 9989 §4.10.2; ``None`` if a question of the walk was not answered: any record might stand there."""
        if self.failed:
            return None
        found = [step for step in self.steps if step.record]
        if not found:
            return self.domain
        last = found[-1]  # either the one that stopped the walk or the one with the fewest labels
        if certain(last.record).psd == "y" and last.domain != self.domain:
            return _one_label_below(last.domain, self.domain)
        return last.domain

    def step(self, domain: str | None) -> Step | None:
        for step in self.steps:
            if step.domain == domain:
                return step
        return None

    def below(self, name: str) -> Walk | None:
        """The walk of a subdomain ``name`` that has no record of its own, made of the answers of this one.

        ``None`` where they are not enough: a name of nine labels or more skips some of its parents.
        """
        if name.count(".") < MAX_QUESTIONS and name.partition(".")[2] == self.domain:
            return Walk(name, self.steps)  # the walk of a short name goes on as that of its parent
        by_domain = {step.domain: step for step in self.steps}
        steps: list[Step] = []
        for other in walk_names(name)[1:]:
            if other not in by_domain:
                return None
            steps.append(by_domain[other])
            if steps[-1].stops:
                break
        return Walk(name, tuple(steps))


def _one_label_below(ancestor: str, domain: str) -> str:
    labels = domain.split(".")
    return ".".join(labels[-(ancestor.count(".") + 2) :])


def walk_names(domain: str) -> list[str]:
    """The domains that a tree walk looks at, longest first, at most eight (RFC 9989 §4.10)."""
    return [domain, *ancestors(parent(domain))[1 - MAX_QUESTIONS:]]


def record_name(domain: str) -> str:
    """Where the record of a domain stands (RFC 9989 §4.5)."""
    return f"_dmarc.{domain}"


async def walk(resolver: Resolver, domain: str) -> Walk:
    """Walk the tree from a domain (any text; one that cannot be asked has no record and no parents).

    The questions are asked together: a receiver asks them one after the other, but needs
    all of them unless a ``psd`` tag stops it, which is rare.
    """
    name = to_ascii(domain)
    if name is None:
        return Walk(domain, (Step(domain, Answer(domain[:300], "TXT", Status.BAD_NAME)),))
    names = walk_names(name)
    answers = await resolver.query_all(*((record_name(other), "TXT") for other in names))
    steps = []
    for other, answer in zip(names, answers):
        steps.append(read_step(other, answer))
        if steps[-1].stops:
            break
    return Walk(name, tuple(steps))


def read_step(domain: str, answer: Answer) -> Step:
    """What the answer for ``_dmarc.<domain>`` holds; in an order that does not depend on the server's."""
    if not answer.records:
        return Step(domain, answer)
    texts = sorted(answer.texts)
    records = [text for text in texts if is_dmarc(text)]
    near_misses = tuple([text for text in texts if text not in records and means_dmarc(text)])
    if len(records) == 1:
        return Step(domain, answer, parse(records[0]), near_misses=near_misses)
    return Step(domain, answer, several=tuple(records), near_misses=near_misses)
