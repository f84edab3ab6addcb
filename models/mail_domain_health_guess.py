import hashlib
import ipaddress
import time

from psycopg2 import OperationalError

from odoo import fields, models
from odoo.tools import SQL, hmac

PERIOD = 600  # seconds for which guesses are counted together
LIMIT = 20  # wrong guesses in that time; more are not looked at
BUCKETS = 4096  # rows, at most: addresses share them


class MailDomainHealthGuess(models.Model):
    """How often wrong tokens came lately from where: what keeps anybody from trying them all.

    Kept in the database, for workers share no memory. No address is stored: it is one of a fixed number of
    buckets, which one is known to this database alone, so that the table stays small and nobody can aim at
    the bucket of somebody else.
    """

    _name = 'mail.domain.health.guess'
    _description = 'Wrong Guesses of a Link'
    _log_access = False

    bucket = fields.Integer(required=True)
    period = fields.Integer(required=True, help="Number of the last period in which a guess was wrong.")
    guesses = fields.Integer(required=True, help="In that period.")

    _bucket_unique = models.UniqueIndex('(bucket)')

    def _is_limited(self, address):
        """Whether so many wrong tokens came from this address that no more are looked at for now."""
        [(guesses,)] = self.env.execute_query(SQL(
            "SELECT COALESCE(MAX(guesses), 0) FROM mail_domain_health_guess WHERE bucket = %s AND period = %s",
            self._get_bucket(address), _period()))
        return guesses >= LIMIT

    def _count(self, address):
        """Count a wrong token from this address, in a transaction of its own.

        :return: whether it was counted; where it was not, so many came at once that it is one too many
        """
        bucket, period = self._get_bucket(address), _period()
        for _attempt in range(3):
            try:
                with self.env.registry.cursor() as cr:
                    cr.execute(SQL(
                        """INSERT INTO mail_domain_health_guess AS known (bucket, period, guesses) VALUES (%s, %s, 1)
                            ON CONFLICT (bucket) DO UPDATE SET period = EXCLUDED.period, guesses =
                              CASE WHEN known.period = EXCLUDED.period THEN known.guesses + 1 ELSE 1 END""",
                        bucket, period), log_exceptions=False)
                return True
            except OperationalError:  # another guess from there was counted just now
                continue
        return False

    def _get_bucket(self, address):
        return int(hmac(self.env(su=True), 'mail_domain_health_guess', _network(address), hashlib.sha256), 16) % BUCKETS


def _period():
    return int(time.time()) // PERIOD


def _network(address):
    """Return whose address it is, as text: of IPv6 everybody has 2^64."""
    try:
        parsed = ipaddress.ip_address(address or '')
    except ValueError:
        return ''
    parsed = getattr(parsed, 'ipv4_mapped', None) or parsed
    return str(parsed if parsed.version == 4 else ipaddress.ip_network((parsed, 64), strict=False))
