from .jobs import METHOD, MODEL


def uninstall_hook(env):
    """Take the jobs along: without their method they would fail, and tell somebody so."""
    env['queue.job'].search([('model_name', '=', MODEL), ('method_name', '=', METHOD)]).unlink()
