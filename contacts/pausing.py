"""Leaving name servers alone that do not answer: longer each time, until they do."""

import json
from datetime import datetime, timedelta
from typing import NamedTuple

from odoo import fields

from . import consent

PARAMETER = 'mail_domain_health.contacts_pause'


class Pause(NamedTuple):
    """``number`` in a row, the last one ``until`` then; of the name servers that are in use now."""

    number: int = 0
    until: datetime = datetime.min


def get_pause(env):
    """Return the :class:`Pause` that is, or the last one if nothing was answered since; none of other name servers counts."""
    try:
        kept = json.loads(env['ir.config_parameter'].sudo().get_param(PARAMETER) or 'null')
        if not kept or kept['servers'] != consent.get_servers(env):
            return Pause()
        return Pause(int(kept['number']), fields.Datetime.to_datetime(kept['until']))
    except (KeyError, TypeError, ValueError):  # somebody wrote it by hand
        return Pause()


def begin(env, silence):
    """Begin a pause, unless another worker has; return until when it lasts.

    :param mailauth.contact.Silence silence: knows how long
    """
    known, now = get_pause(env), fields.Datetime.now()
    if known.until > now:
        return known.until
    until = now + timedelta(seconds=silence.pause())
    env['ir.config_parameter'].sudo().set_param(PARAMETER, json.dumps({
        'number': silence.pauses, 'until': fields.Datetime.to_string(until), 'servers': consent.get_servers(env)}))
    return until


def end(env):
    """Forget the pauses: there was an answer."""
    if get_pause(env).number:
        env['ir.config_parameter'].sudo().set_param(PARAMETER, False)
