"""Waking the module's scheduled actions."""


def trigger(env, xmlid, at=None):
    """Have the scheduled action ``xmlid`` run at ``at`` (default: as soon as possible)."""
    cron = env.ref(xmlid, raise_if_not_found=False)
    if cron:  # absent while the module is being installed
        cron.sudo()._trigger(at)
