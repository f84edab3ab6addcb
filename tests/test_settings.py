from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import Form, new_test_user, tagged

from ..checking import crons
from ..models.mail_domain_health import PARAMETER_NAMESERVERS
from ..texts import verdicts
from ..texts.filling import say
from .common import HEALTHY, DomainHealthCase, mute


@tagged('post_install', '-at_install')
class TestSettings(DomainHealthCase):

    def setUp(self):
        super().setUp()
        self.admin = new_test_user(
            self.env, 'settings_admin', 'base.group_system', company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)])
        self.Settings = self.env['res.config.settings'].with_user(self.admin).with_company(self.company)

    def open(self):
        """Return what the client gets when the page is opened."""
        self.env.flush_all()
        self.env.invalidate_all()
        return self.Settings.onchange({}, [], {
            'company_id': {}, 'alias_domain_id': {}, 'mail_domain_health': {}, 'mail_sending_service_id': {},
            'mail_health_user_id': {}, 'mail_domain_health_nameservers': {},
            'mail_domain_health_interval_number': {}, 'mail_domain_health_interval_type': {},
        })['value']

    def save(self, **values):
        settings = self.Settings.create(values)
        settings.execute()
        return settings

    def test_box_follows_the_company(self):
        self.publish('ours.example', *HEALTHY)
        self.health('ours.example').check_now()
        box = self.open()['mail_domain_health']
        self.assertEqual((box['domain']['name'], box['domain']['state']), ('ours.example', 'pass'))
        self.assertEqual(box['sender']['service'], "Odoo's mail servers")
        other = self.make_company("Other", 'other.example')
        self.admin.company_ids |= other
        self.Settings = self.Settings.with_context(allowed_company_ids=other.ids)
        self.assertEqual(self.open()['mail_domain_health']['domain']['name'], 'other.example')

    def test_headline_is_the_worst_of_all_paths_in_use(self):
        self.publish('ours.example', *HEALTHY)
        self.publish('shop.example')
        self.company.alias_domain_id.default_from = 'sales@shop.example'
        self.health('ours.example').check_now()
        self.health('shop.example').check_now()
        box = self.open()['mail_domain_health']
        self.assertEqual(box['domain']['state'], 'pass')
        self.assertEqual(box['headline']['state'], 'fail')
        self.assertIn('sales@shop.example', box['headline']['sentence'])
        path = self.env['mail.domain.health.path'].browse(box['headline']['path_id'])
        self.assertEqual((path.from_health_id.name, path.state), ('shop.example', 'fail'))
        self.publish('shop.example', *HEALTHY)
        box = self.health('shop.example').with_user(self.admin).check_now(self.company.id)['box']
        self.assertEqual(box['headline']['state'], 'warning', "what a check found is in the box at once")

    def test_problems_inside_odoo_are_counted_and_what_is_refused_is_the_headline(self):
        self.publish('ours.example', *HEALTHY)
        domain = self.health('ours.example')
        domain.check_now()
        self.env['mail.domain.health.finding'].search([('area', '=', 'path')]).unlink()
        self.assertIsNone(self.open()['mail_domain_health']['problems'])
        values = {'domain_id': domain.id, 'company_id': self.company.id, 'area': 'path', 'first_seen': '2026-01-01',
                  'last_seen': '2026-01-01', 'params': {'domain': 'x.example', 'address': 'a@x.example'}}
        warning, error, _hint, resolved, muted = self.env['mail.domain.health.finding'].create([
            {**values, 'code': 'path.capitals', 'name': 'a', 'severity': 'warning'},
            {**values, 'code': 'path.outlook_from', 'name': 'b', 'severity': 'error'},
            {**values, 'code': 'path.capitals', 'name': 'c', 'severity': 'info'},
            {**values, 'code': 'path.capitals', 'name': 'd', 'severity': 'warning', 'resolved_on': '2026-01-02'},
            {**values, 'code': 'path.capitals', 'name': 'e', 'severity': 'warning'},
        ])
        mute(muted)
        box = self.open()['mail_domain_health']
        self.assertEqual((box['problems']['count'], box['problems']['severity']), (2, 'error'))
        self.assertEqual(set(box['problems']['ids']), set((warning | error).ids), resolved)
        self.assertTrue(box['headline'], box)
        self.assertEqual((box['headline']['state'], box['headline']['sentence']), ('fail', error.title))
        for code in ('path.no_replies', 'path.other_company'):
            error.code = code
            box = self.open()['mail_domain_health']
            self.assertEqual(box['problems']['severity'], 'error')
            self.assertNotEqual((box['headline'] or {}).get('sentence'), error.title, "that mail arrives")

    def test_invoices_are_named_where_they_are_among_the_mail_and_all_of_it_fares_alike(self):
        self.publish('ours.example')
        self.health('ours.example').check_now()
        alike = say(self.env, verdicts.WITH_INVOICES['fail'])
        self.assertNotEqual(self.open()['mail_domain_health']['headline']['sentence'], alike, "nothing is invoiced here")
        with patch.dict(self.env.registry.models, {'account.move': self.env.registry['mail.message']}):
            self.assertEqual(self.open()['mail_domain_health']['headline']['sentence'], alike)
            self.env['mail.domain.health.path'].search([('company_id', '=', self.company.id), ('is_used', '=', True)], limit=1).state = 'pass'
            self.assertNotEqual(self.open()['mail_domain_health']['headline']['sentence'], alike)

    def test_opening_asks_dns_nothing(self):
        self.dns.log.clear()
        self.open()
        self.assertFalse(self.dns.log)

    def test_opening_costs_few_queries_whatever_there_is_to_show(self):
        self.Settings = self.Settings.with_context(lang='en_US')  # as the web client asks: else each number reads the user's language
        self.health('ours.example').check_now()
        other = self.company.alias_domain_id.copy({'name': 'worse.example'})
        self.company.alias_domain_id.default_from = 'sales@worse.example'
        self.health('worse.example').check_now()
        self.assertEqual(self.health('worse.example').state, 'fail', other)
        run = self.env['mail.domain.health.run'].create({'started': '2026-01-01', 'ended': '2026-01-01'})
        self.company.mail_health_user_id = new_test_user(
            self.env, 'somebody_else', 'base.group_system', company_id=self.company.id, company_ids=[(6, 0, self.company.ids)])
        shown = self.Settings.get_view(view_type='form')['models']['res.config.settings']
        ours = [name for name in shown if self.Settings._fields[name]._module == 'mail_domain_health']
        without = [name for name in shown if name not in ours]
        self.assertIn('mail_domain_health', ours)
        self.assertIn('alias_domain_id', without)

        def more():
            return self.queries_of_opening([*without, *ours]) - self.queries_of_opening(without) \
                + self.queries_of(self.Settings.get_values)  # which the page without our fields asks for as well

        def is_few(what):
            with self.subTest(what):
                self.assertLessEqual(min(more() for _time in range(3)), 10)  # the first ones fill caches that outlive a request

        is_few("refused mail")
        self.env['mail.domain.health'].create([{'name': f'watched{n}.example'} for n in range(500)])
        self.env['mail.partner.domain'].create([{'name': f'contacts{n}.example'} for n in range(500)])
        is_few("many domains")
        self.env['mail.domain.health.run'].create([{'started': f'2026-01-0{n}'} for n in (2, 3, 4)])
        is_few("a run under way, after some that got nowhere")
        self.publish('ours.example', '@ TXT "v=spf1 %s ~all"' % ' '.join(f'include:s{n}.test' for n in range(12)))
        for number in range(12):
            self.dns.set_zone(f's{number}.test', '@ TXT "v=spf1 ip4:192.0.2.1 ~all"')
        self.health('ours.example').check_now()
        self.assertTrue(self.health('ours.example').publication['budget']['is_open'])
        is_few("a record that is too full")
        self.company.mail_sending_service_id = self.env.ref('mail_domain_health.sending_service_mailjet')
        self.company.alias_domain_id.default_from = 'notifications'
        self.health('ours.example').check_now()
        is_few("a service whose records differ by account")
        self.assertTrue(self.open()['mail_domain_health']['records']['is_open'])
        self.company.alias_domain_id.default_from = 'sales@worse.example'
        self.env['ir.mail_server'].create({'name': "Our relay", 'smtp_host': 'smtp.relay.example', 'sequence': 1})
        self.env['mail.domain.health']._refresh()
        self.health('ours.example').check_now()
        is_few("a mail server of one's own")
        self.assertEqual(self.open()['mail_domain_health']['sender']['server'], "Our relay")
        self.env['mail.domain.health.note']._add('everything', self.company.ids)
        is_few("paths that are being worked out")
        self.publish('ours.example', *HEALTHY)
        self.company.alias_domain_id.default_from = 'notifications'
        self.health('ours.example').check_now()
        with patch.dict(self.env.registry.models, {'account.move': self.env.registry['mail.message']}):
            is_few("invoices")
            self.publish('ours.example')
            self.health('ours.example').check_now()
            is_few("invoices that are refused")
            self.env['res.lang']._activate_lang('de_DE')
            self.admin.lang = 'de_DE'
            self.Settings = self.Settings.with_context(lang='de_DE')
            is_few("another language")
            self.Settings = self.Settings.with_context(lang='en_US')
        self.assertTrue(run)
        with self.silent_dns():
            self.health('ours.example').check_now()
        is_few("DNS that is silent")

    def test_saving_makes_the_administrator_responsible_and_keeps_a_choice(self):
        self.company.mail_health_user_id = False
        self.save()
        self.assertEqual(self.company.mail_health_user_id, self.admin)
        chosen = new_test_user(self.env, 'chosen', 'base.group_system', company_id=self.company.id,
                               company_ids=[(6, 0, self.company.ids)])
        self.save(mail_health_user_id=chosen.id)
        self.save()
        self.assertEqual(self.company.mail_health_user_id, chosen)

    def test_who_saved_last_is_responsible_until_somebody_is_chosen(self):
        self.company.with_context(default_mail_health_user=True).mail_health_user_id = self.env.ref('base.user_admin')
        self.save()
        self.assertEqual(self.company.mail_health_user_id, self.admin)

    def test_somebody_is_told_even_if_no_administrator_has_the_company(self):
        self.company.mail_health_user_id = False
        everybody = self.env['res.users'].search([('all_group_ids', 'in', self.env.ref('base.group_system').ids)])
        for user in everybody.filtered(lambda user: self.company in user.company_ids):
            user.write({'company_id': self.env.ref('base.main_company').id,
                        'company_ids': [(6, 0, self.env.ref('base.main_company').ids)]})
        self.assertTrue(self.company._get_mail_health_user())

    def test_resolvers_are_tested_when_saved(self):
        get_param = self.env['ir.config_parameter'].sudo().get_param
        before = get_param(PARAMETER_NAMESERVERS)
        for text, named in [
            ('127.0.0.1:1', '127.0.0.1'), ('not a server', 'server'), ('192.0.2.300', '192.0.2.300'),
            ('127.0.0.1:99999', '99999'), (';;', ';;'),
        ]:
            with self.subTest(text=text), self.assertRaises(UserError) as refused:
                self.save(mail_domain_health_nameservers=text)
            self.assertIn("Name servers", str(refused.exception))
            self.assertIn(named, str(refused.exception))
        self.assertEqual(get_param(PARAMETER_NAMESERVERS), before)
        self.save(mail_domain_health_nameservers=False)
        self.assertFalse(get_param(PARAMETER_NAMESERVERS))
        self.save(mail_domain_health_nameservers='%s:%s' % self.dns.address)
        self.assertTrue(get_param(PARAMETER_NAMESERVERS))

    def test_trying_out_name_servers_says_what_each_answered(self):
        self.dns.set_zone('.', '@ NS a.root.example.')
        port = self.dns.address[1]
        test = self.env['mail.domain.health'].with_user(self.admin).test_nameservers
        found = test(f'127.0.0.1:{port}')
        self.assertEqual([(row['name'], row['works']) for row in found['servers']], [(f'127.0.0.1:{port}', True)])
        self.assertIn("answered within", found['servers'][0]['sentence'])
        found = test(f'127.0.0.1:{port}, 127.0.0.1:1')
        self.assertEqual([row['works'] for row in found['servers']], [True, False])
        self.assertIn("refused", found['servers'][1]['sentence'])
        self.assertTrue(found['works'], found)
        found = test('127.0.0.1:1')
        self.assertFalse(found['works'], found)
        self.assertIn("DNS over HTTPS", found['sentence'])
        self.dns.script('*', '*', 'refused')
        found = test(f'127.0.0.1:{port}')
        self.assertEqual((found['works'], found['servers'][0]['works']), (False, False), "it answers, but not us")
        for text, named in (('dns.example', 'dns.example'), (', '.join(f'127.0.0.{n}' for n in range(1, 40)), '8')):
            found = test(text)
            self.assertEqual((found['works'], found['servers']), (False, []))
            self.assertIn(named, found['sentence'])

    def test_networks_of_ones_own_are_read_and_told_to_the_engine(self):
        with self.assertRaises(UserError) as refused:
            self.save(mail_domain_health_networks='10.0.0.0/8, my network')
        self.assertIn("my”, “network", str(refused.exception))
        self.save(mail_domain_health_networks='10.0.0.0/8, fd00::/8')
        resolver = self.env['mail.domain.health']._get_resolver()
        self.assertEqual([str(network) for network in resolver.networks], ['10.0.0.0/8', 'fd00::/8'])
        self.save(mail_domain_health_networks=False)
        self.assertFalse(self.env['mail.domain.health']._get_resolver().networks)

    def test_interval_of_the_scheduled_check_is_a_setting(self):
        self.save(mail_domain_health_interval_number=6, mail_domain_health_interval_type='hours')
        cron = self.env.ref('mail_domain_health.ir_cron_mail_domain_health_check')
        self.assertEqual((cron.interval_number, cron.interval_type), (6, 'hours'))
        with self.assertRaises(UserError):
            self.save(mail_domain_health_interval_number=0, mail_domain_health_interval_type='hours')

    def test_additional_workers_are_scheduled_actions_of_their_own_and_none_by_default(self):
        cron = self.env.ref('mail_domain_health.ir_cron_mail_domain_health_check')
        additional = lambda: crons.get_additional(self.env, cron.get_external_id()[cron.id])  # noqa: E731
        self.assertFalse(additional())
        for number in (3, 1, 0):
            self.save(mail_domain_health_additional_workers=number)
            self.assertEqual(len(additional()), number)
            self.assertEqual({(one.code, one.model_id) for one in additional()} - {(cron.code, cron.model_id)}, set())
            self.save()
            self.assertEqual(len(additional()), number, "saving anything else keeps them")
        for number in (-1, crons.MOST + 1):
            with self.assertRaises(UserError):
                self.save(mail_domain_health_additional_workers=number)
        self.assertTrue(cron.exists())

    def test_saving_keeps_an_interval_of_any_unit(self):
        cron = self.env.ref('mail_domain_health.ir_cron_mail_domain_health_check')
        for interval in ((30, 'minutes'), (1, 'months')):
            with self.subTest(interval=interval):
                cron.write({'interval_number': interval[0], 'interval_type': interval[1]})
                self.save()
                self.assertEqual((cron.interval_number, cron.interval_type), interval)

    def test_settings_open_and_save_without_the_scheduled_action(self):
        self.env.ref('mail_domain_health.ir_cron_mail_domain_health_check').unlink()
        self.open()
        self.save()

    def test_own_relay_becomes_a_service_and_its_term_is_checked(self):
        with Form(self.env['mail.sending.service']) as form:
            form.name = "Our relay"
            form.spf_term = 'ip4:192.0.2.10'
        self.assertTrue(form.record.code)
        for term in ('ip4:192.0.2.300', 'v=spf1 mx', 'ip4:192.0.2.1 banana', 'banana'):
            with self.subTest(term=term), self.assertRaises(UserError):
                form.record.spf_term = term

    def test_uninstalling_leaves_the_administrators_parameters_only(self):
        from ..hooks import uninstall_hook
        set_param = self.env['ir.config_parameter'].set_param
        set_param('mail.force.smtp.from', 'us@ours.example')
        uninstall_hook(self.env)
        keys = self.env['ir.config_parameter'].search([('key', '!=', False)]).mapped('key')
        self.assertIn('mail.force.smtp.from', keys)
        self.assertFalse([key for key in keys if key.startswith('mail_domain_health')])

    def test_uninstalling_takes_the_favorites_along_that_could_not_be_opened_any_more(self):
        from ..hooks import uninstall_hook
        Filters = self.env['ir.filters'].with_context(active_test=False)
        values = {
            'ours': {'model_id': 'mail.partner.domain'},
            'by condition': {'model_id': 'res.partner', 'domain': "[('mail_relaying', '=', 'unsafe')]"},
            'by order': {'model_id': 'res.partner', 'sort': '["mail_cannot_receive desc"]', 'active': False},
            'theirs': {'model_id': 'res.partner', 'domain': "[('email', '!=', False)]"},
            'alike': {'model_id': 'res.partner', 'domain': "[('name', '=', 'my_mail_relaying_s')]"},
        }
        filters = Filters.create([{'name': name, 'user_ids': [], **more} for name, more in values.items()])
        uninstall_hook(self.env)
        self.assertEqual(set(filters.exists().mapped('name')), {'theirs', 'alike'})
