"""Carry over what was muted: since when, and which breaks nobody was told of because of it."""

import json


def migrate(cr, version):
    """A mute lasted 90 days. A break that was muted is told when the mute ends, and its recovery is not."""
    cr.execute("""
        UPDATE mail_domain_health_finding SET muted_on = muted_until - interval '90 days'
         WHERE muted_until IS NOT NULL AND muted_on IS NULL""")
    cr.execute("SELECT id, announced FROM mail_domain_health WHERE announced::text LIKE '%\"muted\"%'")
    for domain_id, announced in cr.fetchall():
        for known in announced.values():
            if known.pop('muted', None):
                known['standing'] = 'untold'
        cr.execute("UPDATE mail_domain_health SET announced = %s WHERE id = %s", (json.dumps(announced), domain_id))
