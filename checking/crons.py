"""Waking the module's scheduled actions, and sharing their work.

Core never runs one scheduled action twice at once: who wants more workers has copies of it, which do the same by the same code.
"""

from datetime import timedelta

from odoo import fields
from odoo.tools import SQL

CHECK = 'model._cron_check()'  # what the scheduled actions do that may be shared, and any copy of them
MOST = 8  # copies
BEGUN = timedelta(seconds=10)  # until a wake a run may begin before the transaction is committed that it is woken for


def trigger(env, xmlid, at=None):
    """Have the scheduled action ``xmlid`` run at ``at`` (default: as soon as possible)."""
    cron = env.ref(xmlid, raise_if_not_found=False)
    if cron:  # absent while the module is being installed
        cron.sudo()._trigger(at)


def wake(env, xmlid, at):
    """Have it run by ``at``. Adds nothing where it runs before that anyway: a run looks when the next one is needed."""
    cron = env.ref(xmlid, raise_if_not_found=False)
    if not cron:
        return
    soon = fields.Datetime.now() + BEGUN
    [(is_woken,)] = env.execute_query(SQL(
        """
        SELECT EXISTS (SELECT FROM ir_cron_trigger WHERE cron_id = %(cron)s AND call_at > %(soon)s AND call_at <= %(at)s)
            OR EXISTS (SELECT FROM ir_cron WHERE id = %(cron)s AND active AND nextcall > %(soon)s AND nextcall <= %(at)s)
        """, cron=cron.id, soon=soon, at=at))
    if not is_woken:
        # Whole seconds: what is due a moment later would wait for the next time that cron workers look.
        cron.sudo()._trigger(at.replace(microsecond=0) + timedelta(seconds=bool(at.microsecond)))


def get_workers(env, model):
    """Return the scheduled actions that share the checks of ``model``, ours first, with their intervals."""
    return env['ir.cron'].sudo().search_fetch(
        [('model_id.model', '=', model), ('code', '=', CHECK)], ['interval_number', 'interval_type'], order='id')


def get_additional(env, xmlid):
    """Return those that share the work of the scheduled action ``xmlid``, without that one."""
    cron = env.ref(xmlid, raise_if_not_found=False)
    return get_workers(env, cron.sudo().model_id.model) - cron if cron else env['ir.cron']


def set_additional(env, xmlid, number):
    """Have so many scheduled actions share the work of ``xmlid``, besides that one; raises where one to remove is running."""
    cron, known = env.ref(xmlid).sudo(), get_additional(env, xmlid)
    known[number:].unlink()
    for place in range(len(known), number):
        env['ir.cron'].sudo().create({
            'name': f'{cron.name} ({place + 2})', 'model_id': cron.model_id.id, 'state': 'code', 'code': CHECK,
            'user_id': cron.user_id.id, 'priority': cron.priority, 'interval_number': 1, 'interval_type': 'hours'})


def runs_as_another(env, xmlid):
    """Whether this is the run of a scheduled action other than ``xmlid``."""
    cron_id = env.context.get('cron_id')
    return bool(cron_id) and cron_id != env['ir.model.data']._xmlid_to_res_id(xmlid)
