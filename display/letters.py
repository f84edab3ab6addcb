"""The texts for whoever runs the DNS of several domains, as one. Made of stored values only: no DNS is asked."""

from odoo.exceptions import UserError

from ..checking.proposals import needed_changes
from ..texts.publication import hostmaster

MAX_LETTERS = 500  # domains whose texts a person can do anything with
RULE = '\n\n' + '-' * 70 + '\n\n'


def get_letters(domains):
    """Return ``{"text", "count": how many domains it is about, "nothing": a sentence about the others, or empty}``."""
    env = domains.env
    if len(domains) > MAX_LETTERS:
        raise UserError(env._("Choose at most %(limit)s domains at a time.", limit=MAX_LETTERS))
    domains.fetch(['report', 'last_known'])
    texts, others = [], []
    for domain in domains:
        report = None if domain.is_foreign else domain._get_report()
        changes = needed_changes(domain, report) if report else ()
        if changes:
            texts.append(hostmaster(env, domain.display_name, changes))
        else:
            others.append(domain.display_name)
    return {
        'text': RULE.join(texts),
        'count': len(texts),
        'nothing': env._("Nothing is to be published for %(domains)s.", domains=', '.join(others)) if others else '',
    }
