"""A domain that several companies share, as one of them has to do with it.

Another company's mail may leave as the same domain through a service that the records do not
permit: that is no alarm here. ``paths`` are those of one company.
"""

from dataclasses import replace

from ..mailauth.verdict import State
from ..texts import paths as path_texts
from ..texts import states, verdicts
from . import path_story
from .publication import get_publication


def get_own_overview(domain, paths):
    """Return the overview of a domain as far as ``paths`` are concerned."""
    env, overview = domain.env, domain.overview
    refused = paths.filtered(lambda path: path.is_used and path.refusal)[:1]
    if refused:  # whatever DNS says
        return {
            **overview, 'state': 'fail', 'label': states.state_label(env, 'fail'),
            'sentence': f"{path_texts.outcome(env, 'fail', None, refused.reasons)} {path_story.leaves(refused)}"}
    state = _get_own_state(domain, paths)
    report = domain._get_report()
    if not _is_worse_for_others(domain, report, state):
        return overview
    sentence = verdicts.overall(env, replace(report, state=state))
    if domain.state == 'fail':
        sentence = env._(
            "%(sentence)s However, another company's mail from this domain is being rejected: see the full report.",
            sentence=sentence)
    # A report of an older version, or of the company's mail as it was then, says of it what it says of all.
    own = report.group_of(paths.company_id)
    return {
        **overview,
        'state': state,
        'label': states.state_label(env, state),
        'sentence': sentence,
        'areas': [
            _get_own_area(env, area, report.areas[area['area']], own.areas[area['area']]) if own else area
            for area in overview['areas']],
    }


def get_own_publication(domain, paths):
    """Return what to publish without what only another company's mail needs, or ``None`` before the first check."""
    report, services = domain._get_report(), get_own_services(domain, paths)
    if not report:
        return None
    publication = get_publication(domain, report, services, paths)
    if services is None:
        return publication
    return {**publication, 'complete': _get_own_state(domain, paths) in ('pass', 'not_needed')}


def get_own_services(domain, paths):
    """Return the names of the services whose records ``paths`` need, or ``None`` where all that is proposed concerns them."""
    if not _is_worse_for_others(domain, domain._get_report(), _get_own_state(domain, paths)):
        return None
    return set(paths.filtered(lambda path: path.from_health_id == domain).mail_sending_service_id._get_stored_names())


def _get_own_state(domain, paths):
    """Return the worst state of those of ``paths`` that are in use and leave as this domain, or ``None``."""
    own = [State(path.state) for path in paths if path.from_health_id == domain and path.is_used]
    return State.worst(own).value if own else None


def _is_worse_for_others(domain, report, state):
    """Whether a domain's verdict is due to mail of others than those whose own comes to ``state``."""
    return state is not None and bool(report) and not report.is_behind_gate \
        and State(domain.state).is_worse_than(State(state))


def _get_own_area(env, area, found, own):
    """Return the row of one protocol, of which the report ``found`` one thing for all mail and ``own`` for the company's."""
    if (own.state, own.code) == (found.state, found.code):
        return area
    return {
        **area, 'state': own.state, 'label': states.state_label(env, own.state), 'known': None,
        'sentence': verdicts.summary(env, own), 'provable': own.code in verdicts.PROVABLE,
    }
