"""What reports say of a domain's own mail, held against what DNS and proofs say: an area of its report, told as any other.

:mod:`receiving.following` keeps what reports say. Nothing is told of it before DNS or a proof bears it out; that DNS is in order
again, or silent, ends nothing that was told: the reports of a day do. Where nobody reports such mail any more, DNS does.
"""

from collections import namedtuple
from dataclasses import replace

from ..mailauth import advice
from ..mailauth.codes import to_dict
from ..mailauth.finding import Finding
from ..mailauth.verdict import State
from .stored_report import Area

AREA = 'sources'
SOUND = 'sources.none'
ENFORCING = ('quarantine', 'reject')
# What bears out that mail fails: a code of mailauth.CODES; which protocol the mail relied on; where the stored verdict of its
# path says so, and what it says then.
Witness = namedtuple('Witness', 'code relied place broken')
# What is there in part only bears out nothing: it may have been so while the mail passed.
WITNESSES = (
    Witness('sources.key_missing', 'dkim', 'status', frozenset({'missing'})),
    Witness('sources.not_permitted', 'spf', 'result', frozenset({'fail', 'none', 'permerror'})),
)
PROOF = 'sources.proof_failed'
PROOFS = frozenset({'proof.signature_stopped', 'proof.unverified'})  # findings that bear it out


def with_reported(domain, report):
    """Return ``report`` with the area :data:`AREA` and its findings, where there are reports about the domain."""
    reported = domain.reported
    if not reported or domain.is_foreign:
        return report
    fails = reported.get('failing') or {}
    is_enforcing = _is_enforcing(report)
    if not fails or is_enforcing is False:
        return replace(report, areas={**report.areas, AREA: Area('pass', SOUND)}, answered=[*report.answered, AREA])
    borne_out = _bear_out(domain, report, fails) if is_enforcing else {}
    if not borne_out and is_enforcing and not report.unanswered and all(seen.get('is_silent') for seen in fails.values()):
        return replace(report, areas={**report.areas, AREA: Area('pass', SOUND)}, answered=[*report.answered, AREA])
    if not borne_out:  # it lasts where it was told, and waits where it was not
        return replace(report, areas={**report.areas, AREA: Area('pass', SOUND, worst=State.FAIL.value)})
    found = [
        Finding(code, place.partition(':')[2], {
            'service': fails[place]['service'], 'since': fails[place]['since'], 'policy': report.policy['requested']})
        for place, code in borne_out.items()]
    state = State.FAIL if any(fails[place]['stopped'] for place in borne_out) else State.WARNING
    first = max(borne_out, key=lambda place: fails[place]['failed'])
    area = Area(state.value, borne_out[first], dict(found[list(borne_out).index(first)].params), worst=State.FAIL.value)
    return replace(
        report, areas={**report.areas, AREA: area}, findings=[*report.findings, *map(to_dict, found)],
        answered=[*report.answered, AREA] if len(borne_out) == len(fails) else report.answered)


def bear_out(relied, verdicts, proofs):
    """Return the code of what bears out that mail fails, or ``None``.

    :param relied: the protocols that it passed by before
    :param verdicts: what the last look at DNS said of the paths it may come from (``StoredReport.paths``); silence says nothing
    :param proofs: the codes of lasting findings that proof emails on these paths made
    """
    for witness in WITNESSES:
        if witness.relied in relied and any(
                (verdict.get(witness.relied) or {}).get(witness.place) in witness.broken for verdict in verdicts):
            return witness.code
    return PROOF if PROOFS & set(proofs) else None


def get_told(domain, report):
    """Return ``(code, parameters)`` of what is said of the domain's own mail that fails, or ``None``.

    That is what the last look found, or what was told before and is not known to be over.
    """
    area = report.areas.get(AREA)
    if not area or not (domain.reported or {}).get('failing'):
        return None
    if area.state != State.PASS:
        return area.code, area.params
    told = (domain.announced or {}).get(AREA, {})
    fails = max(domain.reported['failing'].values(), key=lambda seen: seen['failed'])
    if 'broken_from' not in told or not told.get('cause') or not _is_enforcing(report):
        return None
    return told['cause'], {'service': fails['service'], 'since': fails['since'], 'policy': report.policy['requested']}


def get_step_back(report):
    """Return the DMARC record that asks for one step less, or ``None``: ``{name, type, old_value, value, policy}``."""
    policy = report.policy
    if not policy or not policy['name'] or policy['inherited'] or not _is_enforcing(report):
        return None
    records = [record for record in report.records_of('dmarc') if record['name'] == policy['name'] and record['type'] == 'TXT']
    found = advice.dmarc.relaxed(records[0]['value']) if len(records) == 1 else None
    return found and {
        'name': policy['name'], 'type': 'TXT', 'old_value': records[0]['value'], 'value': found[0], 'policy': found[1]}


def _is_enforcing(report):
    """Whether receivers are asked to stop mail, older ones that read no ``t=y`` included; ``None`` where DNS did not say."""
    policy = report.policy
    if not policy or policy['status'] == 'unknown' or report.deadline_passed:
        return None
    return policy['status'] == 'found' and policy['requested'] in ENFORCING


def _bear_out(domain, report, fails):
    """Return ``{place: code}`` of the sources of which DNS or a proof says the same."""
    proofs = domain.finding_ids.filtered(lambda found: found.area == 'proof' and not found.resolved_on)
    found = {}
    for place, seen in fails.items():
        keys = set(map(str, seen['paths']))
        senders = set(domain.path_ids.filtered(lambda path, keys=keys: str(path.id) in keys).mapped('from_email'))
        code = bear_out(
            seen['relied'], [verdict for verdict in report.paths if verdict['key'] in keys],
            proofs.filtered(lambda found, senders=senders: found.name in senders).mapped('code'))
        if code:
            found[place] = code
    return found
