"""What happens once, when the module is installed or removed."""

import logging
import re

_logger = logging.getLogger(__name__)


def post_init_hook(env):
    """Find the domains in use and have them checked at once, so that the first look is not empty."""
    _logger.info("Email Domain Health: working out who sends as what; DNS is asked by the first scheduled check")
    # The servers were looked at before the catalog was there.
    servers = env['ir.mail_server'].with_context(active_test=False).search([])
    env.add_to_compute(servers._fields['mail_sending_service_id'], servers)
    env['res.company'].search([])._set_default_mail_health_user()
    env['mail.domain.health.path']._begin_measuring()
    env['mail.domain.health']._refresh()
    _logger.info("Email Domain Health: %s sending paths, %s domains", env['mail.domain.health.path'].search_count([]),
                 env['mail.domain.health'].search_count([]))
    env.ref('mail_domain_health.ir_cron_mail_domain_health_check')._trigger()


def uninstall_hook(env):
    """Remove what core leaves behind: our system parameters, tests that have not come back, and favorites of ours.

    A favorite that names a model or a field of ours would keep the list of contacts from opening. The administrator's own
    parameters stay.
    """
    env['mail.domain.health.proof'].sudo().search([('mail_mail_id', '!=', False)]).mail_mail_id.unlink()
    env['ir.config_parameter'].sudo().search([('key', '=like', r'mail\_domain\_health.%')]).unlink()
    models, fields = _known(env, 'ir.model'), _known(env, 'ir.model.fields')
    own = {model.model for model in models if _is_ours_alone(model)}
    added = {}
    for field in fields:
        if field.model not in own and _is_ours_alone(field):
            added.setdefault(field.model, set()).add(field.name)
    filters = env['ir.filters'].sudo().with_context(active_test=False).search([('model_id', 'in', [*own, *added])])
    filters.filtered(lambda one: one.model_id in own or any(
        re.search(rf"\b{name}\b", f'{one.domain} {one.context} {one.sort}') for name in added[one.model_id])).unlink()


def _known(env, model):
    """Return the records of a model that this module made or extends."""
    known = env['ir.model.data'].sudo().search([('module', '=', 'mail_domain_health'), ('model', '=', model)])
    return env[model].sudo().browse(known.mapped('res_id')).exists()


def _is_ours_alone(record):
    """Whether no other module has this model or field: ours itself is not named any more while it is being removed."""
    return record.modules in ('', 'mail_domain_health')
