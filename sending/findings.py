"""The findings about sending paths: made what the configuration and the last checks say. Asks no DNS."""

from . import rules
from .proof import with_proven_remedies
from .situation_reading import read_situations


def sync_findings(env, companies, complete=None):
    """Make the findings about the paths of ``companies`` what configuration and last checks say. Asks no DNS.

    :param complete: takes (env, situations, ``[(company, PathFinding)]``) and returns what is found in all
    """
    env = env(su=True)
    situations = read_situations(env, companies)
    found = [(company, finding) for company, situation in situations.items() for finding in rules.findings(situation)]
    found = with_proven_remedies(env, situations, complete(env, situations, found) if complete else found)
    homes = {company: _home_of_findings(env, company, situation) for company, situation in situations.items()}
    rows = [(homes[company](finding), company, finding, trial) for company, finding, trial in found]
    env['mail.domain.health.finding']._sync_paths(companies, [row for row in rows if row[0]])


def _home_of_findings(env, company, situation):
    """Return the function that tells on which domain's report a finding stands: the alias domain's, else its From's."""
    alias_domain = company.alias_domain_id.mail_domain_health_id
    if alias_domain:
        return lambda _finding: alias_domain
    Path = env['mail.domain.health.path']
    paths = Path.browse(path.id for path in situation.paths)
    # Where nothing of the company's leaves there is no domain of its own: then on one that others here use.
    others = paths.from_health_id[:1] or paths.envelope_health_id[:1] \
        or env['mail.alias.domain'].search([('mail_domain_health_id', '!=', False)], limit=1).mail_domain_health_id
    return lambda finding: Path.browse(finding.path_ids).from_health_id[:1] or others
