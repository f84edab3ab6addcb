from datetime import timedelta

from odoo import Command, fields
from odoo.tests import tagged

from .common import DomainHealthCase


class GuestCase(DomainHealthCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Where everybody's own address stays.
        cls.server = cls.env['ir.mail_server'].create({
            'name': "Open", 'smtp_host': 'smtp.test', 'from_filter': 'guest.example, ours.example'})
        cls.Path = cls.env['mail.domain.health.path']

    def paths(self, kind):
        self.env['mail.domain.health']._refresh(self.company)
        return self.Path.search([('company_id', '=', self.company.id), ('kind', '=', kind)])


@tagged('post_install', '-at_install')
class TestPathPortal(GuestCase):
    """Users of the portal comment, and their comments go to followers as they are."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['res.users'].with_context(no_reset_password=True).create([{
            'name': name, 'login': f'{name}@{domain}', 'email': f'{name}@{domain}', 'company_id': cls.company.id,
            'company_ids': [Command.set(cls.company.ids)], 'group_ids': [Command.set(cls.env.ref('base.group_portal').ids)]}
            for name, domain in (('ada', 'guest.example'), ('bea', 'guest.example'), ('cid', 'visitor.example'))])

    def test_they_are_senders_like_others(self):
        path = self.paths('portal').filtered(lambda path: path.author_domain == 'guest.example')
        self.assertEqual((path.author_count, path.from_email), (2, 'ada@guest.example'))
        self.assertEqual(path.who, "Portal users of Ours who comment, with addresses at guest.example (2)")
        other = self.paths('portal') - path
        self.assertTrue(other.is_rewritten, "its domain is none that the server sends for")
        action = path.action_open_authors()
        self.assertEqual(sorted(self.env[action['res_model']].search(action['domain']).mapped('name')), ['ada', 'bea'])

    def test_their_comment_is_counted_on_their_path(self):
        path = self.paths('portal').filtered(lambda path: path.author_domain == 'guest.example')
        self.assertEqual(self.Path._match_id(
            self.company.id, self.server.id, 'bea@guest.example', 'bea@guest.example', 'bounce@ours.example'), path.id)

    def test_domains_of_guests_are_not_watched(self):
        self.paths('portal')
        self.assertFalse(self.health('visitor.example'))

    def test_stranger_at_the_domain_of_somebody_of_ours_stays_one(self):
        """Where anybody has an address."""
        self.env['res.users'].create({
            'name': "Gil", 'login': 'guest_gil', 'email': 'gil@gmail.com', 'company_id': self.company.id,
            'company_ids': [Command.set(self.company.ids)]})
        self.paths('user')
        _ways, authors = self.Path._get_match_table(self.company.id)
        self.assertNotIn('@gmail.com', authors)

    def test_mail_of_ours_that_leaves_as_a_strangers_would_was_not_foreseen(self):
        self.env['res.users'].create({
            'name': "Ann", 'login': 'guest_ann', 'email': 'ann@ours.example', 'company_id': self.company.id,
            'company_ids': [Command.set(self.company.ids)]})
        stranger = self.paths('outsider')
        self.assertEqual(stranger.from_email, 'notifications@ours.example')
        path = (self.server.id, stranger.from_email, stranger.envelope_from)
        self.assertEqual(self.Path._match_id(self.company.id, path[0], 'x@far.example', *path[1:]), stranger.id)
        self.assertFalse(self.Path._match_id(self.company.id, path[0], 'ann@ours.example', *path[1:]))

    def test_answers_to_mail_of_the_company_go_to_its_own_address(self):
        self.company.email = 'office@ours.example'
        self.assertEqual(self.paths('company').reply_to, 'office@ours.example')


@tagged('post_install', '-at_install')
class TestPathOrganizer(GuestCase):
    """All mails of an event leave as its organizer, from outside or not. Needs dev/suite_apps.py."""

    def setUp(self):
        super().setUp()
        if 'event.event' not in self.env:
            self.skipTest("event is not installed")
        self.organizer = self.env['res.partner'].create({'name': "Guest", 'email': 'Guest@guest.example'})
        self.event = self.env['event.event'].create({
            'name': "Fair", 'organizer_id': self.organizer.id, 'company_id': self.company.id,
            'date_begin': fields.Datetime.now() + timedelta(days=5), 'date_end': fields.Datetime.now() + timedelta(days=6)})

    def test_organizer_from_outside_is_a_sender_like_others(self):
        path = self.paths('organizer')
        self.assertEqual((path.from_email, path.author_count, path.examples), ('guest@guest.example', 1, ["Fair"]))
        self.assertEqual(self.env[path.action_open_authors()['res_model']].search(
            path.action_open_authors()['domain']), self.event)
        self.assertTrue(self.health('guest.example').is_foreign)
        found = self.env['mail.domain.health.finding'].search([('code', '=', 'path.organizer_from')])
        self.assertEqual(found.path_ids, path)
        self.assertIn("Fair", found.explanation)

    def test_company_user_and_past_events_are_no_strangers(self):
        user = self.env['res.users'].create({
            'name': "Ann", 'login': 'guest_ann', 'email': 'ann@ours.example', 'company_id': self.company.id,
            'company_ids': [Command.set(self.company.ids)]})
        for values in ({'organizer_id': self.company.partner_id.id}, {'organizer_id': user.partner_id.id}, {
                'organizer_id': self.organizer.id, 'date_begin': fields.Datetime.now() - timedelta(days=5),
                'date_end': fields.Datetime.now() - timedelta(days=4)}):
            self.event.write(values)
            self.assertFalse(self.paths('organizer'))
