from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from ..sending.asking_core import probe
from .common import HEALTHY, DomainHealthCase, mute

YAHOO = ('_dmarc TXT "v=DMARC1; p=reject"', '@ TXT "v=spf1 ip4:203.0.113.0/24 -all"')
GMAIL = ('@ TXT "v=spf1 redirect=_spf.google.com"', '_dmarc TXT "v=DMARC1; p=none; sp=quarantine"')


@tagged('post_install', '-at_install')
class TestPathRemedies(DomainHealthCase):
    """From a configuration to the finding about it, and from there to its remedy."""

    def setUp(self):
        super().setUp()
        self.publish('ours.example', *HEALTHY)
        self.publish('yahoo.com', *YAHOO)
        self.publish('gmail.com', *GMAIL)
        self.dns.set_zone('google.com', '_spf TXT "v=spf1 ip4:203.0.113.64/26 ~all"')

    def user(self, email, **values):
        user = new_test_user(
            self.env, email, 'base.group_user', email=email, company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)], **values)
        self.env['mail.domain.health']._refresh()
        return user

    def finding(self, code, company=None):
        self.env.cr.flush()
        return self.env['mail.domain.health.finding'].search([
            ('code', '=', code), ('company_id', '=', (company or self.company).id), ('resolved_on', '=', False)])

    def remedy(self, finding):
        """The wizard behind the button, filled in as the web client fills it in."""
        action = finding.action_remedy()
        return Form(self.env[action['res_model']].with_context(**action['context'])).save()

    def path(self, **values):
        return self.env['mail.domain.health.path'].search([
            ('company_id', '=', self.company.id), *((name, '=', value) for name, value in values.items())])

    def test_users_address_at_yahoo_gets_its_live_policy_and_a_remedy_that_works(self):
        self.user('jane@yahoo.com')
        finding = self.finding('path.foreign_author')
        self.assertEqual((finding.domain_id.name, finding.name), ('ours.example', 'yahoo.com'))
        self.assertEqual(finding.severity, 'warning', "what yahoo.com asks for is not known yet")
        self.health('yahoo.com').check_now()
        self.assertEqual(finding.severity, 'error')
        self.assertIn("reject mail sent from @yahoo.com", finding.explanation)
        path = self.path(author_domain='yahoo.com', kind='user')
        self.assertEqual(path.state, 'fail')
        self.assertIn(finding, path.finding_ids)
        wizard = self.remedy(finding)
        self.assertEqual(wizard.line_ids.mapped('new_value'), ['ours.example, first.example'], "other companies' too")
        wizard.action_apply()
        self.assertFalse(self.finding('path.foreign_author'))
        self.health('ours.example').check_now()
        path = self.path(author_domain='yahoo.com', kind='user')
        self.assertEqual((path.from_email, path.state), ('notifications@ours.example', 'pass'))
        self.assertIn("Nothing is wrong", path.story['reassurance'])

    def test_finding_about_paths_outlives_a_check_and_keeps_its_mute(self):
        self.user('jane@yahoo.com')
        finding = self.finding('path.foreign_author')
        mute(finding)
        self.health('ours.example').check_now()
        self.health('yahoo.com').check_now()
        self.env['mail.domain.health']._refresh()
        self.assertEqual(self.finding('path.foreign_author'), finding)
        self.assertTrue(finding.is_muted)

    def test_domain_of_somebody_else_gets_no_records_no_findings_and_no_message(self):
        self.user('jane@yahoo.com')
        yahoo = self.health('yahoo.com')
        for _look in range(2):
            yahoo.check_now()
        self.assertEqual((yahoo.state, yahoo.is_foreign), ('fail', True))
        self.assertFalse(yahoo.publication['changes'])
        self.assertFalse(yahoo.finding_ids)
        self.assertFalse(yahoo.activity_ids)
        self.assertFalse(yahoo.overview['areas'])
        self.assertIn("not your domain", yahoo.overview['sentence'])
        self.assertFalse(yahoo.message_ids.filtered(lambda message: message.message_type == 'notification'))

    def test_administrator_says_whose_domain_it_is(self):
        self.user('jane@agency.example')
        agency = self.health('agency.example')
        self.assertFalse(agency.is_foreign)
        agency.action_disclaim()
        self.env.cr.flush()
        self.assertTrue(agency.is_foreign)
        self.assertTrue(self.finding('path.foreign_author'))
        self.env['mail.domain.health']._refresh()
        self.assertTrue(agency.is_foreign, "what a person said stays")
        agency.action_claim()
        self.env.cr.flush()
        self.assertFalse(agency.is_foreign)
        self.assertFalse(self.finding('path.foreign_author'))

    def test_gmails_own_server_for_a_gmail_address_is_in_order(self):
        self.env['ir.mail_server'].create({
            'name': 'Gmail', 'smtp_host': 'smtp.gmail.com', 'smtp_user': 'jane@gmail.com', 'from_filter': 'jane@gmail.com'})
        self.env['ir.mail_server'].create({'name': 'Relay', 'smtp_host': 'smtp.test', 'from_filter': 'ours.example'})
        self.user('jane@gmail.com')
        self.health('gmail.com').check_now()
        path = self.path(from_email='jane@gmail.com')
        self.assertEqual(path.state, 'pass')
        self.assertIn("own", path.story['reassurance'] + path.story['outcome'] + self.health('gmail.com').overview['sentence'])
        for code in ('path.foreign_author', 'path.gmail_from', 'path.gmail_envelope', 'path.filter_ignored'):
            self.assertFalse(self.finding(code), code)

    def test_account_of_a_gmail_server_becomes_the_sender(self):
        server = self.env['ir.mail_server'].create({
            'name': 'Gmail', 'smtp_host': 'smtp.gmail.com', 'smtp_user': 'shop@gmail.com'})
        self.user('jane@ours.example')
        finding = self.finding('path.gmail_from')
        self.assertEqual(finding.name, 'Gmail')
        self.remedy(finding).action_apply()
        self.assertEqual(server.from_filter, 'shop@gmail.com')
        self.assertEqual(self.company.alias_domain_id.default_from, 'shop@gmail.com')
        self.assertFalse(self.finding('path.gmail_from'))
        self.assertFalse(self.finding('path.gmail_envelope'))

    def test_outlook_account(self):
        self.env['ir.mail_server'].create({
            'name': 'Outlook', 'smtp_host': 'smtp.office365.com', 'smtp_user': 'shop@ours.example'})
        self.env.cr.flush()
        self.assertTrue(self.finding('path.outlook_from'))
        self.remedy(self.finding('path.outlook_from')).action_apply()
        self.assertFalse(self.finding('path.outlook_from') | self.finding('path.outlook_envelope'))

    def test_capitals_that_an_exact_filter_misses(self):
        """Core's own choice is what shows that there is a fault, and that the remedy takes it away."""
        self.env['ir.mail_server'].create([
            {'name': 'Any', 'smtp_host': 'smtp.test', 'sequence': 1},
            {'name': 'Exact', 'smtp_host': 'smtp.test', 'from_filter': 'notifications@ours.example', 'sequence': 2},
        ])
        self.company.alias_domain_id.name = 'Ours.Example'
        self.env.cr.flush()
        self.assertEqual(probe(self.env, self.company, 'stranger@elsewhere.example').server.name, 'Any')
        self.remedy(self.finding('path.capitals')).action_apply()
        self.assertEqual(probe(self.env, self.company, 'stranger@elsewhere.example').server.name, 'Exact')
        self.assertFalse(self.finding('path.capitals'))

    def test_server_whose_filter_matches_nothing(self):
        first = self.env['res.company'].search([], order='id', limit=1)
        server = self.env['ir.mail_server'].create([
            {'name': 'Relay', 'smtp_host': 'smtp.test'},
            {'name': 'Idle', 'smtp_host': 'smtp.test', 'from_filter': 'nobody.example'},
        ])[1]
        self.env['mail.domain.health']._refresh()
        finding = self.finding('path.filter_unused', first)
        self.assertEqual(finding.action_remedy()['res_id'], server.id)
        server.from_filter = 'ours.example'
        self.env.cr.flush()
        self.assertFalse(self.finding('path.filter_unused', first))

    def test_only_server_is_used_although_it_is_meant_for_others(self):
        self.env['ir.mail_server'].create(
            {'name': 'Theirs', 'smtp_host': 'smtp.test', 'from_filter': 'nobody.example'})
        self.env.cr.flush()
        self.assertTrue(self.finding('path.filter_ignored'))

    def test_default_sender_at_another_domain(self):
        self.env['ir.mail_server'].create({'name': 'Relay', 'smtp_host': 'smtp.test'})
        self.company.alias_domain_id.default_from = 'hello@brand.example'
        self.env.cr.flush()
        finding = self.finding('path.default_from')
        self.assertEqual(finding.name, 'brand.example')
        self.remedy(finding).action_apply()
        self.assertEqual(self.company.default_from_email, 'notifications@ours.example')
        self.assertFalse(self.finding('path.default_from'))

    def test_catchall_domain_that_takes_no_mail_and_takes_it_again(self):
        self.dns.set_zone('ours.example', '\n'.join(('@ SOA ns1 h 1 1 1 1 1', '@ MX 0 .', *HEALTHY)))
        self.health('ours.example').check_now()
        finding = self.finding('path.no_replies')
        self.assertIn("accepts no mail", finding.explanation)
        self.assertEqual(finding.action_remedy()['res_id'], self.health('ours.example').id)
        self.publish('ours.example', *HEALTHY)
        self.health('ours.example').check_now()
        self.assertFalse(self.finding('path.no_replies'))

    def test_healthy_company_has_no_finding_about_its_paths(self):
        self.env['ir.mail_server'].create({'name': 'Relay', 'smtp_host': 'smtp.test', 'from_filter': 'ours.example'})
        self.user('jane@ours.example')
        self.user('jim@gmail.com')
        self.health('ours.example').check_now()
        findings = self.env['mail.domain.health.finding'].search([
            ('company_id', '=', self.company.id), ('resolved_on', '=', False)])
        self.assertFalse(findings, findings.mapped('code'))

    def test_findings_of_one_company_are_not_shown_to_another(self):
        other = self.make_company("Other", 'OURS.example')
        self.user('jane@yahoo.com')
        admin = new_test_user(
            self.env, 'other_admin', 'base.group_system', company_id=other.id, company_ids=[(6, 0, other.ids)])
        seen = self.env['mail.domain.health.finding'].with_user(admin).with_context(
            allowed_company_ids=other.ids).search([('area', '=', 'path')])
        self.assertNotIn(self.company, seen.sudo().company_id)
        with self.assertRaises(AccessError):
            self.finding('path.foreign_author').with_user(admin).with_context(
                allowed_company_ids=other.ids).action_remedy()

    def test_remedy_whose_place_is_gone_says_so(self):
        server = self.env['ir.mail_server'].create(
            {'name': 'Theirs', 'smtp_host': 'smtp.test', 'from_filter': 'nobody.example'})
        self.env.cr.flush()
        finding = self.finding('path.filter_ignored')
        finding.remedy_action = {**finding.remedy_action, 'id': server.id + 1000}
        with self.assertRaises(UserError):
            finding.action_remedy()

    def test_remedy_writes_nothing_but_what_decides_the_sender(self):
        self.user('jane@yahoo.com')
        finding = self.finding('path.foreign_author')
        finding.remedy_action = {'kind': 'change', 'changes': [
            {'model': 'res.users', 'id': 2, 'field': 'login', 'value': 'x'},
            {'model': 'ir.mail_server', 'id': 1, 'field': 'smtp_pass', 'value': 'x'}]}
        self.assertEqual(finding._get_changes(), [])

    def test_story_of_a_path_says_what_the_receiver_does(self):
        self.user('jane@yahoo.com')
        self.health('ours.example').check_now()
        self.health('yahoo.com').check_now()
        story = self.path(kind='notifications').story
        self.assertEqual([step['state'] for step in story['steps']], ['pass', 'pass', 'pass'])
        self.assertIn("accept", story['outcome'])
        story = self.path(author_domain='yahoo.com', kind='user').story
        self.assertEqual(story['state'], 'fail')
        self.assertIn("this permission (SPF) does not count", story['steps'][0]['sentence'])
        self.assertIn("Receivers will reject this mail", story['outcome'])
        self.assertIn("not yours", story['foreign'])

    def test_path_with_records_to_publish_leads_to_them(self):
        self.publish('ours.example')
        self.health('ours.example').check_now()
        story = self.path(kind='notifications').story
        self.assertEqual(story['publish']['name'], 'ours.example')
        self.publish('ours.example', *HEALTHY)
        self.path(kind='notifications').action_check()
        self.assertIsNone(self.path(kind='notifications').story['publish'])

    def first_company(self):
        """The one that is told what concerns no company in particular, and in whose name the queue works."""
        return self.env['res.company'].search([], order='id', limit=1)

    def test_plain_server_passes_strangers_on_until_a_filter_says_what_is_ours(self):
        self.env['mail.domain.health']._refresh()
        finding = self.finding('path.plain_server')
        self.assertEqual(finding.severity, 'warning', "no such mail left yet")
        self.remedy(finding).action_apply()
        self.assertFalse(self.finding('path.plain_server'))
        self.assertTrue(self.path(kind='outsider').is_rewritten)
        self.assertFalse(self.finding('path.other_company_queue'), "the filter has every company's domain")

    def test_queue_sends_in_the_name_of_the_company_that_the_filter_knows(self):
        self.env['ir.config_parameter'].set_param('mail.default.from_filter', 'first.example')
        self.first_company().alias_domain_id = self.env['mail.alias.domain'].search([('name', '=', 'first.example')])
        self.env['mail.domain.health']._refresh()
        finding = self.finding('path.other_company_queue')
        self.assertEqual(finding.name, 'notifications@first.example')
        self.remedy(finding).action_apply()
        self.assertFalse(self.finding('path.other_company_queue'))

    def test_company_without_an_alias_domain_borrows_another_companys_name(self):
        self.env['ir.mail_server'].create({'name': 'Relay', 'smtp_host': 'smtp.test'})
        self.publish('bare.example', *HEALTHY)
        bare = self.env['res.company'].create({'name': "Bare", 'email': 'info@bare.example', 'alias_domain_id': False})
        self.env['mail.domain.health']._refresh()
        finding = self.finding('path.other_company', bare)
        self.assertIn("its own alias domain", finding.remedy)
        self.assertEqual(finding.action_remedy()['res_model'], 'res.config.settings')

    def test_template_that_forces_a_server_and_template_with_a_partners_address(self):
        self.env['ir.mail_server'].create([
            {'name': 'Relay', 'smtp_host': 'smtp.test', 'sequence': 1},
            {'name': "Partner's", 'smtp_host': 'smtp.test', 'from_filter': 'partner.example', 'sequence': 2},
        ])
        forced = self.env['ir.mail_server'].create(
            {'name': 'Newsletter', 'smtp_host': 'smtp.test', 'from_filter': 'news.example', 'sequence': 3})
        model = self.env['ir.model']._get('res.partner').id
        newsletter, offer = self.env['mail.template'].create([
            {'name': 'Newsletter', 'model_id': model, 'email_from': 'sales@ours.example', 'mail_server_id': forced.id},
            {'name': 'Offer', 'model_id': model, 'email_from': 'offers@partner.example'},
        ])
        self.env['mail.domain.health']._refresh()
        company = self.first_company()
        for code, template in (('path.forced_server', newsletter), ('path.template_from', offer)):
            finding = self.finding(code, company)
            self.assertIn(template.name, finding.explanation)
            action = finding.action_remedy()
            self.assertEqual(self.env[action['res_model']].search(action['domain']), template)
        newsletter.mail_server_id = False
        offer.email_from = 'offers@ours.example'
        self.env['mail.domain.health']._refresh()
        self.assertFalse(self.finding('path.forced_server', company) | self.finding('path.template_from', company))

    def test_personal_server_outside_the_companys_domain(self):
        self.env['ir.mail_server'].create({'name': 'Relay', 'smtp_host': 'smtp.test', 'from_filter': 'ours.example'})
        user = self.user('pat@private.example')
        server = self.env['ir.mail_server'].create({
            'name': "Pat's", 'smtp_host': 'smtp.test', 'smtp_user': user.email, 'from_filter': user.email,
            'owner_user_id': user.id})
        self.env['mail.domain.health']._refresh()
        self.assertEqual(self.finding('path.personal_server').action_remedy()['res_id'], server.id)
        server.active = False
        self.env['mail.domain.health']._refresh()
        self.assertFalse(self.finding('path.personal_server'))

    def test_one_of_two_services_is_missing_in_the_record(self):
        self.dns.set_zone('ovh.com', 'mx TXT "v=spf1 ip4:198.51.100.0/28 ~all"')
        google, ovh = (self.env.ref(f'mail_domain_health.sending_service_{code}') for code in ('google', 'ovh'))
        self.env['ir.mail_server'].create([
            {'name': 'Google', 'smtp_host': 'smtp-relay.gmail.com', 'from_filter': 'ours.example',
             'mail_sending_service_id': google.id},
            {'name': 'OVH', 'smtp_host': 'ssl0.ovh.net', 'from_filter': 'notifications@ours.example',
             'mail_sending_service_id': ovh.id},
        ])
        self.user('jane@ours.example')
        for terms, found in (('include:_spf.google.com', True), ('include:_spf.google.com include:mx.ovh.com', False)):
            self.publish('ours.example', f'@ TXT "v=spf1 {terms} ~all"')
            self.health('ours.example').check_now()
            self.assertEqual(bool(self.finding('path.two_services')), found, terms)
