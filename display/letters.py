"""The texts for whoever runs the DNS of several domains, as one. Made of stored values only: no DNS is asked."""

from odoo.exceptions import UserError

from ..checking.proposals import needed_changes
from ..texts.publication import hostmaster

MOST = 500  # domains whose texts a person can do anything with
RULE = '\n\n' + '-' * 70 + '\n\n'


def get_letters(domains):
    """Return the texts, how many domains they are about, and a sentence each about those that need none, or may.

    :return: ``{"text", "count", "nothing", "unknown"}``; a sentence is empty where it is about none
    """
    env = domains.env
    refuse_too_many(domains)
    domains.fetch(['report', 'last_known'])
    texts, fine, unknown = [], [], []
    for domain in domains:
        report = None if domain.is_foreign else domain._get_report()
        changes = needed_changes(domain, report) if report else ()
        if changes:
            texts.append(hostmaster(env, domain.display_name, changes))
        else:
            # Silence is no reason to say that all is published.
            (unknown if domain.state == 'unknown' else fine).append(domain.display_name)
    return {
        'text': RULE.join(texts),
        'count': len(texts),
        'nothing': env._("Nothing is to be published for %(domains)s.", domains=', '.join(fine)) if fine else '',
        'unknown': env._(
            "We do not know yet what is to be published for %(domains)s.", domains=', '.join(unknown)) if unknown else '',
    }


def refuse_too_many(domains):
    """Refuse to write about more domains than a person reads of."""
    if len(domains) > MOST:
        raise UserError(domains.env._("Choose at most %(limit)s domains at a time.", limit=MOST))
