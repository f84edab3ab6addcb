"""What happens once, when the module is installed or removed."""


def post_init_hook(env):
    """Find the domains in use and have them checked at once, so that the first look is not empty."""
    # The servers were looked at before the catalog was there.
    servers = env['ir.mail_server'].with_context(active_test=False).search([])
    env.add_to_compute(servers._fields['mail_sending_service_id'], servers)
    env['res.company'].search([])._set_default_mail_health_user()
    env['mail.domain.health.path']._begin_measuring()
    env['mail.domain.health']._refresh()
    env.ref('mail_domain_health.ir_cron_mail_domain_health_check')._trigger()


def uninstall_hook(env):
    """Remove our own system parameters; core removes the rest, the administrator's parameters stay."""
    env['ir.config_parameter'].sudo().search([('key', '=like', r'mail\_domain\_health.%')]).unlink()
