from odoo.exceptions import ValidationError
from odoo.tests import TransactionCase, tagged
from odoo.tools.convert import convert_file

from ..mailauth import spf
from ..mailauth.service import Envelope
from .common import DomainHealthCase

# Those that people ask for by name. Google Cloud DNS has the name servers of Google Domains, Netlify those of NS1.
SERVICES = (
    'odoo google microsoft amazon_ses sendgrid mailgun brevo mailjet postmark ovh zoho sparkpost mandrill smtp2go '
    'elastic_email mailersend resend scaleway infomaniak gandi ionos strato hostinger godaddy titan fastmail proton '
    'icloud yahoo yandex mailru one_com combell aruba dreamhost rackspace mxroute mailchannels migadu postale '
    'hetzner netcup namecheap'
)
HOSTS = (
    'ovh godaddy namecheap cloudflare squarespace azure route53 google_domains ionos gandi hetzner digitalocean '
    'infomaniak strato hostinger wix vercel dnsimple porkbun combell one_com aruba scaleway transip '
    'register_it hover dynadot name_com bluehost hostgator siteground alibaba akamai ns1 desec'
)


@tagged('post_install', '-at_install')
class TestCatalog(TransactionCase):
    """What comes with the module about services and DNS hosts: recognized by its own examples, with a source."""

    def shipped(self, model):
        rows = self.env[model].with_context(active_test=False).search([])
        return rows.filtered(lambda row: (row.get_external_id()[row.id] or '').startswith('mail_domain_health.'))

    def test_there_are_enough_of_both_and_those_that_people_ask_for(self):
        services, hosts = self.shipped('mail.sending.service'), self.shipped('mail.dns.provider')
        self.assertGreaterEqual(len(services), 40)
        self.assertGreaterEqual(len(hosts), 40)
        self.assertLessEqual(set(SERVICES.split()), set(services.mapped('code')))
        self.assertLessEqual(set(HOSTS.split()), set(hosts.mapped('code')))

    def test_every_row_says_where_its_facts_come_from(self):
        for model in ('mail.sending.service', 'mail.dns.provider'):
            for row in self.shipped(model):
                with self.subTest(model=model, code=row.code):
                    self.assertRegex(row.source_url or '', r'^https://[^ ]+$')

    def test_services_that_send_as_their_account_only_say_so_with_a_source(self):
        bound = self.shipped('mail.sending.service').filtered('sender_rule')
        for service in bound:
            with self.subTest(service.code):
                self.assertRegex(service.sender_rule_url or '', r'^https://[^ ]+$')
        self.assertLessEqual(
            {'google', 'microsoft', 'yandex', 'qq', 'netease', 'icloud', 'zoho', 'proton', 'postmark'}, set(bound.mapped('code')))
        by_code = {service.code: service for service in bound}
        for code, host, rule in (
            ('google', 'smtp.gmail.com', 'replaced'), ('google', 'smtp-relay.gmail.com', ''),
            ('microsoft', 'SMTP.Office365.com.', 'account'), ('microsoft', 'ours-example.mail.protection.outlook.com', ''),
            ('yandex', 'smtp.yandex.com', 'account'), ('postmark', 'smtp.postmarkapp.com', 'verified'),
        ):
            self.assertEqual(by_code[code]._get_sender_rule(host), rule, host)

    def test_every_service_but_odoos_own_is_recognized_by_an_example_of_each_pattern(self):
        for service in self.shipped('mail.sending.service').filtered(lambda service: service.code != 'odoo'):
            with self.subTest(service.code):
                self._assert_examples(service.smtp_host_patterns, service.smtp_host_examples, service,
                                      self.env['mail.sending.service']._recognize)

    def test_every_dns_host_is_recognized_by_an_example_of_each_pattern(self):
        for host in self.shipped('mail.dns.provider'):
            with self.subTest(host.code):
                self._assert_examples(host.ns_patterns, host.ns_examples, host,
                                      lambda name: self.env['mail.dns.provider']._recognize([name]))

    def _assert_examples(self, patterns, examples, row, recognize):
        self.assertTrue(patterns and examples)
        names = [name.strip() for name in examples.split(',')]
        for name in names:
            self.assertEqual(recognize(name), row, name)

    def test_every_spf_term_can_stand_in_a_record(self):
        for service in self.shipped('mail.sending.service').filtered('spf_term'):
            with self.subTest(service.code):
                self.assertTrue(spf.are_service_terms(service.spf_term))

    def test_what_differs_by_account_has_a_page_to_copy_it_from(self):
        for service in self.shipped('mail.sending.service').filtered('dkim_account_specific'):
            with self.subTest(service.code):
                self.assertTrue(service.account_url or service.documentation_url)

    def test_guides_are_pages(self):
        for host in self.shipped('mail.dns.provider'):
            for name in ('guide_txt_url', 'guide_spf_url', 'guide_cname_url'):
                with self.subTest(code=host.code, guide=name):
                    self.assertRegex(host[name] or 'https://', r'^https://[^ ]*$')


@tagged('post_install', '-at_install')
class TestShippedRow(TransactionCase):
    """Corrections outlive updates of the module; what nobody touched follows it."""

    def setUp(self):
        super().setUp()
        self.values = {
            'name': 'Mailer', 'code': 'test_mailer', 'smtp_host_patterns': 'smtp.mailer.example',
            'spf_term': 'include:spf.mailer.example', 'envelope': 'keep', 'note': 'First.', 'signs': True,
        }
        self.service = self.update(**self.values)

    def update(self, **values):
        """Load the row as an update of the module does."""
        data = {'xml_id': 'mail_domain_health.test_mailer', 'values': values, 'noupdate': False}
        return self.env['mail.sending.service'].with_context(install_mode=True)._load_records([data], update=True)

    def test_untouched_row_follows_the_module(self):
        self.assertFalse(self.service.is_corrected)
        self.update(**{**self.values, 'spf_term': 'include:new.mailer.example', 'signs': False})
        self.assertEqual(self.service.spf_term, 'include:new.mailer.example')
        self.assertFalse(self.service.signs)
        self.assertFalse(self.service.is_corrected)

    def test_correction_stays_and_the_rest_of_the_row_follows(self):
        self.service.spf_term = 'ip4:192.0.2.10'
        self.assertTrue(self.service.is_corrected)
        self.update(**{**self.values, 'spf_term': 'include:new.mailer.example', 'note': 'Second.'})
        self.assertEqual(self.service.spf_term, 'ip4:192.0.2.10')
        self.assertEqual(self.service.note, 'Second.')
        self.update(**{**self.values, 'spf_term': 'include:newer.mailer.example'})
        self.assertEqual(self.service.spf_term, 'ip4:192.0.2.10')

    def test_correction_of_what_the_module_left_open_stays_when_it_says_something(self):
        self.service.bounce_subdomain = 'em1234'
        self.assertTrue(self.service.is_corrected)
        self.update(**{**self.values, 'bounce_subdomain': 'em'})
        self.assertEqual(self.service.bounce_subdomain, 'em1234')
        self.service.action_take_shipped()
        self.assertEqual(self.service.bounce_subdomain, 'em')

    def test_what_was_emptied_stays_empty(self):
        self.service.write({'spf_term': False, 'signs': False})
        self.update(**self.values)
        self.assertFalse(self.service.spf_term)
        self.assertFalse(self.service.signs)

    def test_archived_row_stays_archived(self):
        self.service.active = False
        self.update(**{**self.values, 'note': 'Second.'})
        self.assertFalse(self.service.active)

    def test_what_the_module_says_no_more_is_taken_back_unless_it_was_corrected(self):
        self.service.smtp_host_patterns = 'relay.mailer.example'
        less = {name: value for name, value in self.values.items() if name not in ('spf_term', 'smtp_host_patterns')}
        self.update(**less)
        self.assertFalse(self.service.spf_term)
        self.assertEqual(self.service.smtp_host_patterns, 'relay.mailer.example')

    def test_corrections_can_be_forgotten(self):
        self.service.write({'spf_term': 'ip4:192.0.2.10', 'signs': False})
        self.update(**{**self.values, 'spf_term': 'include:new.mailer.example'})
        self.service.action_take_shipped()
        self.assertEqual((self.service.spf_term, self.service.signs), ('include:new.mailer.example', True))
        self.assertFalse(self.service.is_corrected)

    def test_row_of_ones_own_and_an_imported_file_are_no_corrections(self):
        own = self.env['mail.sending.service'].create({'name': 'Ours', 'spf_term': 'ip4:192.0.2.10'})
        self.assertFalse(own.is_corrected)
        data = {'xml_id': 'mail_domain_health.test_mailer', 'values': {'spf_term': 'ip4:192.0.2.11'}, 'noupdate': False}
        self.env['mail.sending.service']._load_records([data])
        self.assertTrue(self.service.is_corrected)
        self.update(**self.values)
        self.assertEqual(self.service.spf_term, 'ip4:192.0.2.11')

    def test_another_module_corrects_a_row_like_a_person(self):
        data = {'xml_id': 'mail_domain_health.test_mailer', 'values': {'note': 'Ours.'}, 'noupdate': False}
        self.env['mail.sending.service'].with_context(
            install_mode=True, install_module='ours', install_xmlid='mail_domain_health.test_mailer',
        )._load_records([data], update=True)
        self.assertEqual((self.service.note, self.service.spf_term), ('Ours.', 'include:spf.mailer.example'))
        self.update(**{**self.values, 'note': 'Second.'})
        self.assertEqual(self.service.note, 'Ours.')

    def test_the_modules_own_files_loaded_again_leave_corrections_alone(self):
        services, hosts = self.env['mail.sending.service'], self.env['mail.dns.provider']
        sendgrid, brevo = (services.search([('code', '=', code)]) for code in ('sendgrid', 'brevo'))
        cloudflare = hosts.search([('code', '=', 'cloudflare')])
        sendgrid.write({'bounce_subdomain': 'em1234', 'sequence': 1})
        cloudflare.ns_patterns = 'ns.ours.example'
        before = brevo.read(['spf_term', 'dkim_selectors', 'note', 'sequence'])
        for name in ('mail_sending_service', 'mail_dns_provider'):
            convert_file(self.env, 'mail_domain_health', f'data/{name}_data.xml', {}, mode='update')
        self.assertEqual((sendgrid.bounce_subdomain, sendgrid.sequence, sendgrid.envelope), ('em1234', 1, 'subdomain'))
        self.assertEqual(cloudflare.ns_patterns, 'ns.ours.example')
        self.assertEqual(brevo.read(['spf_term', 'dkim_selectors', 'note', 'sequence']), before)
        self.assertTrue(sendgrid.is_corrected and cloudflare.is_corrected)
        self.assertFalse(brevo.is_corrected)

    def test_every_row_that_came_with_the_module_remembers_it(self):
        for model in ('mail.sending.service', 'mail.dns.provider'):
            rows = self.env[model].search([]).filtered(
                lambda row: (row.get_external_id()[row.id] or '').startswith('mail_domain_health.'))
            self.assertTrue(all(row.shipped for row in rows))
            self.assertFalse(rows.filtered('is_corrected'))


class TestServiceRules(DomainHealthCase):

    def test_service_may_need_several_spf_terms(self):
        service = self.env['mail.sending.service'].create({
            'name': 'Two', 'spf_term': 'include:one.example ip4:192.0.2.10'})
        self.assertEqual(service._engine_service('x.example').spf_terms, ('include:one.example', 'ip4:192.0.2.10'))
        self.assertEqual(service._get_addresses(), ['192.0.2.10'])
        for wrong in ('-all', 'include:one.example -all', '~ip4:192.0.2.1', 'redirect=one.example', 'moo', 'v=spf1 mx', ','):
            with self.subTest(wrong), self.assertRaises(ValidationError):
                service.spf_term = wrong

    def test_service_that_bounces_to_a_subdomain_says_which(self):
        service = self.env['mail.sending.service'].search([('code', '=', 'resend')])
        known = service._engine_service('x.example')
        self.assertEqual((known.envelope, known.bounce_subdomain), (Envelope.SUBDOMAIN, 'send'))
        for wrong in ('a b', '.', '-x', 'x..y', 'bounce@x'):
            with self.subTest(wrong), self.assertRaises(ValidationError):
                service.bounce_subdomain = wrong
