from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from ..display.sender_box import sender_box
from ..sending.examples import example_authors, example_routes
from ..sending.legacy_parameters import PARAMETER_DYNAMIC, PARAMETER_FORCE, PARAMETER_HONOR
from .common import DomainHealthCase
from .sender_common import configuration_file


class SenderCase(DomainHealthCase):
    """An administrator, a user at the alias domain, one elsewhere and a customer; the configuration file's server."""

    def setUp(self):
        super().setUp()
        self.env['ir.config_parameter'].set_param('mail.default.from_filter', False)
        self.enterContext(configuration_file(smtp_server='file', from_filter=False, email_from=False))
        values = {'company_id': self.company.id, 'company_ids': [(6, 0, self.company.ids)]}
        self.admin = new_test_user(
            self.env, 'sender_admin', 'base.group_system', name="Ada Admin", email='ada@ours.example', **values)
        new_test_user(self.env, 'uma', 'base.group_user', name="Uma User", email='uma@second.example', **values)
        self.env['res.partner'].search([('partner_share', '=', True), ('email', '!=', False)]).email = False
        self.customer = self.env['res.partner'].create({'name': "Carl Customer", 'email': 'carl@customer.example'})
        self.env = self.env(user=self.admin, context={**self.env.context, 'allowed_company_ids': self.company.ids})
        self.ours = self.company.with_env(self.env)
        self.alias_domain = self.ours.alias_domain_id

    def set_params(self, **params):
        for key, value in params.items():
            self.env['ir.config_parameter'].sudo().set_param(key, value)

    def make_server(self, name, **values):
        return self.env['ir.mail_server'].create({'name': name, 'smtp_host': f'{name.lower()}.test', **values})

    def box(self):
        self.env.flush_all()
        self.env.invalidate_all()
        return sender_box(self.ours)

    def leaves_as(self):
        """Return {name of the author: address that receivers see} as Settings shows it."""
        return {example['name']: example['from_email'] for example in self.box()['examples']}

    def wizard(self, mode, address='notifications@ours.example', **values):
        wizard = self.env['mail.sender.address'].create({'mode': mode, 'address': address, **values})
        wizard.action_preview()
        return wizard

    def changes(self, wizard):
        return {(change['model'], change['field']): (change['old'], change['new'])
                for change in wizard.preview['changes']}


@tagged('post_install', '-at_install')
class TestSenderBox(SenderCase):
    """What Settings says of the default sender address."""

    def test_plain_self_hosted_odoo_keeps_every_author(self):
        box = self.box()
        self.assertEqual(box['mode'], 'author')
        self.assertEqual(self.leaves_as(), {
            'Ada Admin': 'ada@ours.example', 'Uma User': 'uma@second.example',
            'Carl Customer': 'carl@customer.example'})

    def test_modes(self):
        default = 'notifications@ours.example'
        for filters, mode in [
            ([False], 'one'), (['ours.example'], 'own'), (['ours.example, second.example'], 'outsiders'),
            ([default], 'one'), (['second.example'], 'mixed'),
        ]:
            with self.subTest(filters=filters):
                servers = self.env['ir.mail_server'].concat(*(
                    self.make_server(f'S{n}', from_filter=value) for n, value in enumerate(filters)))
                self.assertEqual(self.box()['mode'], mode)
                self.assertIn(default, self.box()['sentence'] + str(self.leaves_as()))
                servers.unlink()

    def test_without_alias_domain_there_is_nothing_to_choose(self):
        self.ours.alias_domain_id = False
        box = self.box()
        self.assertFalse(box['can_change'])
        self.assertIn("no alias domain", str(box['notes']))

    def test_it_says_where_bounces_go(self):
        self.make_server('One', from_filter='ours.example')
        self.assertIn('bounce@ours.example', str(self.box()['notes']))
        self.env['ir.mail_server'].search([]).from_filter = 'notifications@ours.example'
        self.assertIn("goes to notifications@ours.example and not to Odoo", str(self.box()['notes']))

    def test_what_settings_unfold_is_of_the_current_company(self):
        self.admin.sudo().company_ids += self.make_company("Theirs", 'theirs.example')
        for company in self.admin.company_ids:
            Sender = self.env['mail.sender.address'].with_context(allowed_company_ids=company.ids)
            self.assertEqual(Sender.read_box(), sender_box(company.with_env(Sender.env)))
            self.assertIn(company.bounce_email, str(Sender.read_box()['notes']))

    def test_markup_in_names_is_data(self):
        self.customer.name = '<img src=x>'
        self.assertIn('<img src=x>', self.leaves_as())


@tagged('post_install', '-at_install')
class TestSenderPreview(SenderCase):
    """What the dialog shows before anything is done, and what it then does."""

    def test_previewing_changes_nothing(self):
        server = self.make_server('One')
        wizard = self.wizard('own', 'desk@ours.example')
        self.assertTrue(wizard.preview['changes'])
        self.assertEqual((server.from_filter, self.alias_domain.default_from), (False, 'notifications'))
        self.assertEqual(self.box()['mode'], 'one')
        self.env.cr.flush()
        self.assertEqual((server.from_filter, self.alias_domain.default_from), (False, 'notifications'))

    def test_every_choice_comes_true_whatever_carries_the_mail(self):
        expected = {
            'own': ('ada@ours.example', 'desk@ours.example', 'desk@ours.example'),
            'outsiders': ('ada@ours.example', 'uma@second.example', 'desk@ours.example'),
            'one': ('desk@ours.example',) * 3,
        }
        for filters in ([], [False], ['ours.example'], ['notifications@ours.example'], ['nothing.example'],
                        ['nothing.example', 'ours.example']):
            for mode, addresses in expected.items():
                with self.subTest(filters=filters, mode=mode):
                    servers = self.env['ir.mail_server'].concat(*(
                        self.make_server(f'S{n}', from_filter=value) for n, value in enumerate(filters)))
                    wizard = self.wizard(mode, 'desk@ours.example')
                    promised = {row['name']: row['after'] for row in wizard.preview['examples']}
                    wizard.action_apply()
                    self.assertEqual(self.leaves_as(), promised)
                    self.assertEqual(self.leaves_as(), dict(zip(("Ada Admin", "Uma User", "Carl Customer"), addresses)))
                    self.assertEqual(self.box()['mode'], mode)
                    self.assertIn("bounces come back to bounce@ours.example", str(self.box()['notes']))
                    servers.unlink()
                    self.set_params(**{'mail.default.from_filter': False})
                    self.alias_domain.default_from = 'notifications'

    def test_the_server_of_the_configuration_file_is_steered_by_its_parameter(self):
        wizard = self.wizard('own')
        self.assertEqual(self.changes(wizard), {
            ('ir.config_parameter', 'mail.default.from_filter'): ('', 'ours.example')} | self.changes(wizard))
        self.assertIn('ours.example', self.changes(wizard)['ir.config_parameter', 'mail.default.from_filter'][1])
        wizard.action_apply()
        self.assertIn(
            'ours.example', self.env['ir.config_parameter'].sudo().get_param('mail.default.from_filter'))

    def test_an_address_of_another_domain_is_written_in_full(self):
        wizard = self.wizard('one', 'desk@other.example')
        self.assertEqual(
            self.changes(wizard)['mail.alias.domain', 'default_from'], ('notifications', 'desk@other.example'))
        self.assertIn('records of other.example', str(wizard.preview['notes']))

    def test_other_companies_are_named_and_their_mail_is_kept(self):
        other = self.make_company("Theirs", 'theirs.example')
        server = self.make_server('One')
        before = example_routes(other, example_authors(other))
        wizard = self.wizard('own')
        [change] = wizard.preview['changes']
        self.assertIn("Theirs", change['shared'])
        self.assertEqual([row for row in wizard.preview['others'] if row['company'] == "Theirs"], [])
        wizard.action_apply()
        self.assertIn('notifications@theirs.example', server.from_filter)
        self.assertEqual(example_routes(other, example_authors(other)), before)

    def test_other_companies_whose_mail_changes_are_shown(self):
        self.admin.sudo().company_ids += self.make_company("Theirs", 'theirs.example')
        wizard = self.wizard('own')  # through the configuration file's server, which had no filter
        self.assertIn(
            ("Theirs", 'notifications@theirs.example'),
            {(row['company'], row['after']) for row in wizard.preview['others'] if 'after' in row})

    def test_a_shared_alias_domain_concerns_its_other_companies(self):
        self.env['res.company'].create({'name': "Sister", 'alias_domain_id': self.alias_domain.id})
        wizard = self.wizard('one', 'desk@ours.example')
        self.assertIn("Sister", str([change['shared'] for change in wizard.preview['changes']]))

    def test_filters_of_other_domains_stay(self):
        server = self.make_server('One', from_filter='theirs.example, notifications@ours.example')
        self.wizard('own').action_apply()
        self.assertEqual(server.from_filter, 'theirs.example, ours.example')

    def test_what_the_change_does_not_reach_is_told(self):
        self.make_server('Main')
        self.make_server('Adas', from_filter='ada@ours.example', sequence=1)
        wizard = self.wizard('one')
        self.assertIn("mail of ada@ours.example is sent from ada@ours.example through Adas", str(wizard.preview['notes']))

    def test_a_filter_that_lets_everything_through_already_stays_as_it_is(self):
        self.make_company("Theirs", 'theirs.example')
        self.env['res.partner'].sudo().create({'name': "Theirs too", 'email': 'info@theirs.example'})
        self.customer.sudo().email = False
        self.set_params(**{'mail.default.from_filter': 'ours.example, theirs.example'})
        self.assertEqual(self.box()['mode'], 'own')
        self.assertEqual(self.wizard('own').preview['changes'], [])

    def test_forced_and_personal_servers_have_no_setting(self):
        server = self.make_server('Main')
        self.env['mail.template'].create({
            'name': "Forced Template", 'model_id': self.env['ir.model']._get_id('res.partner'),
            'mail_server_id': server.id})
        self.env['ir.mail_server'].sudo().create({
            'name': "Uma's", 'smtp_host': 'x', 'owner_user_id': self.ours.env['res.users'].search(
                [('login', '=', 'uma')]).id, 'from_filter': 'uma@second.example'})
        notes = str(self.wizard('one').preview['notes'])
        self.assertIn("Forced Template", notes)
        self.assertIn("Users with their own mail server: 1.", notes)

    def test_a_server_that_sends_as_its_account_is_told(self):
        self.make_server('Gmail', smtp_host='smtp.gmail.com', smtp_user='us@ours.example',
                         from_filter='us@ours.example')
        self.assertIn("only sends from its own account (us@ours.example)", str(self.wizard('own').preview['notes']))
        wizard = self.wizard('one', 'us@ours.example')
        self.assertNotIn("its own account", str(wizard.preview['notes']))
        self.assertNotIn(('ir.mail_server', 'from_filter'), self.changes(wizard))

    def test_what_changed_meanwhile_is_not_overwritten(self):
        server = self.make_server('One')
        wizard = self.wizard('own')
        server.from_filter = 'theirs.example'
        with self.assertRaises(UserError):
            wizard.action_apply()
        self.assertEqual(server.from_filter, 'theirs.example')
        wizard.action_preview()
        wizard.action_apply()

    def test_another_choice_hides_the_preview(self):
        wizard = self.wizard('own')
        self.assertTrue(wizard.is_previewed)
        with Form(wizard) as form:
            form.mode = 'one'
            self.assertFalse(form.is_previewed)
            self.assertFalse(form.has_changes)

    def test_the_chatter_tells_how_to_go_back(self):
        self.make_server('One', from_filter='notifications@ours.example')
        domain = self.health('ours.example')
        self.wizard('own', 'desk@ours.example').action_apply()
        body = domain.message_ids[0].body
        for value in ('notifications@ours.example', 'desk', 'One', "go back"):
            self.assertIn(value, body)
        self.assertEqual(domain.message_ids[0].author_id, self.admin.partner_id)

    def test_addresses_that_are_none_are_refused(self):
        for address in ('', 'nobody', 'a@ours.example, b@ours.example', 'jürgen@ours.example'):
            with self.subTest(address=address), self.assertRaises(UserError):
                self.wizard('one', address)

    def test_an_address_that_a_personal_server_uses_is_refused_by_core(self):
        user = self.ours.env['res.users'].search([('login', '=', 'uma')])
        self.env['ir.mail_server'].sudo().create({
            'name': "Uma's", 'smtp_host': 'x', 'owner_user_id': user.id, 'from_filter': 'uma@second.example'})
        with self.assertRaises(UserError):
            self.wizard('one', 'uma@second.example')
        self.assertEqual(self.alias_domain.default_from, 'notifications')

    def test_only_administrators_change_it(self):
        user = self.ours.env['res.users'].search([('login', '=', 'uma')])
        Wizard = self.env['mail.sender.address'].with_user(user)
        for method in ('action_open', 'honor_parameters', 'remove_parameters'):
            with self.subTest(method=method), self.assertRaises(AccessError):
                getattr(Wizard, method)()


@tagged('post_install', '-at_install')
class TestLegacySenderScreen(SenderCase):
    """The parameters of older versions: off where they were there before, on where they are created here."""

    def legacy(self):
        return self.box()['parameters']

    def test_nothing_is_said_where_there_are_none(self):
        self.assertIsNone(self.legacy())

    def test_parameters_from_before_do_nothing_until_somebody_decides(self):
        self.set_params(**{PARAMETER_FORCE: 'office@ours.example'})
        self.assertFalse(self.legacy()['honored'])
        self.assertIn("Odoo no longer reads it", str(self.legacy()['notes']))
        self.assertEqual(self.box()['mode'], 'author')

    def test_only_yes_is_yes(self):
        self.set_params(**{PARAMETER_FORCE: 'office@ours.example'})
        for value, honored in (('True', True), ('1', True), ('False', False), ('0', False), ('no', False), ('?', False)):
            with self.subTest(value=value):
                self.set_params(**{PARAMETER_HONOR: value})
                self.assertEqual(self.env['ir.mail_server']._honors_legacy_sender(), honored)
                self.assertEqual(self.env['res.config.settings'].create({}).honors_legacy_sender, honored)

    def test_honor(self):
        self.set_params(**{PARAMETER_FORCE: 'office@ours.example'})
        self.env['mail.sender.address'].honor_parameters()
        self.assertTrue(self.legacy()['honored'])
        self.assertEqual(self.box()['mode'], 'force')
        self.assertEqual(set(self.leaves_as().values()), {'office@ours.example'})
        self.assertIn("goes to office@ours.example and not to Odoo", str(self.box()['notes']))
        self.assertFalse(self.box()['can_change'])

    def test_remove(self):
        self.set_params(**{PARAMETER_FORCE: 'office@ours.example', PARAMETER_HONOR: 'True'})
        self.env['mail.sender.address'].remove_parameters()
        self.assertIsNone(self.legacy())
        self.assertFalse(self.env['ir.mail_server']._honors_legacy_sender())
        self.assertIn('office@ours.example', self.health('ours.example').message_ids[0].body)

    def test_convert_force_to_odoos_own_settings(self):
        self.set_params(**{PARAMETER_FORCE: 'office@ours.example', PARAMETER_HONOR: 'True'})
        action = self.env['mail.sender.address'].action_convert_parameters()
        wizard = self.env['mail.sender.address'].browse(action['res_id'])
        self.assertTrue(wizard.has_changes)
        wizard.action_apply()
        self.assertIsNone(self.legacy())
        self.assertEqual(self.box()['mode'], 'one')
        self.assertEqual(set(self.leaves_as().values()), {'office@ours.example'})
        routes = example_routes(self.company, example_authors(self.company))
        self.assertEqual({route.envelope_from for _author, route in routes}, {'office@ours.example'}, "as before")
        self.assertIn("office@ours.example and not to Odoo", str(self.box()['notes']))

    def test_convert_dynamic_to_odoos_own_settings(self):
        self.set_params(**{PARAMETER_DYNAMIC: 'office@ours.example'})
        action = self.env['mail.sender.address'].action_convert_parameters()
        wizard = self.env['mail.sender.address'].browse(action['res_id'])
        self.assertIn("only “Honor them” does that", str(wizard.preview['notes']))
        wizard.action_apply()
        self.assertEqual(self.box()['mode'], 'own')
        self.assertEqual(self.leaves_as(), {
            'Ada Admin': 'ada@ours.example', 'Uma User': 'office@ours.example',
            'Carl Customer': 'office@ours.example'})

    def test_converting_concerns_every_company_of_the_administrator(self):
        other = self.make_company("Theirs", 'theirs.example')
        self.admin.sudo().company_ids += other
        self.set_params(**{PARAMETER_FORCE: 'office@ours.example'})
        action = self.env['mail.sender.address'].action_convert_parameters()
        self.env['mail.sender.address'].browse(action['res_id']).action_apply()
        self.assertEqual(other.alias_domain_id.default_from, 'office@ours.example')
        self.assertEqual(
            {route.from_email for _author, route in example_routes(other, example_authors(other))},
            {'office@ours.example'})

    def test_what_is_created_in_settings_is_honored(self):
        with Form(self.env['res.config.settings']) as form:
            form.shows_legacy_sender = True
            form.mail_force_smtp_from = 'office@ours.example'
            self.assertTrue(form.honors_legacy_sender)
        form.record.execute()
        self.assertTrue(self.env['ir.mail_server']._honors_legacy_sender())
        self.assertEqual(self.box()['mode'], 'force')

    def test_what_was_there_before_is_not_honored_by_saving_settings(self):
        self.set_params(**{PARAMETER_FORCE: 'office@ours.example'})
        with Form(self.env['res.config.settings']) as form:
            form.mail_dynamic_smtp_from = 'desk@ours.example'
            self.assertFalse(form.honors_legacy_sender)
        form.record.execute()
        self.assertFalse(self.env['ir.mail_server']._honors_legacy_sender())

    def test_settings_refuse_what_is_no_address_and_keep_what_was_there(self):
        self.set_params(**{PARAMETER_DYNAMIC: 'nonsense'})
        self.env['res.config.settings'].create({}).execute()
        self.assertEqual(self.env['ir.config_parameter'].sudo().get_param(PARAMETER_DYNAMIC), 'nonsense')
        self.assertIn("not a single email address", str(self.legacy()['notes']))
        with self.assertRaises(UserError):
            self.env['res.config.settings'].create({'mail_force_smtp_from': 'a@b, c@d'}).execute()

    def test_the_alias_domain_counts_and_the_screen_says_so(self):
        self.set_params(**{
            PARAMETER_DYNAMIC: 'office@ours.example', PARAMETER_HONOR: 'True', 'mail.catchall.domain': 'old.example'})
        self.assertEqual(self.box()['mode'], 'dynamic')
        self.assertIn("the alias domain counts", str(self.legacy()['notes']))
        self.assertEqual(self.leaves_as()['Ada Admin'], 'ada@ours.example')
        self.ours.alias_domain_id = False
        self.assertIn("old.example counts as its email domain", str(self.legacy()['notes']))
        self.assertEqual(self.leaves_as()['Ada Admin'], 'office@ours.example')

    def test_paths_follow_the_parameters(self):
        self.set_params(**{PARAMETER_FORCE: 'office@ours.example'})
        domain = self.health('ours.example')
        self.env['mail.sender.address'].honor_parameters()
        self.env.cr.flush()
        paths = self.env['mail.domain.health.path'].search([('company_id', '=', self.company.id)])
        self.assertEqual(set(paths.mapped('from_email')), {'office@ours.example'})
        self.assertIn("Honored", str(domain.parameters))
