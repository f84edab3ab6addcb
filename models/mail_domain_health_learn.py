import logging

from psycopg2 import Error, OperationalError

from odoo import api, models

_logger = logging.getLogger(__name__)


class MailDomainHealth(models.Model):
    """What real mail teaches is read before domains are looked at: how much each path is used."""

    _inherit = 'mail.domain.health'

    @api.model
    def _learn_from_mail(self):
        """Read what was sent; whatever goes wrong here must not stop the check that follows."""
        self = self.sudo()  # noqa: PLW0642
        try:
            with self.env.cr.savepoint():
                self.env['mail.domain.health.sent']._sum_up()
                self.env['mail.domain.health.sent']._update_paths()
        except OperationalError:  # to be repeated as a whole, as core does
            raise
        except (Error, ValueError, KeyError, AttributeError):
            _logger.exception("Email Domain Health: cannot read what was sent")
