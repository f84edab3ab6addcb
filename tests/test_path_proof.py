"""Remedies prove themselves: tried, judged, offered only where no mail fares worse."""

from contextlib import closing
from datetime import timedelta
from unittest.mock import patch

from odoo import SUPERUSER_ID, api, fields
from odoo.exceptions import UserError
from odoo.sql_db import db_connect
from odoo.tests import BaseCase, Form, new_test_user, tagged

from ..sending import collecting, trying_out
from ..sending.asking_core import probe
from ..sending.counting import update_paths
from ..sending.fate import Facts, Leaving, Outcome, fate, is_better, is_worse
from ..sending.situation import Server
from .common import HEALTHY, DomainHealthCase

OURS = Leaving(1, 2, 'jane@ours.example', 'bounce@ours.example')
STRANGER = Leaving(1, 2, 'customer@elsewhere.example', 'bounce@ours.example', is_external=True)


@tagged('post_install', '-at_install')
class TestPathFate(BaseCase):
    """How mail will fare, from what is known of its parts."""

    def facts(self, spf=None, dkim=None, policy='unknown', **values):
        return Facts(
            spf={(2, 'ours.example'): spf} if spf else {}, dkim={(2, 'ours.example'): dkim} if dkim else {},
            policies={} if policy == 'unknown' else {'ours.example': policy}, **values)

    def test_parts_that_were_seen_make_the_verdict_of_a_path_that_was_not(self):
        for spf, dkim, policy, expected in (
            ('pass', 'published', 'none', (3, 3)), ('pass', 'missing', 'none', (2, 2)), ('pass', 'not_known', None, (2, 2)),
            ('pass', 'published', None, (2, 2)), ('fail', 'published', 'reject', (2, 2)), ('none', 'missing', 'none', (1, 1)),
            ('permerror', 'missing', None, (1, 1)), ('part', 'missing', 'reject', (1, 1)), ('part', 'missing', 'none', (2, 2)),
            ('fail', 'not_known', 'none', (1, 2)),
        ):
            with self.subTest(spf=spf, dkim=dkim, policy=policy):
                self.assertEqual(fate(self.facts(spf, dkim, policy), OURS), expected)

    def test_what_nobody_looked_at_may_be_anything(self):
        self.assertEqual(fate(self.facts(), OURS), (1, 3))
        self.assertEqual(fate(self.facts('pass'), OURS), (2, 3))
        self.assertEqual(fate(self.facts(dkim='published'), OURS), (2, 3))

    def test_a_verdict_of_the_whole_path_counts_more_than_its_parts(self):
        states = {(1, 2, 'ours.example', 'ours.example'): 'warning'}
        self.assertEqual(fate(self.facts('pass', 'published', 'none', states=states), OURS), (2, 2))

    def test_spf_of_another_domain_does_not_speak_for_the_sender(self):
        other = OURS._replace(from_email='jane@brand.example')
        facts = Facts(spf={(2, 'ours.example'): 'pass'}, dkim={(2, 'brand.example'): 'missing'}, policies={'brand.example': 'none'})
        self.assertEqual(fate(facts, other), (1, 1))

    def test_somebody_elses_address_is_refused_where_its_domain_asks_for_that(self):
        self.assertEqual(fate(self.facts(), STRANGER), (1, 2))
        self.assertEqual(fate(Facts(policies={'elsewhere.example': 'reject'}), STRANGER), (1, 1))

    def test_server_that_takes_its_accounts_mail_only(self):
        outlook = Server(1, "Outlook", '', 'outlook', 'shop@ours.example')
        facts = self.facts('pass', 'published', 'none', servers={1: outlook})
        self.assertEqual(fate(facts, OURS), (0, 0))
        self.assertEqual(fate(facts, OURS._replace(from_email='shop@ours.example')), (0, 0), "the envelope is another")
        self.assertEqual(fate(facts, Leaving(1, 2, 'shop@ours.example', 'shop@ours.example')), (3, 3))
        accepted = self.facts('pass', 'published', 'none', servers={1: outlook}, accepted=frozenset({(1, 'ours.example', 'ours.example')}))
        self.assertEqual(fate(accepted, OURS), (3, 3))

    def test_server_that_puts_its_accounts_address_in_place(self):
        gmail = Server(1, "Gmail", '', 'gmail', 'shop@gmail.com', replaces=True)
        self.assertEqual(fate(self.facts(servers={1: gmail}, foreign=frozenset({'gmail.com'})), OURS), (3, 3))

    def test_what_gets_worse(self):
        facts = self.facts('pass', 'published', 'none')
        unseen = OURS._replace(from_email='jane@unseen.example', envelope_from='bounce@unseen.example')
        borrowed = OURS._replace(from_email='notifications@other.example', is_borrowed=True)
        for before, after, worse, better in (
            (OURS, unseen, True, False), (unseen, OURS, False, True), (OURS, None, True, False), (None, unseen, False, True),
            (STRANGER, OURS, False, True), (OURS, STRANGER, True, False), (unseen, unseen._replace(server=5), False, False),
            (unseen, borrowed, True, False), (STRANGER, borrowed, False, False),
            (borrowed, unseen, False, True),
        ):
            with self.subTest(before=before, after=after):
                outcome = Outcome(1, 'user', 'jane@ours.example', before, after)
                self.assertEqual((is_worse(facts, outcome), is_better(facts, outcome)), (worse, better))


@tagged('post_install', '-at_install')
class TestPathProof(DomainHealthCase):

    def setUp(self):
        super().setUp()
        self.publish('ours.example', *HEALTHY)
        self.publish('brand.example', *HEALTHY)
        self.publish('agency.example', *HEALTHY)

    def finding(self, code, company=None):
        self.env.cr.flush()
        return self.env['mail.domain.health.finding'].search([
            ('code', '=', code), ('company_id', '=', (company or self.company).id), ('resolved_on', '=', False)])

    def relay(self, **values):
        return self.env['ir.mail_server'].create({
            'name': 'Relay', 'smtp_host': 'smtp.test', 'mail_sending_service_id': self.company.mail_sending_service_id.id, **values})

    def check(self, *names):
        for name in names:
            self.health(name).check_now()

    def test_default_sender_at_another_domain_whose_signature_speaks_for_it_is_left_alone(self):
        self.relay()
        self.company.alias_domain_id.default_from = 'hello@brand.example'
        self.publish('ours.example')
        self.assertTrue(self.finding('path.default_from'), "nothing is known yet")
        self.check('ours.example', 'brand.example')
        path = self.env['mail.domain.health.path'].search([
            ('company_id', '=', self.company.id), ('kind', '=', 'notifications')])
        self.assertEqual((path.state, path.verdict['dkim']['status']), ('warning', 'published'))
        self.assertFalse(self.finding('path.default_from'))

    def test_default_sender_that_would_fare_no_better_at_our_own_domain_is_not_offered(self):
        self.relay()
        self.company.alias_domain_id.default_from = 'hello@brand.example'
        self.publish('brand.example')
        self.publish('ours.example')
        new_test_user(self.env, 'jane', email='jane@ours.example', company_id=self.company.id, company_ids=[(6, 0, self.company.ids)])
        forced = self.env['mail.template'].create({  # so that mail as ours.example through the relay was looked at
            'name': 'Offer', 'model_id': self.env['ir.model']._get('res.partner').id, 'email_from': 'sales@ours.example',
            'mail_server_id': self.env['ir.mail_server'].search([('name', '=', 'Relay')]).id})
        self.env['mail.domain.health']._refresh()
        self.check('ours.example', 'brand.example')
        finding = self.finding('path.default_from')
        self.assertEqual(finding.remedy_action, {'kind': 'report', 'domain': 'brand.example'})
        self.assertIn("Publish a signature", finding.remedy)
        self.publish('ours.example', *HEALTHY)
        self.check('ours.example')
        self.assertEqual(finding.remedy_action['kind'], 'change', "now it would help")
        forced.unlink()

    def test_filter_that_would_have_mail_leave_as_another_company_is_not_offered_until_it_would_not(self):
        first = self.env['res.company'].search([], order='id', limit=1)
        first.alias_domain_id = self.env['mail.alias.domain'].search([('name', '=', 'first.example')])
        new_test_user(self.env, 'jane', email='jane@agency.example', company_id=self.company.id,
                      company_ids=[(6, 0, self.company.ids)])
        self.env['mail.domain.health']._refresh()
        finding = self.finding('path.plain_server')
        self.assertEqual(finding.params['unproven'], 'worse')
        self.assertIn("jane@agency.example", finding.remedy)
        self.assertIn("notifications@first.example", finding.remedy)
        self.check('agency.example')
        self.assertEqual(finding.remedy_action['changes'][0]['value'], 'ours.example, agency.example, first.example')

    def test_remedy_shows_which_mail_gets_better(self):
        self.env['mail.domain.health']._refresh()
        finding = self.finding('path.plain_server')
        action = finding.action_remedy()
        wizard = Form(self.env[action['res_model']].with_context(**action['context'])).save()
        self.assertTrue(wizard.effect_ids)
        self.assertTrue(all(line.is_effect for line in wizard.effect_ids))
        self.assertIn('notifications@ours.example', wizard.effect_ids.filtered(
            lambda line: 'gmail.com' in line.name)[:1].new_value)
        self.assertEqual(wizard.line_ids.mapped('is_effect'), [False])

    def test_remedy_that_would_harm_by_now_is_not_applied(self):
        self.env['mail.domain.health']._refresh()
        finding = self.finding('path.plain_server')
        action = finding.action_remedy()
        wizard = Form(self.env[action['res_model']].with_context(**action['context'])).save()
        new_test_user(self.env, 'jane', email='jane@agency.example', company_id=self.company.id,
                      company_ids=[(6, 0, self.company.ids)])
        self.env['mail.domain.health']._refresh()
        with self.assertRaises(UserError):
            wizard.action_apply()
        self.assertFalse(self.env['ir.config_parameter'].get_param('mail.default.from_filter'))

    def test_relay_that_takes_its_account_only_gets_filter_and_default_sender_together(self):
        """Each service of the catalog that does; afterwards core sends as the account, in the envelope too."""
        services = self.env['mail.sending.service'].search([('sender_rule', '=', 'account')])
        self.assertGreaterEqual(len(services), 7)
        for service in services:
            with self.subTest(service.code):
                host = (service.sender_rule_hosts or service.smtp_host_examples).split(',')[0]
                server = self.env['ir.mail_server'].create(
                    {'name': service.name, 'smtp_host': host, 'smtp_user': 'shop@ours.example'})
                self.assertEqual(server.mail_sending_service_id, service)
                code = 'path.outlook_from' if service.code == 'microsoft' else 'path.account_from'
                finding = self.finding(code)
                self.assertEqual([change['field'] for change in finding.remedy_action['changes']], ['from_filter', 'default_from'])
                action = finding.action_remedy()
                wizard = Form(self.env[action['res_model']].with_context(**action['context'])).save()
                self.assertIn("not sent", wizard.effect_ids[:1].old_value)
                wizard.action_apply()
                for author in ('jane@ours.example', 'customer@elsewhere.example', ''):
                    route = probe(self.env, self.company, author)
                    self.assertEqual(route[1:], ('shop@ours.example', 'shop@ours.example'))
                self.assertFalse(self.finding(code))
                server.unlink()
                self.company.alias_domain_id.default_from = 'notifications'

    def test_company_without_an_account_of_its_own_is_told_whose_name_its_customers_would_see(self):
        other = self.make_company("Other", 'other.example', service=None)
        self.env['ir.mail_server'].create(
            {'name': "Shop", 'smtp_host': 'smtp.yandex.com', 'smtp_user': 'shop@ours.example'})
        self.assertTrue(self.finding('path.account_from'))
        finding = self.finding('path.account_company', other)
        self.assertIn("customers of Other would see Ours", finding.explanation)
        action = finding.action_remedy()
        self.assertEqual((action['res_model'], action['context']['default_from_filter']), ('ir.mail_server', 'other.example'))

    def test_mail_that_outlook_took_ends_the_finding_until_the_server_is_changed(self):
        server = self.env['ir.mail_server'].create(
            {'name': "Outlook", 'smtp_host': 'smtp.office365.com', 'smtp_user': 'shop@ours.example'})
        self.assertTrue(self.finding('path.outlook_from'))
        paths = self.env['mail.domain.health.path'].search([('company_id', '=', self.company.id), ('refusal', '=', False)])
        moment = fields.Datetime.now() + timedelta(seconds=5)
        self.env['mail.domain.health.sent'].create([
            {'path_id': path.id, 'mail_server_id': server.id, 'sent_on': moment, 'messages': 1} for path in paths])
        update_paths(self.env)
        self.env['mail.domain.health']._refresh()
        self.assertFalse(self.finding('path.outlook_from') | self.finding('path.outlook_envelope'))
        self.env.flush_all()
        self.env.cr.execute("UPDATE ir_mail_server SET write_date = %s", [moment + timedelta(seconds=5)])
        self.env.invalidate_all()
        self.env['mail.domain.health']._refresh()
        self.assertTrue(self.finding('path.outlook_from'))

    def test_during_and_after_a_trial_everybody_else_still_gets_the_old_sender(self):
        """Real second cursors, and the caches that all of a process share."""
        server = self.relay(from_filter='nothing.example')
        alias_domain = self.company.alias_domain_id
        changes = [
            {'model': 'ir.config_parameter', 'key': 'mail.default.from_filter', 'field': 'value', 'value': 'trial.example'},
            {'model': 'ir.mail_server', 'id': server.id, 'field': 'from_filter', 'value': 'trial.example'},
            {'model': 'mail.alias.domain', 'id': alias_domain.id, 'field': 'default_from', 'value': 'trial@trial.example'},
        ]
        seen, inside = [], []

        def look():
            with closing(db_connect(self.env.cr.dbname).cursor()) as cr:
                env = api.Environment(cr, SUPERUSER_ID, {})
                seen.append((
                    env['ir.mail_server']._get_default_from_filter(),
                    env['ir.config_parameter'].get_param('mail.default.from_filter'),
                    env['mail.alias.domain'].search([]).mapped('default_from_email'),
                    env['ir.mail_server'].search([]).mapped('from_filter'),
                    env['ir.cron.trigger'].search_count([]),
                    env.registry.get_sequences(cr) if hasattr(env.registry, 'get_sequences') else None,
                ))

        leavings = collecting.leavings

        def watched(env, *args, **options):
            look()
            if env.context.get('mail_domain_health_sender_trial'):
                inside.append(env['ir.mail_server']._get_default_from_filter())
                self.assertEqual(alias_domain.default_from_email, 'trial@trial.example')
            return leavings(env, *args, **options)

        self.env.cr.flush()
        invalidated = set(self.registry.cache_invalidated)
        triggers = self.env['ir.cron.trigger'].search_count([])
        look()
        with patch.object(collecting, 'leavings', watched):
            self.assertTrue(trying_out.try_out(self.env(su=True), self.company, changes))
        look()
        self.assertEqual(inside, ['trial.example'])
        self.assertEqual(len(seen), 4)
        self.assertTrue(all(each == seen[0] for each in seen), seen)
        self.assertEqual(alias_domain.default_from_email, 'notifications@ours.example')
        self.assertEqual(server.from_filter, 'nothing.example')
        self.assertFalse(self.env['ir.mail_server']._get_default_from_filter())
        self.assertEqual(set(self.registry.cache_invalidated), invalidated, "no cache was cleared")
        self.env.cr.flush()
        self.assertEqual(self.env['ir.cron.trigger'].search_count([]), triggers, "no cron was woken")

    def test_trial_that_core_does_not_allow_offers_nothing(self):
        server = self.relay()
        alias_domain = self.company.alias_domain_id
        self.assertIsNone(trying_out.try_out(self.env(su=True), self.company, [
            {'model': 'mail.alias.domain', 'id': alias_domain.id, 'field': 'name', 'value': 'not a domain'}]))
        self.assertEqual((alias_domain.name, server.active), ('ours.example', True))

    def test_a_check_tries_nothing_again_while_the_configuration_stays(self):
        self.env['mail.domain.health']._refresh()
        self.assertTrue(self.finding('path.plain_server').trial)
        with patch.object(trying_out, 'try_out', side_effect=AssertionError):
            self.check('ours.example')
            self.env['mail.domain.health']._refresh()
        self.assertTrue(self.finding('path.plain_server').trial)
