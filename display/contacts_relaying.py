"""What follows for contacts' messages that one company passes on, as Settings show it. Of stored values only."""

from odoo.tools import config

from ..contacts.relaying import CODE, IN_ODOO
from ..texts import contacts as texts
from ..texts import states
from ..texts.filling import say

COLORS = {'error': 'fail', 'warning': 'warning', 'info': 'pass'}
FRAGILE = ('tolerated', 'provider')  # reasons (contacts.relaying.Follows) for which receivers may still take it


def get_relaying(env, paths, findings):
    """Return how messages of contacts fare that Odoo passes on in a company.

    :param paths: its sending paths
    :param findings: the lasting ones about them, muted ones too
    :return: ``{verdict, state, label, sentence, facts, finding_id, is_muted, path_id}``: ``verdict`` is ``safe``,
        ``in_odoo`` (nothing is sent), ``fragile``, ``unsafe`` or ``unknown``; ``state`` its color, shown where there is a
        ``label``; ``facts`` are
        ``{key, label, value}``; ``finding_id`` tells what helps, ``path_id`` how it leaves. ``None`` where that is not
        worked out yet, or nothing leaves
    """
    finding = findings.filtered(lambda found: found.code == CODE)[:1]
    if finding:
        return _get_problem(env, finding)
    paths = paths.filtered(lambda path: path.kind == 'outsider' and not path.refusal).sorted('state_rank')
    if not paths:
        return None
    kept = paths.filtered(lambda path: not path.is_rewritten)
    is_replaced = bool(kept) and all(map(_is_replaced_later, kept))
    is_safe, path = not kept or is_replaced, (kept or paths)[0]
    state = path.state or 'unknown' if is_safe else 'unknown'
    # As safe as mail of that sender is: where that fares badly, the box above says so, and contacts have no part in it.
    is_told_above = is_safe and state not in ('pass', 'not_needed')
    label = '' if is_told_above else say(env, texts.VERDICTS['safe']) if is_safe else states.state_label(env, state)
    return {
        'verdict': 'safe' if is_safe else 'unknown',
        'state': state,
        'label': label,
        'sentence': say(env, texts.SAFE_REPLACED if is_replaced else texts.SAFE if is_safe else texts.NOT_KNOWN,
                        address=path.from_email),
        'facts': get_facts(env, {'mails': sum(paths.mapped('sent_count'))}),
        'finding_id': None, 'is_muted': False, 'path_id': path.id,
    }


def _is_replaced_later(path):
    """Whether the service that a path leads through puts its account's address in the place of the sender's."""
    server = path.mail_server_id.sudo()
    host = server.smtp_host if server and server.smtp_authentication != 'cli' else config.get('smtp_server')
    return path.mail_sending_service_id.sudo()._get_sender_rule(host) == 'replaced'


def _get_problem(env, finding):
    params = finding.params or {}
    reason = params.get('reason')
    verdict = IN_ODOO if reason == IN_ODOO else 'fragile' if reason in FRAGILE else 'unsafe'
    return {
        'verdict': verdict,
        # Red only where such mail really leaves.
        'state': 'unknown' if finding.is_muted else COLORS[finding.severity],
        'label': env._(texts.VERDICTS[verdict]),
        'sentence': finding.title,
        'facts': get_facts(env, params),
        'finding_id': finding.id, 'is_muted': finding.is_muted, 'path_id': None,
    }


def get_facts(env, counts):
    """Return those of ``counts`` that the card shows: ``[{key, label, value}]``."""
    return [{'key': key, 'label': env._(label), 'value': int(counts[key])}
            for key, label in texts.FACTS.items() if key in counts]
