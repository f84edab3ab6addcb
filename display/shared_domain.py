"""A domain that several companies share, as one of them has to do with it.

Another company's mail may leave as the same domain through a service that the records do not
permit: that is no alarm here. ``paths`` are those of one company.
"""

from ..mailauth.verdict import State
from ..texts import paths as path_texts
from ..texts import states, verdicts
from . import path_story
from .publication import get_publication

# What the domain's row says because of somebody who sends; of these the company's own senders may know better.
_OF_SENDERS = {
    'spf': ('spf.not_authorised', 'spf.partly_authorised', 'spf.receivers_differ', 'spf.sender_unknown'),
    'dkim': ('dkim.missing', 'dkim.missing_account_specific', 'dkim.account_specific', 'dkim.partial',
             'dkim.selector_unknown', 'dkim.sender_unknown'),
    'dmarc': ('dmarc.reject', 'dmarc.quarantine', 'dmarc.enforced_unproven', 'dmarc.enforced_fragile'),
}
_DMARC = {'pass': ('pass', 'dmarc.ok'), 'warning': ('pass', 'dmarc.enforced_fragile'),
          'unknown': ('unknown', 'dmarc.enforced_unproven')}


def get_own_overview(domain, paths):
    """Return the overview of a domain as far as ``paths`` are concerned."""
    env, overview = domain.env, domain.overview
    refused = paths.filtered(lambda path: path.is_used and path.refusal)[:1]
    if refused:  # whatever DNS says
        return {
            **overview, 'state': 'fail', 'label': states.state_label(env, 'fail'),
            'sentence': f"{path_texts.outcome(env, 'fail', None, refused.reasons)} {path_story.leaves(refused)}"}
    state = _get_own_state(domain, paths)
    report = domain.report
    if not _is_worse_for_others(domain, report, state):
        return overview
    sentence = verdicts.overall(env, {**report, 'state': state})
    if domain.state == 'fail':
        sentence = env._(
            "%(sentence)s Mail of another company that leaves as this domain is being refused, though: see the "
            "full report.", sentence=sentence)
    own = paths.filtered(lambda path: path.from_health_id == domain and path.is_used)
    return {
        **overview,
        'state': state,
        'label': states.state_label(env, state),
        'sentence': sentence,
        'areas': [_get_own_area(report, area, own, state) for area in overview['areas']],
    }


def get_own_publication(domain, paths):
    """Return what to publish without what only another company's mail needs."""
    state = _get_own_state(domain, paths)
    if not _is_worse_for_others(domain, domain.report, state):
        return domain.publication
    own = paths.filtered(lambda path: path.from_health_id == domain).mail_sending_service_id.mapped('name')
    return {**get_publication(domain, set(own)), 'complete': state in ('pass', 'not_needed')}


def _get_own_state(domain, paths):
    """Return the worst state of those of ``paths`` that are in use and leave as this domain, or ``None``."""
    own = [State(path.state) for path in paths if path.from_health_id == domain and path.is_used]
    return State.worst(own).value if own else None


def _is_worse_for_others(domain, report, state):
    """Whether a domain's verdict is due to mail of others than those whose own comes to ``state``."""
    return state is not None and bool(report) and report['gate']['state'] != 'fail' \
        and State(domain.state).is_worse_than(State(state))


def _get_own_area(report, area, paths, state):
    """Return the row of one protocol, as far as ``paths`` are concerned, which together come to ``state``."""
    name = area['area']
    if report[name]['code'] not in _OF_SENDERS[name]:
        return area
    own = [path.verdict or {} for path in paths]
    found = None
    if name == 'spf':
        results = {verdict.get('spf', {}).get('result') for verdict in own}
        services = paths.mail_sending_service_id.mapped('name')
        if results == {'service'}:
            found = 'not_needed', 'spf.own_envelope', {'services': services}
        elif results <= {'pass', 'service'}:
            found = 'pass', 'spf.ok', {'services': services}
    elif name == 'dkim' and all(verdict.get('dkim', {}).get('status') == 'published' for verdict in own):
        selectors = sorted({selector for verdict in own for selector in verdict['dkim']['selectors']})
        signs = all(path.mail_sending_service_id.signs for path in paths)
        found = 'pass', 'dkim.ok' if signs else 'dkim.ok_unproven', {'selectors': selectors}
    elif name == 'dmarc' and state in _DMARC:
        found = (*_DMARC[state], {})
    if not found:
        return area
    state, code, params = found
    return {
        **area, 'state': state, 'label': states.state_label(paths.env, state), 'known': None,
        'sentence': verdicts.summary(paths.env, {'code': code, 'params': params}),
    }
