from odoo.tests import HttpCase, tagged

from .common import UnreachableCase


@tagged('post_install', '-at_install')
class TestUnreachableTour(UnreachableCase, HttpCase):
    """Somebody opens a mailing, sees the line, looks at whom it means, chooses to leave them out, and sends."""

    def test_tour(self):
        mailing = self.make_mailing(self.make_list('a@dead.example', 'b@dead.example', 'c@fine.example'), subject="Tour News")
        self.start_tour(f'/odoo/mailing.mailing/{mailing.id}', 'mail_domain_health_mass_mailing', login='user_marketing')
        self.assertEqual((mailing.unreachable_handling, mailing.state), ('leave_out', 'in_queue'))
        with self.mock_mail_gateway(mail_unlink_sent=False):
            mailing._action_send_mail()
        self.assertEqual(mailing.mailing_trace_ids.mapped('email'), ['c@fine.example'])
        self.start_tour(f'/odoo/mailing.mailing/{mailing.id}', 'mail_domain_health_mass_mailing_sent', login='user_marketing')
