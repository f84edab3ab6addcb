from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import config
from odoo.tools.mail import email_normalize

from ..sending import asking_core
from ..sending.named_domains import Named
from .common import DomainHealthCase


@tagged('post_install', '-at_install')
class TestPathCollect(DomainHealthCase):
    """Every way that mail leaves is found: who, as what, through which server, when."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Path = cls.env['mail.domain.health.path']
        cls.queue_company = cls.env.ref('base.user_root').company_id
        cls.queue_company.alias_domain_id = cls.company.alias_domain_id
        cls.env.cr.flush()

    def paths(self, kind, company=None, **values):
        self.env.cr.flush()
        return self.Path.search([
            ('company_id', '=', (company or self.company).id), ('kind', '=', kind),
            *((name, '=', value) for name, value in values.items())])

    def make_user(self, email, company=None, **values):
        company = company or self.company
        return self.env['res.users'].create({
            'name': email.partition('@')[0], 'login': email, 'email': email, 'company_id': company.id,
            'company_ids': [(6, 0, company.ids)], **values})

    def make_server(self, name="Relay", **values):
        return self.env['ir.mail_server'].create({'name': name, 'smtp_host': 'smtp.test', **values})

    def make_template(self, **values):
        return self.env['mail.template'].create({
            'name': "Offer", 'model_id': self.env.ref('base.model_res_partner').id, **values})

    def test_company_odoobot_and_a_stranger_are_authors(self):
        self.company.email = '"Ours" <Info@Ours.example>'
        self.assertEqual(self.paths('company').author_email, 'info@ours.example')
        self.assertEqual(self.paths('odoobot').author_email, 'odoobot@example.com')
        self.assertEqual(self.paths('outsider').author_count, 0)
        self.assertEqual(self.paths('outsider').author_domain, 'gmail.com')

    def test_stranger_is_of_the_domain_that_writes_most(self):
        for email in ('a@customer.example', 'b@customer.example', 'c@rare.example', 'd@ours.example', 'e@ours.example'):
            self.env['mail.message'].create({
                'message_type': 'email', 'email_from': f'"Somebody" <{email}>', 'body': "Hello"})
        self.Path.search([('kind', '=', 'outsider')]).unlink()
        self.env['mail.domain.health']._refresh()
        outsider = self.paths('outsider')
        self.assertEqual((outsider.author_domain, outsider.author_count), ('customer.example', 2))
        self.assertFalse(self.health('customer.example'))  # not ours to look after

    def test_thousands_of_users_of_three_domains_are_three_paths(self):
        for number in range(4):
            for domain in ('ours.example', 'sister.example', 'gmail.com'):
                self.make_user(f'u{number}@{domain}')
        self.env['mail.domain.health']._refresh()
        self.assertEqual(sorted(self.paths('user').mapped('author_count')), [4, 4, 4])
        self.assertEqual(len(self.paths('user', author_domain='gmail.com').examples), 4)
        self.assertTrue(all(domain.is_foreign for domain in self.health('gmail.com')))

    def test_user_whom_a_filter_names_goes_a_path_of_their_own(self):
        boss, clerk = self.make_user('boss@ours.example'), self.make_user('clerk@ours.example')
        self.make_server("Everybody", sequence=5)
        self.make_server("The boss's", from_filter='Boss@Ours.example', sequence=9)
        named, rest = self.paths('user', is_exact=True), self.paths('user', is_exact=False)
        self.assertEqual((named.mail_server_id.name, named.from_email), ("The boss's", 'boss@ours.example'))
        self.assertEqual((rest.mail_server_id.name, rest.author_count), ("Everybody", 1))
        for path, user in ((named, boss), (rest, clerk)):
            action = path.action_open_authors()
            self.assertEqual(self.env[action['res_model']].search(action['domain']), user)

    def test_personal_server_serves_its_owner_only(self):
        owner = self.make_user('owner@ours.example')
        self.make_user('other@ours.example')
        self.make_server("Shared")
        self.make_server("Hers", from_filter=owner.email, smtp_user=owner.email, owner_user_id=owner.id)
        self.assertEqual(self.paths('user', is_exact=True).examples, ['owner'])
        self.assertEqual(self.paths('user', is_exact=True).mail_server_id.owner_user_id, owner)
        self.assertIn("own", self.paths('user', is_exact=True)._who())
        self.assertEqual(self.paths('user', is_exact=False).mail_server_id.name, "Shared")
        self.assertEqual(self.paths('user', is_exact=False).author_count, 1)
        self.env['ir.config_parameter'].set_param('mail.disable_personal_mail_servers', True)
        self.assertEqual(set(self.paths('user').mapped('mail_server_id.name')), {"Shared"})

    def test_template_with_a_fixed_sender(self):
        template = self.make_template(email_from='"Sales" <sales@ours.example>')
        self.make_template(name="As whoever sends it", email_from='{{ user.email_formatted }}')
        path = self.paths('template')
        self.assertEqual((path.author_email, path.is_forced, path.examples), ('sales@ours.example', False, ["Offer"]))
        action = path.action_open_authors()
        self.assertEqual(self.env[action['res_model']].search(action['domain']), template)
        template.email_from = False
        self.assertFalse(self.paths('template'))

    def test_template_that_names_a_server_keeps_its_sender(self):
        self.make_user('jane@elsewhere.example')
        server = self.make_server(from_filter='nothing.example')
        self.make_template(mail_server_id=server.id, email_from='{{ user.email_formatted }}')
        self.make_template(name="Fixed", mail_server_id=server.id, email_from='sales@abroad.example')
        fixed, dynamic = self.paths('template', is_exact=True), self.paths('template', author_domain='elsewhere.example')
        for path, email in ((fixed, 'sales@abroad.example'), (dynamic, 'jane@elsewhere.example')):
            self.assertEqual((path.is_forced, path.mail_server_id, path.from_email, path.is_rewritten),
                             (True, server, email, False))
        self.assertEqual(self.paths('user').from_email, 'notifications@ours.example')
        self.assertTrue(self.paths('user').is_rewritten)

    def test_queue_may_send_as_another_company(self):
        self.addCleanup(config.__setitem__, 'from_filter', config['from_filter'])
        config['from_filter'] = 'queue.example'
        self.queue_company.alias_domain_id = self.env['mail.alias.domain'].create({'name': 'queue.example'})
        self.make_user('jane@elsewhere.example')
        now, queue = self.paths('user', moment='now'), self.paths('user', moment='queue')
        self.assertEqual(now.from_email, 'notifications@ours.example')
        self.assertEqual(queue.from_email, 'notifications@queue.example')
        self.assertIn("queue", queue._who())

    def test_answers_go_where_core_sends_them(self):
        self.make_user('jane@ours.example')
        message = self.env['mail.message'].with_company(self.company).create({
            'email_from': 'jane@ours.example', 'message_type': 'email_outgoing', 'body': "Hello"})
        self.assertEqual(self.paths('user').reply_to, email_normalize(message.reply_to))
        self.assertEqual(self.paths('user').reply_to, 'catchall@ours.example')

    def test_path_of_a_strangers_address_is_judged_with_a_domain_of_ours(self):
        self.addCleanup(config.__setitem__, 'from_filter', config['from_filter'])
        config['from_filter'] = False
        self.dns.set_zone('gmail.com', '@ MX 10 mail\nmail A 192.0.2.99\n_dmarc TXT "v=DMARC1; p=reject"')
        self.publish('ours.example', '@ TXT "v=spf1 include:_spf.odoo.com ~all"')
        self.env['mail.domain.health']._refresh()
        outsider = self.paths('outsider')
        self.assertEqual((outsider.from_email, outsider.judge_id), ('customer@gmail.com', self.health('ours.example')))
        self.assertFalse(outsider.is_used)
        self.health('ours.example').check_now()
        self.assertEqual(outsider.state, 'fail')
        self.assertEqual(outsider.verdict['dmarc'], {'result': 'fail', 'policy': 'reject'})

    def test_new_users_and_new_addresses_are_followed(self):
        self.make_user('a@ours.example')
        self.assertEqual(self.paths('user').author_count, 1)
        user = self.make_user('b@ours.example')
        self.assertEqual(self.paths('user').author_count, 2)
        user.email = 'b@new.example'
        self.assertEqual(
            {path.author_domain: path.author_count for path in self.paths('user')}, {'ours.example': 1, 'new.example': 1})
        user.email = 'b@ours.example'
        self.assertEqual(self.paths('user').mapped('author_domain'), ['ours.example'], "nobody is left at the other one")

    def test_companys_address_is_followed_wherever_it_is_written(self):
        self.company.email = 'info@ours.example'
        self.assertEqual(self.paths('company').author_email, 'info@ours.example')
        self.company.partner_id.email = 'hello@ours.example'
        self.Path.env['mail.domain.health']._refresh()
        self.assertEqual(self.paths('company').author_email, 'hello@ours.example')

    def test_account_of_a_server_is_followed(self):
        server = self.make_server(smtp_host='smtp.gmail.com', smtp_user='one@ours.example')
        self.env.cr.flush()
        finding = self.env['mail.domain.health.finding'].search([('code', '=', 'path.gmail_from')], limit=1)
        self.assertEqual(finding.params['account'], 'one@ours.example')
        server.smtp_user = 'two@ours.example'
        self.env.cr.flush()
        self.assertEqual(finding.params['account'], 'two@ours.example')

    def test_catchall_address_is_followed(self):
        self.company.alias_domain_id.catchall_alias = 'answers'
        self.assertEqual(set(self.paths('notifications').mapped('reply_to')), {'answers@ours.example'})

    def test_queries_do_not_grow_with_the_domains_of_users(self):
        def queries():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            rows = self.Path._collect(self.company)
            return self.env.cr.sql_log_count - before, len(rows)

        self.make_user('a@one.example')
        queries()
        few, ways = queries()
        for number in range(10):
            self.make_user(f'u{number}@d{number}.example')
        many, more_ways = queries()
        self.assertGreaterEqual(more_ways, ways + 10)
        self.assertLessEqual(many, few + 1)

    def probes(self):
        """The addresses that core is asked about while all ways are worked out."""
        asked = []
        probe = asking_core.probe

        def note(env, company, author, *args, **options):
            asked.append(author)
            return probe(env, company, author, *args, **options)

        with patch.object(asking_core, 'probe', note):
            self.Path._collect(self.company)
        return asked

    def test_core_is_asked_once_for_all_domains_that_no_setting_names(self):
        self.make_user('a@one.example')
        few = len(self.probes())
        for number in range(10):
            self.make_user(f'u{number}@d{number}.example')
        self.assertEqual(len(self.probes()), few)
        self.make_server("Named", from_filter='d1.example, sub.d2.example, x@d3.example, *.d4.example')
        asked = {email.partition('@')[2] for email in self.probes()}
        self.assertLessEqual({f'd{number}.example' for number in (1, 2, 3, 4)}, asked)
        self.assertEqual(len(asked & {'one.example', *(f'd{number}.example' for number in (0, 5, 6, 7, 8, 9))}), 1)

    def test_domains_of_one_class_leave_as_each_would_by_itself(self):
        for number in range(6):
            self.make_user(f'u{number}@d{number}.example')
        self.make_user('u@m\u00fcller.example')
        self.make_user('v@s\u00fc\u00df.example')
        for from_filter in (False, 'd1.example,d2.example', 'ours.example,d3.example', 'm\u00fcller.example, u4@d4.example',
                            'x.d5.example'):
            self.env['ir.mail_server'].search([]).unlink()
            for sequence, some in enumerate((from_filter, False)):
                self.make_server(f"Relay {sequence}", from_filter=some, sequence=sequence)
            together = self.Path._collect(self.company)
            with patch.object(Named, 'get_class', lambda _self, email: email):
                self.assertEqual(together, self.Path._collect(self.company), from_filter)

    def test_path_that_two_transactions_found_at_once_becomes_one(self):
        first = self.paths('notifications')
        first.copy()
        self.env['mail.domain.health']._refresh()
        self.assertEqual(self.paths('notifications'), first)

    def test_strangers_mail_is_matched_whatever_its_domain(self):
        self.addCleanup(config.__setitem__, 'from_filter', config['from_filter'])
        config['from_filter'] = False
        self.env['mail.domain.health']._refresh()
        match = self.Path._match_id
        self.assertEqual(
            match(self.company.id, False, 'x@other.example', 'other.example', 'ours.example'), self.paths('outsider').id)
        self.assertEqual(
            match(self.company.id, False, 'odoobot@example.com', 'example.com', 'ours.example'), self.paths('odoobot').id)
