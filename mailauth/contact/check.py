"""The light look at domains of others: DMARC and MX, SPF if asked for, as few questions as that takes."""

from __future__ import annotations

from collections.abc import Iterable

from .. import dmarc
from ..certain import certain
from ..dns.answer import Answer
from ..dns.names import MAX_TEXT, domain_problem, to_ascii
from ..dns.protocol import Resolver
from ..spf.walk import read_policy, static_target
from ..status import RecordStatus
from ..together import for_each, together
from . import reception
from .domain import ContactDomain, PolicyInForce, Reception, SpfDefault

AT_ONCE = 200  # domains looked at side by side: each has two or three questions, one after the other
LONG = 30 * 86_400.0  # seconds: however many domains there are, each question has its own time
MAX_REDIRECTS = 10  # of an SPF record (RFC 7208 §4.6.4)

# These are mistakes in a mail domain that some servers deliver to all the same: DNS is asked.
_TOLERATED = frozenset({"name.underscore", "name.hyphen"})
_POLICIES = {
    None: PolicyInForce.NONE, "none": PolicyInForce.MONITOR, "quarantine": PolicyInForce.QUARANTINE,
    "reject": PolicyInForce.REJECT,
}
_DEFAULTS = {"+": SpfDefault.PASS, "-": SpfDefault.FAIL, "~": SpfDefault.SOFTFAIL, "?": SpfDefault.NEUTRAL}


async def check_contact_domain(resolver: Resolver, name: str, *, spf: bool = False) -> ContactDomain:
    """The light look at one domain, given as text: four questions as a rule, fewer where others have asked for the same.

    What is no domain costs no question. Nothing is raised because of what DNS says or fails to say.
    """
    problem = refusal(name)
    if problem:
        return ContactDomain(
            name[:MAX_TEXT], "", PolicyInForce.NONE, Reception.NOT_A_DOMAIN, possible=(PolicyInForce.NONE,), problem=problem)
    domain = certain(to_ascii(name))
    # The last one takes no task of its own: with what is not asked for there, each domain would take one more.
    by_spf = (_spf_default(resolver, domain),) if spf else ()
    policy, *defaults, found = await together(dmarc.discover(resolver, domain), *by_spf, reception.find(resolver, domain))
    failed: list[Answer] = list(found.failed)
    if len(policy.possible) > 1:
        view = policy.legacy
        failed += [answer for answer in (policy.failed, view.failed if view else None) if answer]
    default, unanswered = defaults[0] if defaults else (None, None)
    if unanswered:
        failed.append(unanswered)
    return ContactDomain(
        name=name,
        domain=domain,
        policy=_POLICIES[policy.stricter] if len(policy.possible) == 1 else PolicyInForce.UNKNOWN,
        reception=found.reception,
        policy_domain=_policy_domain(policy),
        testing=policy.testing,
        possible=tuple(one for key, one in _POLICIES.items() if key in policy.possible),
        mx_hosts=found.mx_hosts,
        spf=default,
        unanswered=tuple(dict.fromkeys(f"{answer.name} {answer.rdtype}: {answer.status.value}" for answer in failed)),
    )


def refusal(name: str) -> str | None:
    """Why DNS is not asked about a text, which is no domain: a key of :data:`mailauth.CODES`, or ``None``."""
    problem = domain_problem(name)
    if problem in _TOLERATED:
        problem = None
    return problem or (None if to_ascii(name) else "name.bad_character")


def _policy_domain(policy: dmarc.Policy) -> str | None:
    """Whose record it is; that of older receivers where the others have none."""
    if policy.policy_domain and policy.status != RecordStatus.NONE:
        return policy.policy_domain
    legacy = policy.legacy
    return legacy.policy_domain if legacy and legacy.status != RecordStatus.NONE else None


async def check_contact_domains(resolver: Resolver, names: Iterable[str], *, spf: bool = False) -> list[ContactDomain]:
    """The light look at each of the names, in their order.

    For code without an event loop, or more names than are to be held in memory: :func:`mailauth.iter_contact_domains`.
    """

    async def check(name: str) -> ContactDomain:
        return await check_contact_domain(resolver, name, spf=spf)

    async with resolver.batch(LONG):
        return await for_each(check, list(names), AT_ONCE)


async def _spf_default(resolver: Resolver, domain: str) -> tuple[SpfDefault, Answer | None]:
    """What the SPF record says of servers that it does not name, and the question that was not answered."""
    at: str | None = domain
    for _number in range(MAX_REDIRECTS + 1):
        answer = await resolver.query(certain(at), "TXT")
        if not answer.is_fact:
            return SpfDefault.UNKNOWN, answer
        policy = read_policy(certain(at), answer)
        if not policy.texts and at == domain:
            return SpfDefault.NONE, None
        record = policy.record
        if record is None or record.errors:
            return SpfDefault.INVALID, None
        if record.all is not None:
            return _DEFAULTS[record.all.qualifier], None
        redirect = record.modifier("redirect")
        if redirect is None:
            return SpfDefault.NEUTRAL, None
        at = static_target(redirect, certain(at), domain)
        if at is None:
            return SpfDefault.UNKNOWN, None
    return SpfDefault.INVALID, None
