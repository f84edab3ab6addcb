"""The steps of DMARC, where a domain stands on them, and what the next one needs. Made of stored values only."""

from ..texts import dmarc_ladder as texts
from ..texts import states
from ..texts.filling import say
from .publication import get_publication

POLICIES = tuple(texts.STEPS)


def get_dmarc_ladder(domain):
    """Return the steps from ``none`` to ``reject``.

    :return: ``None`` of a domain of somebody else or one that was not checked, else ``{steps, sentence, paths, change}``: a step
        is ``{policy, title, sentence, place}``, ``place`` the words that mark where the domain stands; ``sentence`` what the
        next step needs, ``paths`` what stands in its way as ``{id, who, state, label}``, and ``change`` the record that takes
        it, as its card (:func:`get_card`), or ``None``
    """
    report = None if domain.is_foreign else domain._get_report()
    policy = report and report.policy
    if not policy:
        return None
    env, stands = domain.env, policy['requested'] if policy['status'] == 'found' else None
    code, paths, change = _get_next(domain, report, policy)
    return {
        'steps': [
            {'policy': each, 'title': env._(title), 'sentence': env._(sentence),
             'place': env._(texts.TESTING if policy['testing'] else texts.CURRENT) if each == stands else None}
            for each, (title, sentence) in texts.STEPS.items()],
        'sentence': change['why'] if change else say(env, texts.NEXT[code], name=policy['name']),
        'paths': [
            {'id': path.id, 'who': path.who, 'state': path.state, 'label': states.state_label(env, path.state)}
            for path in paths],
        'change': change,
    }


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
