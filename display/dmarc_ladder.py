"""The steps of DMARC, where a domain stands on them, and what the next one needs. Made of stored values only."""

from ..checking import reported
from ..checking.stored_report import Area
from ..mailauth import advice
from ..texts import dmarc_ladder as texts
from ..texts import reported as reported_texts
from ..texts import states, verdicts
from ..texts.filling import say
from .dmarc_evidence import assess_step, get_evidence
from .publication import get_publication

POLICIES = tuple(texts.STEPS)
CARRIES = ('ready', 'decide')  # verdicts with which the next step is proposed


def get_dmarc_ladder(domain):
    """Return the steps from ``none`` to ``reject``.

    :return: ``None`` of a domain of somebody else or one that was not checked, else ``{steps, sentence, paths, change,
        trial, evidence, failing}``:
        a step is ``{policy, title, sentence, place}``, ``place`` the words that mark where the domain stands; ``sentence`` what
        the next step needs, ``paths`` what stands in its way as ``{id, who, state, label}``, ``change`` the record that takes it,
        as its card (:func:`get_card`), or ``None``; ``trial`` the same as a test, ``{value, sentence}``, or ``None``;
        ``evidence`` what reports say of it (:func:`get_evidence`), or ``None``; ``failing`` own mail that receivers stop by
        this policy, ``{sentence, back}``, ``back`` how to step back, or ``None``
    """
    report = None if domain.is_foreign else domain._get_report()
    policy = report and report.policy
    if not policy:
        return None
    env, stands = domain.env, policy['requested'] if policy['status'] == 'found' else None
    place = texts.TESTING if policy['testing'] else texts.CURRENT
    code, paths, change = _get_next(domain, report, policy)
    assessment = assess_step(domain, policy) if change else None
    if assessment and assessment.verdict not in CARRIES:
        change = None
    sentence = change['why'] if change else say(env, texts.NEXT[code], name=policy['name']) if code else None
    return {
        'steps': [
            {'policy': each, 'title': env._(title), 'sentence': env._(sentence),
             'place': env._(place) if each == stands else None}
            for each, (title, sentence) in texts.STEPS.items()],
        'sentence': sentence,
        'paths': [
            {'id': path.id, 'who': path.who, 'state': path.state, 'label': states.state_label(env, path.state)}
            for path in paths],
        'change': change,
        'trial': _get_trial(env, change, assessment),
        'evidence': get_evidence(domain, assessment) if assessment else None,
        'failing': _get_failing(domain, report),
    }


def _get_trial(env, change, assessment):
    """Return the next step as a test, once reports carry it without one: older receivers ignore ``t=y`` and take it in full."""
    if not change or not assessment or assessment.verdict != 'ready' or change['reason'] not in texts.FURTHER:
        return None
    return {'value': advice.dmarc.on_trial(change['value']), 'sentence': env._(texts.TRIAL)}


def _get_failing(domain, report):
    told = reported.get_told(domain, report)
    if not told:
        return None
    back = reported.get_step_back(report)
    return {
        'sentence': verdicts.summary(domain.env, Area('fail', *told)),
        'back': back and {**back, 'sentence': reported_texts.why_step_back(domain.env, back['policy'])},
    }


def is_held_back(domain, report):
    """Whether reports do not carry the next step of DMARC that DNS alone would propose."""
    assessment = assess_step(domain, report.policy)
    return assessment is not None and assessment.verdict not in CARRIES


def _get_next(domain, report, policy):
    """Return ``(code of texts.NEXT, paths in the way, card of the change)`` of the next step."""
    none = domain.path_ids.browse()
    if policy['status'] == 'unknown':
        return 'unknown', none, None
    publication = get_publication(domain, report)
    if policy['status'] == 'none':
        return 'first' if any(change['area'] == 'dmarc' for change in publication['changes']) else 'missing', none, None
    if publication['next_steps']:
        return None, none, publication['next_steps'][0]
    if policy['requested'] == POLICIES[-1] and not policy['testing']:
        return 'done', none, None
    if policy['inherited']:
        return 'elsewhere', none, None
    if publication['changes']:
        return 'records', none, None
    paths = domain.path_ids.filtered(
        lambda path: path.is_used and path.company_id in domain.env.companies and path.state not in ('pass', 'not_needed'))
    return 'paths' if paths else 'open', paths, None
