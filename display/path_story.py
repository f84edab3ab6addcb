"""A sending path as a story: who sends as what, what each protocol makes of it, what the receiver does. Of stored values only."""

from ..mailauth.verdict import PROTOCOLS
from ..sending import rules
from ..sending.situation_reading import read_situations
from ..texts import paths as path_texts
from ..texts import states
from ..texts.filling import fill
from .rejections import overruled


def story(path):
    """Return a path as a story: who sends as what, what each protocol makes of it, and what the receiver does.

    :return: ``{state, label, who, is_used, leaves, rewritten, steps, outcome, reassurance, publish}``; a step is
        ``{area, title, state, label, sentence}``; ``publish`` is ``{id, name, count}`` of the domain
        whose records are to be published, or ``None``
    """
    env, verdict = path.env, path.verdict or {}
    params = {
        'from_domain': path._from_domain(), 'envelope_domain': path._envelope_domain(),
        'service': path.mail_sending_service_id.name or env._("the mail service"),
    }
    domain = path.from_health_id
    state = path.state or 'unknown'
    complete = all(verdict.get(area) for area in PROTOCOLS) and state != 'not_needed'
    reassurance = _reassurance(path)
    steps = path_texts.steps(env, verdict, params) if complete else []
    return {
        'state': state,
        'label': states.state_label(env, state),
        'who': path.who,
        'is_used': path.is_used,
        'leaves': leaves(path),
        'rewritten': fill(env, path_texts.REWRITTEN, {'author': path.author_email})
        if path.is_rewritten and not reassurance else '',
        'steps': [{**step, 'title': states.area_title(env, step['area']),
                   'label': states.state_label(env, step['state'])} for step in steps],
        'outcome': overruled(path) or path_texts.outcome(env, state, verdict if complete else None, path.reasons),
        'reassurance': reassurance,
        'publish': _publish(path, domain),
        'foreign': fill(env, path_texts.NOTHING_TO_PUBLISH, {'domain': domain.display_name})
        if domain.is_foreign and state in ('fail', 'warning') else '',
    }


def leaves(path):
    """Return through what and as whom mail leaves on a path, or why it does not, in a sentence."""
    if path.refusal:
        return path.env._(path_texts.REFUSALS.get(path.refusal, path_texts.REFUSALS[None]))
    server, service = path._server_name(), path.mail_sending_service_id.name
    text = path_texts.LEAVES['service' if service and service != server else None]
    return fill(path.env, text, {
        'server': server, 'service': service, 'from_email': path.from_email, 'envelope_from': path.envelope_from})


def _publish(path, domain):
    """Return the domain whose records would help this path, if there are any to publish."""
    if domain.is_foreign or path.state not in ('fail', 'warning', 'unknown'):
        return None
    for candidate in domain | path.envelope_health_id:
        report = candidate._get_report()
        if report and report.changes and not candidate.is_foreign:
            return {'id': candidate.id, 'name': candidate.display_name, 'count': len(report.changes)}
    return None


def _reassurance(path):
    """Return why an author's address at somebody else's domain is in order, in words, or an empty text."""
    path.ensure_one()
    situation = read_situations(path.env(su=True), path.company_id)[path.company_id]
    known = next(each for each in situation.paths if each.id == path.id)
    code = rules.reassurance(situation, known)
    return fill(path.env, path_texts.REASSURANCES[code], {
        'author': path.author_email, 'from': path.from_email, 'domain': known.from_domain}) if code else ''
