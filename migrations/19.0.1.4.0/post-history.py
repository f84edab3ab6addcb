"""Note what is known of the newest row of each domain's history, and drop the index that another one replaces."""


def migrate(cr, version):
    """A row is as complete as the last look, if that one saw the same: every version kept a row of what was other.

    Whether older rows are complete was not noted by the first versions, and cannot be known: they count as incomplete.
    """
    cr.execute("""
        UPDATE mail_domain_health_check look SET is_complete = TRUE
          FROM (SELECT DISTINCT ON (domain_id) id, domain_id, state FROM mail_domain_health_check
              ORDER BY domain_id, date DESC, id DESC) newest
          JOIN mail_domain_health domain ON domain.id = newest.domain_id
         WHERE look.id = newest.id AND look.is_complete IS NOT TRUE
           AND domain.report->'unanswered' = '[]' AND domain.report->>'state' = newest.state
    """)
    cr.execute("DROP INDEX IF EXISTS mail_domain_health_check__domain_id_index")
