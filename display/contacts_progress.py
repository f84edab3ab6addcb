"""How far the look at domains of contacts is, and what an administrator has to decide about it."""

from datetime import timedelta

from odoo import fields
from odoo.tools import SQL, format_date, format_datetime

from ..contacts import consent, pausing
from ..contacts.sources import external_counts
from ..mailauth.contact import QUESTIONS
from ..texts import contacts as texts
from ..texts.durations import at_most
from ..texts.filling import number, say
from .contacts_relaying import get_facts


def get_progress(env):
    """Return what the banner of the list and Settings show; asks no DNS.

    ``{domains, done, is_neutralized, sentence, request, held}``: numbers of domains; ``sentence`` says how far it is, and
    what holds it up; ``request`` is ``{text, leaves, declined}`` where an administrator has to agree first, else ``None``;
    ``answer`` says who agreed; ``held`` is a text where new marks wait for a decision; ``facts`` are the numbers of contacts
    at domains of others, and of these (:func:`get_facts`).

    :param env: of the superuser, with the language of who looks
    """
    external = external_counts(env)
    env['mail.domain.health'].flush_model(['name', 'is_foreign'])
    [(domains, due, held, contacts, others)] = env.execute_query(SQL(
        """
        SELECT count(*) FILTER (WHERE mailable_count > 0),
               count(*) FILTER (WHERE mailable_count > 0 AND (last_check IS NULL OR next_check <= %s)),
               count(*) FILTER (WHERE mark = 'held'),
               COALESCE(sum(contact_count) FILTER (WHERE is_others), 0), count(*) FILTER (WHERE contact_count > 0 AND is_others)
          FROM (SELECT mailable_count, last_check, next_check, mark, external.contact_count,
                       name NOT IN (SELECT name FROM mail_domain_health WHERE is_foreign IS NOT TRUE) AS is_others
                  FROM mail_partner_domain JOIN (%s) external USING (name)) domain
        """, fields.Datetime.now(), external))
    answer, has_to_ask = consent.get_answer(env), consent.is_needed(env, domains)
    sentences = []
    if domains:
        sentences.append(say(env, texts.PROGRESS if due else texts.CHECKED,
                             done=number(env, domains - due), domains=number(env, domains)))
        paused_until = pausing.get_pause(env).until
        if due and paused_until > fields.Datetime.now():
            sentences.append(say(env, texts.PAUSED, time=format_datetime(env, paused_until, dt_format='short')))
    return {
        'domains': domains,
        'done': domains - due,
        'is_neutralized': env['mail.domain.health']._is_neutralized(),
        'sentence': ' '.join(sentences) or None,
        'request': _get_request(env, domains, answer) if has_to_ask else None,
        'answer': _said(env, texts.AGREED, answer) if answer and not has_to_ask else None,
        'held': say(env, texts.HELD, held=number(env, held)) if held else None,
        'facts': get_facts(env, {'contacts': contacts, 'domains': others}),
    }


def _get_request(env, domains, answer):
    questions, rate = domains * QUESTIONS, consent.get_rate(env)
    return {
        'text': say(env, texts.REQUEST, domains=number(env, domains), questions=number(env, questions),
                    rate=number(env, rate), time=at_most(env, timedelta(seconds=questions / rate))),
        'leaves': say(env, texts.LEAVES, servers=consent.get_servers(env) or env._(texts.NO_SERVERS)),
        'declined': _said(env, texts.DECLINED, answer) if answer else None,
    }


def _said(env, text, answer):
    user = env['res.users'].browse(answer.get('user_id')).exists()
    return say(env, text, user=user.name, date=format_date(env, answer['on']))
