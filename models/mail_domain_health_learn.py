import logging
from contextlib import contextmanager

from psycopg2 import OperationalError

from odoo import api, models

_logger = logging.getLogger(__name__)


class MailDomainHealth(models.Model):
    """What real mail teaches is read before domains are looked at; whatever goes wrong with it stops no check."""

    _inherit = 'mail.domain.health'

    @api.model
    def _learn_from_mail(self):
        """Read how much each way of mail is used, and what receivers said, in every company."""
        self._learn_numbers()
        self._learn_refusals(self.env['res.company'].sudo().search([('active', '=', True)]))

    @api.model
    def _learn_numbers(self):
        """Read how much each way of mail is used."""
        self = self.sudo()  # noqa: PLW0642
        with self._whatever_goes_wrong():
            self.env['mail.domain.health.sent']._sum_up()
            self.env['mail.domain.health.sent']._update_paths()

    @api.model
    def _learn_refusals(self, companies):
        """Read what receivers said of the mail of these companies."""
        self = self.sudo()  # noqa: PLW0642
        with self._whatever_goes_wrong():
            self.env['mail.domain.health.path']._read_evidence(companies)

    def _learn_from_refusals(self):
        """Read what receivers said of the mail of the companies that use these domains."""
        self._learn_refusals(self.sudo().company_ids)

    @contextmanager
    def _whatever_goes_wrong(self):
        try:
            with self.env.cr.savepoint():
                yield
        except OperationalError:  # to be repeated as a whole, as core does
            raise
        except Exception:
            _logger.exception("Email Domain Health: this part of the scheduled check is left out")
