from datetime import timedelta
from email.message import EmailMessage
from functools import partial
from unittest.mock import Mock, patch

from odoo import fields
from odoo.tests import BaseCase, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.base.tests.common import MockSmtplibCase

from ..sending import departure as smtp_departure
from ..sending.counting import update_paths
from ..sending.departure import OTHER_HOST, Sender, expect, watch
from ..sending.sent_rows import sum_up
from ..sending.unforeseen import sending_modules
from .common import HEALTHY, DomainHealthCase


class _Session:
    """As much of smtplib.SMTP as is looked at."""

    _host = 'smtp.test'

    def __init__(self):
        self.sent = []

    def send_message(self, message, from_addr=None, to_addrs=None):
        self.sent.append((message, from_addr, to_addrs))
        return {'refused@elsewhere.example': (550, b"no")}


class _Refusing(_Session):

    def send_message(self, message, from_addr=None, to_addrs=None):
        raise OSError("refused")


class _Closed:
    """A session of somebody's own making that takes no attribute."""

    __slots__ = ()

    def send_message(self, message, from_addr, to_addrs):
        return 'sent'


@tagged('post_install', '-at_install')
class TestSmtpDeparture(BaseCase):
    """What a session sends is seen, and neither the session nor who sends notices."""

    def setUp(self):
        super().setUp()
        self.noted = []
        self.sender = Sender(self.noted.append, 7)
        self.message = EmailMessage()
        self.message['From'] = '"Office" <Office@beta.example>'

    def watch(self, session, sender=None):
        watch(session, 3, '', sender or self.sender)
        return session

    def test_call_reaches_the_session_as_it_was(self):
        session = self.watch(_Session())
        answer = session.send_message(self.message, 'bounce@beta.example', ['a@elsewhere.example'])
        self.assertEqual(session.sent, [(self.message, 'bounce@beta.example', ['a@elsewhere.example'])])
        self.assertIs(session.sent[0][0], self.message)
        self.assertEqual(answer, {'refused@elsewhere.example': (550, b"no")})
        [departure] = self.noted
        self.assertEqual(
            (departure.company_id, departure.mail_server_id, departure.from_email, departure.envelope_from),
            (7, 3, 'office@beta.example', 'bounce@beta.example'))

    def test_names_of_arguments_are_those_of_smtplib(self):
        self.watch(_Session()).send_message(self.message, from_addr='bounce@beta.example', to_addrs=['a@elsewhere.example'])
        self.watch(_Session()).send_message(message=self.message)
        self.assertEqual([departure.envelope_from for departure in self.noted], ['bounce@beta.example', 'office@beta.example'])

    def test_refused_mail_is_not_noted_and_its_error_is_the_senders(self):
        session = self.watch(_Refusing())
        with self.assertRaisesRegex(OSError, "refused"):
            session.send_message(self.message, 'a@beta.example', [])
        self.assertFalse(self.noted)

    def test_each_mail_is_noted_once_however_often_the_session_is_watched(self):
        session = _Session()
        for _number in range(3):
            self.watch(session)
        wrapped = session.send_message
        session.send_message = partial(wrapped)  # as a module may do
        self.watch(session)
        for _number in range(2):
            session.send_message(self.message, 'a@beta.example', [])
        self.assertEqual((len(session.sent), len(self.noted)), (2, 2))

    def test_subclass_and_replaced_method_are_called(self):  # pylint: disable=missing-return
        class Special(_Session):
            def send_message(self, *arguments):
                super().send_message(*arguments)
                return 'special'

        self.assertEqual(self.watch(Special()).send_message(self.message, 'a@beta.example', []), 'special')
        session = self.watch(_Session())
        with patch.object(_Session, 'send_message', return_value='replaced later'):
            self.assertEqual(session.send_message(self.message, 'a@beta.example', []), 'replaced later')
        session = _Session()
        session.send_message = lambda *_arguments: 'replaced before'
        self.assertEqual(self.watch(session).send_message(self.message, 'a@beta.example', []), 'replaced before')
        self.assertEqual(len(self.noted), 3)

    def test_mock_stays_one(self):
        session = self.watch(Mock())
        session.send_message.return_value = 'sent'
        self.assertEqual(session.send_message(self.message, 'a@beta.example', []), 'sent')
        session.send_message.assert_called_once_with(self.message, 'a@beta.example', [])
        self.assertEqual(len(self.noted), 1)

    def test_session_that_cannot_be_watched_sends(self):
        self.assertEqual(self.watch(_Closed()).send_message(self.message, 'a@beta.example', []), 'sent')
        for session in (object(), 7):
            self.watch(session)

    def test_nothing_that_goes_wrong_reaches_the_sender(self):
        with mute_logger(smtp_departure.__name__):
            for message in (None, object(), {'From': object()}, {}):
                with self.subTest(message=message):
                    session = self.watch(_Session())
                    session.send_message(message, object(), None)
                    self.assertEqual(len(session.sent), 1)
            session = self.watch(_Session(), Sender(Mock(side_effect=ValueError("broken")), 7))
            session.send_message(self.message, 'a@beta.example', [])
            self.assertEqual(len(session.sent), 1)

    def test_who_sends_is_who_was_expected_last_for_one_mail(self):
        session = self.watch(_Session())
        expect(session, self.sender._replace(author_email='jim@ours.example'))
        session.send_message(self.message, 'a@beta.example', [])
        session.send_message(self.message, 'a@beta.example', [])
        self.assertEqual(
            [departure.author_email for departure in self.noted], ['jim@ours.example', 'office@beta.example'])


@tagged('post_install', '-at_install')
class TestUnforeseen(MockSmtplibCase, DomainHealthCase):
    """Mail that leaves in a way that no setting told becomes a way of its own, is judged, and said."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.server = cls.env['ir.mail_server'].create({
            'name': "Relay", 'smtp_host': 'smtp.test', 'from_filter': 'ours.example'})
        cls.env['res.users'].create([{
            'name': name, 'login': f'unforeseen_{name}', 'email': f'{name}@ours.example',
            'company_id': cls.company.id, 'company_ids': [(6, 0, cls.company.ids)],
        } for name in ('jim', 'ann')])
        cls.env['mail.domain.health']._refresh()

    def mail(self, author='jim', **values):
        customer = self.env['res.partner'].create({'name': "Customer"})
        return self.env['mail.mail'].create({
            'subject': 'Hello', 'body_html': '<p>Hello</p>', 'email_from': f'{author}@ours.example',
            'email_to': 'customer@elsewhere.example', 'record_company_id': self.company.id, 'model': 'res.partner',
            'res_id': customer.id, 'record_alias_domain_id': self.company.alias_domain_id.id, **values})

    def send(self, mails, from_email='office@beta.example', envelope_from=None):
        """Send as a module does that is loaded after ours and has the last word on who sends (OCA's mail_outbound_static)."""
        IrMailServer = self.env.registry['ir.mail_server']
        prepare = IrMailServer._prepare_email_message__

        def change(model, message, session):
            envelope, recipients, message = prepare(model, message, session)
            if from_email:
                message.replace_header('From', f'"Office" <{from_email}>')
            return envelope_from or from_email or envelope, recipients, message

        with self.mock_smtplib_connection(), mute_logger('odoo.addons.mail.models.mail_mail'), \
                patch.object(IrMailServer, '_prepare_email_message__', change):
            mails.send()
        self.write_sent()

    def learn(self):
        update_paths(self.env)
        self.env.flush_all()
        return self.env['mail.domain.health.path'].search([('kind', '=', 'unforeseen')])

    def rows(self):
        return self.env['mail.domain.health.sent'].search([], order='id')

    def findings(self):
        return self.env['mail.domain.health.finding'].search([('code', '=', 'path.unforeseen'), ('resolved_on', '=', False)])

    def test_becomes_a_path_that_says_as_what_how_often_and_what_is_known_of_it(self):
        self.send(self.mail() | self.mail() | self.mail('ann'))
        way = self.learn()
        self.assertEqual((way.company_id, way.mail_server_id), (self.company, self.server))
        self.assertEqual(
            (way.from_email, way.envelope_from, way.sent_count), ('office@beta.example', 'office@beta.example', 3))
        self.assertEqual((way.author_domain, way.examples, way.is_used), ('ours.example', ['res.partner'], True))
        self.assertEqual(way.last_sent, fields.Date.today())
        self.assertEqual(way.who, "Unexpected emails of Ours sent from office@beta.example (3)")
        self.assertIn("Relay", way.story['leaves'])

    def test_is_said(self):
        self.send(self.mail())
        self.learn()
        self.assertEqual(self.findings().title, "1 unexpected email was sent from office@beta.example")
        self.send(self.mail('ann'))
        self.learn()
        self.env['mail.domain.health.path']._sync_findings(self.company)
        finding = self.findings()
        self.assertEqual(finding.title, "2 unexpected emails were sent from office@beta.example")
        self.assertEqual(finding.path_ids.kind, 'unforeseen')
        for known in ("Relay", "ours.example", "Contact"):
            self.assertIn(known, finding.explanation)
        self.env['res.lang']._activate_lang('fr_FR')
        self.env['ir.model']._get('res.partner').update_field_translations('name', {'fr_FR': "Interlocuteur"})
        self.assertIn("Interlocuteur", finding.with_context(lang='fr_FR').explanation, "in the words of whoever reads it")
        finding.params = {**finding.params, 'about': []}
        self.assertIn("documents: —.", finding.explanation, "of mail that is about no document that is said, not left empty")
        self.assertEqual(finding.action_remedy()['res_id'], finding.path_ids.id)

    def test_is_judged_as_every_path_is(self):
        self.publish('ours.example', *HEALTHY)
        self.publish('beta.example', '@ TXT "v=spf1 -all"', '_dmarc TXT "v=DMARC1; p=reject"')
        self.server.mail_sending_service_id = self.env.ref('mail_domain_health.sending_service_odoo')
        self.send(self.mail())
        way = self.learn()
        self.assertEqual(way.from_health_id.name, 'beta.example')
        way.action_check()
        self.assertEqual((way.state, way.from_health_id.state), ('fail', 'fail'))
        self.assertEqual(self.findings().severity, 'error')
        self.publish('beta.example', *HEALTHY)
        way.action_check()
        self.assertEqual((way.state, self.findings().severity), ('pass', 'info'))

    def test_address_of_the_right_domain_is_unforeseen_too(self):
        """A relay that takes mail of its account only does not look at the domain."""
        self.send(self.mail(), 'office@ours.example')
        self.assertEqual(self.learn().from_email, 'office@ours.example')

    def test_other_envelope_alone_is_unforeseen(self):
        self.send(self.mail(), None, 'return@elsewhere.example')
        way = self.learn()
        self.assertEqual((way.from_email, way.envelope_from), ('jim@ours.example', 'return@elsewhere.example'))

    def test_what_leaves_as_foretold_makes_no_path(self):
        self.send(self.mail(), None)
        self.assertFalse(self.learn())
        self.assertEqual(self.rows().mapped(lambda row: (bool(row.path_id), row.from_email)), [(True, False)])

    def test_host_that_is_none_of_odoos_servers_is_named(self):
        with self.mock_smtplib_connection():
            self.env['ir.mail_server'].with_company(self.company).send_email(
                self._build_email('jim@ours.example', email_to='customer@elsewhere.example'), smtp_server='smtp.their.example')
        self.write_sent()
        way = self.learn()
        self.assertEqual((way.smtp_host, way.mail_server_id.id), ('smtp.their.example', False))
        self.assertIn('smtp.their.example', way.story['leaves'])
        self.assertIn('smtp.their.example', self.findings().explanation)

    def test_session_of_somebodys_own_making_is_seen(self):
        """Mass senders open a session and hand it over."""
        session = _Session()
        IrMailServer = self.env['ir.mail_server'].with_company(self.company)
        with self.mock_smtplib_connection():
            for _number in range(2):
                IrMailServer.send_email(
                    self._build_email('office@beta.example', email_to='customer@elsewhere.example'), smtp_session=session)
        self.assertEqual(len(session.sent), 2)
        self.write_sent()
        self.assertEqual(self.rows().mapped(lambda row: (row.mail_server_id, row.messages)), [(OTHER_HOST, 2)])

    def test_server_that_a_later_module_chooses_is_the_one_that_counts(self):
        other = self.env['ir.mail_server'].create({'name': "Other", 'smtp_host': 'other.test', 'from_filter': 'beta.example'})
        IrMailServer = self.env.registry['ir.mail_server']
        find = IrMailServer._find_mail_server

        def choose(model, *arguments, **options):
            find(model, *arguments, **options)
            return other, 'jim@ours.example'

        with self.mock_smtplib_connection(), patch.object(IrMailServer, '_find_mail_server', choose):
            self.testing_smtp_session._host = 'other.test'
            self.env['ir.mail_server'].with_company(self.company).send_email(
                self._build_email('jim@ours.example', email_to='customer@elsewhere.example'))
        self.write_sent()
        self.assertEqual(self.rows().mail_server_id, other.id)

    def test_numbers_domains_and_one_address_are_kept(self):
        for author, as_whom in (('jim', 'jim@beta.example'), ('ann', 'ann@beta.example'), ('jim', 'office@beta.example')):
            self.send(self.mail(author), as_whom)
        self.learn()
        self.send(self.mail('ann'), 'ann@beta.example')
        self.learn()

        def addresses():
            return sorted({
                address for row in self.rows() for address in (row.author_email, row.from_email, row.envelope_from)
                if address and not address.startswith('@')})

        self.assertEqual(addresses(), ['jim@beta.example'])
        self.rows().sent_on = fields.Datetime.now() - timedelta(days=3)
        self.env.flush_all()
        sum_up(self.env)
        self.assertEqual(self.rows().mapped('messages'), [4])
        self.assertEqual(addresses(), ['jim@beta.example'])
        way = self.learn()
        self.assertEqual((way.from_email, way.sent_count), ('jim@beta.example', 4))

    def test_days_are_summed_up_even_where_nobody_looked(self):
        self.send(self.mail(), 'jim@beta.example')
        self.send(self.mail('ann'), 'ann@beta.example')
        self.rows().sent_on = fields.Datetime.now() - timedelta(days=3)
        self.env.flush_all()
        sum_up(self.env)
        row = self.rows()
        self.assertEqual((row.author_email, row.from_email, row.messages), ('@ours.example', 'jim@beta.example', 2))
        self.assertEqual(self.learn().sent_count, 2)

    def test_mail_that_left_before_its_path_was_found_is_no_surprise(self):
        """Ways are found when a configuration changes, and mail may be faster."""
        mail = self.mail()
        self.env.cr.flush()
        self.env['mail.domain.health.path'].search([('company_id', '=', self.company.id)]).unlink()
        self.env.registry.clear_cache()
        self.send(mail, None)
        self.assertEqual(self.rows().path_id, 0)
        self.env['mail.domain.health']._refresh()
        self.assertFalse(self.learn())
        user = self.env['mail.domain.health.path'].search([('kind', '=', 'user'), ('company_id', '=', self.company.id)])
        self.assertEqual((self.rows().path_id, user.sent_count), (user.id, 1))

    def test_ends_after_thirty_days(self):
        self.send(self.mail())
        way = self.learn()
        self.rows().sent_on = fields.Datetime.now() - timedelta(days=31)
        self.env.flush_all()
        self.learn()
        self.assertFalse(way.sent_count)
        self.env['mail.domain.health']._refresh()
        self.assertFalse(way.exists() or self.findings())

    def test_server_that_is_gone_leaves_nothing_to_judge(self):
        self.send(self.mail())
        self.server.unlink()
        self.env.flush_all()
        self.assertFalse(self.learn())

    def test_only_the_company_whose_mail_it_was_sees_it(self):
        other = self.make_company("Other", 'other.example')
        self.send(self.mail())
        way = self.learn()
        admin = new_test_user(self.env, 'unforeseen_admin', groups='base.group_system', company_id=other.id)
        Path = self.env['mail.domain.health.path'].with_user(admin).with_context(allowed_company_ids=other.ids)
        self.assertFalse(Path.search([('kind', '=', 'unforeseen')]))
        self.assertEqual(way.company_id, self.company)

    def test_paths_of_one_company_are_bounded(self):
        limit = 'odoo.addons.mail_domain_health.sending.unforeseen.MAX_UNFORESEEN'
        self.send(self.mail() | self.mail(), 'office@beta.example')
        for number in range(3):
            self.send(self.mail(), f'office@beta{number}.example')
        with patch(limit, 2):
            ways = self.learn()
        self.assertEqual(len(ways), 2)
        self.assertIn('office@beta.example', ways.mapped('from_email'), "that with the most mails")

    def test_added_modules_that_change_how_mail_is_sent_are_named(self):
        self.assertEqual(sending_modules(self.env), [])
        module = self.env['ir.module.module'].search([('name', '=', 'mail')])
        module.author = "Somebody Else"
        self.assertEqual(sending_modules(self.env), ['mail'])
        self.send(self.mail())
        self.learn()
        self.assertIn("change how mail is sent: mail", self.findings().explanation)
