"""Whether DNS is asked about the domains of contacts: about many only once an administrator agreed, who knows what that means."""

import json

from odoo import fields

from ..mailauth.contact import QUESTIONS_PER_SECOND
from ..mailauth.dns.resolver import system_nameservers

PARAMETER_CONSENT = 'mail_domain_health.contacts_consent'
PARAMETER_RATE = 'mail_domain_health.contacts_questions_per_second'
DEFAULT_RATE = QUESTIONS_PER_SECOND  # of all workers together
NO_LIMIT = 10_000  # so many or more a second: as fast as DNS answers
WITHOUT_CONSENT = 1000  # domains that are asked about anyway
AGREED, LATER = 'agreed', 'later'


def get_rate(env):
    """Return how many questions a second may be asked; ``float('inf')`` where the administrator lifted the limit."""
    try:
        rate = float(env['ir.config_parameter'].sudo().get_param(PARAMETER_RATE) or DEFAULT_RATE)
    except ValueError:
        return DEFAULT_RATE
    return float('inf') if rate >= NO_LIMIT else rate if rate > 0 else DEFAULT_RATE


def get_answer(env):
    """Return ``{answer, user_id, on}``, or ``None`` where nobody has answered."""
    try:
        answer = json.loads(env['ir.config_parameter'].sudo().get_param(PARAMETER_CONSENT) or 'null')
    except ValueError:
        return None
    return answer if isinstance(answer, dict) and answer.get('answer') in (AGREED, LATER) else None


def set_answer(env, agrees):
    """Keep what the user of this environment answered, and when."""
    env['ir.config_parameter'].sudo().set_param(PARAMETER_CONSENT, json.dumps({
        'answer': AGREED if agrees else LATER, 'user_id': env.uid, 'on': fields.Datetime.to_string(fields.Datetime.now())}))


def is_needed(env, domains):
    """Whether there are so many domains that an administrator has to agree first, and none has."""
    answer = get_answer(env)
    return domains > WITHOUT_CONSENT and not (answer and answer['answer'] == AGREED)


def count_domains(env):
    """Return how many domains there are to ask about, now or later."""
    return env['mail.partner.domain'].sudo().search_count([('mailable_count', '>', 0)])


def get_servers(env):
    """Return the name servers that the names of the domains are sent to, as text."""
    resolver = env['mail.domain.health']._get_resolver()
    servers = system_nameservers()[0] if resolver.nameservers is None else resolver.nameservers
    return list(map(str, servers))
