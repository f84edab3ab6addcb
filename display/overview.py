"""What the screens show of a domain: its verdict and areas, the records seen, who uses it. Made of stored values only."""

from odoo import fields

from ..checking.watch_list import parameter_domain
from ..mailauth.verdict import PROTOCOLS
from ..sending.legacy_parameters import LEGACY_PARAMETERS
from ..texts import contacts, legacy_parameters, states, verdicts
from ..texts import paths as path_texts
from ..texts import sender as sender_texts
from ..texts.filling import say
from .spf_tree import get_spf_trees

STORIES = 40  # paths whose story stands in the report of their domain; of further ones it is on their own page


def get_overview(domain):
    """Return a domain's verdict, and that of each protocol.

    :return: ``{id, name, state, label, sentence, areas, outdated, last_check, attempt}``
    """
    env, is_foreign, report = domain.env, domain.is_foreign, domain._get_report()
    return {
        'id': domain.id,
        'name': domain.display_name,
        'state': domain.state,
        'label': states.state_label(env, domain.state),
        # Of somebody else's domain: what it means for our mail, and no protocol, for nothing of ours is to be published.
        'sentence': env._(path_texts.FOREIGN.get(domain.state, path_texts.FOREIGN['unknown'])) if is_foreign
        else verdicts.overall(env, report),
        'areas': [] if is_foreign else [_get_area(domain, report, area) for area in PROTOCOLS],
        'outdated': domain.is_outdated,
        'last_check': fields.Datetime.to_string(domain.last_check) or None,
        'attempt': domain.attempts,
    }


def _get_area(domain, report, area):
    """Return how one protocol is shown: its verdict, its sentence, and what was known if that is unknown now."""
    env = domain.env
    found = report and report.areas[area]
    state = domain[f'{area}_state'] or 'unknown'
    # Behind a shut gate a record in order helps nobody: that it is in order is no news of long ago.
    is_behind_gate = bool(found) and found.code == 'gate.comes_first'
    known = (domain.last_known or {}).get(area) if state == 'unknown' and not is_behind_gate else None
    return {
        'area': area,
        'title': states.area_title(env, area),
        'short': env._(states.AREAS_SHORT[area]),
        'state': state,
        'label': states.state_label(env, state),
        'sentence': verdicts.summary(env, found) if found else verdicts.overall(env, None),
        'provable': bool(found) and found.code in verdicts.PROVABLE,
        'known': known and {
            'state': known['state'],
            'label': states.state_label(env, known['state']),
            'date': known['date'],
        },
    }


def get_records_seen(domain):
    """Return the records of the last look; of an area that DNS did not answer about, what it said last, with its date.

    An SPF record that was read has its ``tree`` (:func:`get_spf_trees`).
    """
    report = domain._get_report()
    trees = get_spf_trees(domain.env, report) if report else {}
    records = [
        {**record, 'date': None, 'tree': trees.get(record['name']) if record['area'] == 'spf' else None}
        for record in (report.records if report else ())]
    seen = {record['area'] for record in records}
    for area, known in (domain.last_known or {}).items():
        if area in PROTOCOLS and area not in seen and report and report.areas[area].state == 'unknown':
            records += [{**record, 'date': known['date'], 'tree': None} for record in known['records']]
    return records


def get_uses(domain):
    """Return who uses a domain: the sending paths of the user's companies, and parameters that name it."""
    env, allowed = domain.env, domain.env.companies
    paths = (domain.path_ids | domain.envelope_path_ids).filtered(lambda path: path.company_id in allowed).sorted(_first)
    return [_get_use(domain, path, has_story=position < STORIES) for position, path in enumerate(paths)] + [
        {'text': env._("The system parameter %s names this domain.", key),
         'path_id': None, 'who': None, 'is_used': True, 'state': None, 'label': None, 'note': None, 'story': None,
         'proof': None}
        for key in LEGACY_PARAMETERS if domain.name and parameter_domain(env, key) == domain.name
    ]


def _get_use(domain, path, has_story):
    env = domain.env
    story = path.story if has_story and path.is_used and path.from_health_id == domain else None
    service = path.mail_sending_service_id.name or env._("an unknown service")
    state = path.state if path.from_health_id == domain else None
    return {
        'path_id': path.id,
        'who': path._who(),
        'is_used': path.is_used,
        'state': state,
        'label': state and states.state_label(env, state),
        'text': env._(
            "Sent from %(from_email)s through %(server)s (%(service)s). Bounces go to %(envelope_from)s.",
            from_email=path.from_email, envelope_from=path.envelope_from, server=path._server_name(), service=service),
        # Once for a company: the mail that waits in the queue leaves as somebody of ours, too.
        'note': say(env, contacts.SAFE, address=path.from_email)
        if path.kind == 'outsider' and path.is_rewritten and path.moment != 'queue' else None,
        'proof': path.last_proof if path.from_health_id == domain else None,
        'story': story and {'steps': story['steps'], 'outcome': story['outcome']},
    }


def _first(path):
    """Paths in use first, and among them what is refused."""
    return not path.is_used, path.state_rank, path.company_id.id, path.id


def get_parameters(env):
    """Return the system parameters of older versions that are set, what each does in this one, and the domain it names."""
    get_param = env['ir.config_parameter'].sudo().get_param
    rows = []
    for key in LEGACY_PARAMETERS:
        if value := get_param(key):
            name = parameter_domain(env, key)
            named = name and env['mail.domain.health'].sudo().search([('name', '=', name)], limit=1)
            rows.append({
                'key': key,
                'value': value,
                'effect': _get_parameter_effect(env, key),
                'domain': named and {
                    'id': named.id, 'name': named.display_name, 'state': named.state,
                    'label': states.state_label(env, named.state),
                } or None,
            })
    return rows


def _get_parameter_effect(env, key):
    """Return what a parameter of older versions does in this one."""
    honored = env['ir.mail_server']._honors_legacy_sender() and key in sender_texts.HONORED
    return env._((sender_texts.HONORED if honored else legacy_parameters.PARAMETERS)[key])
