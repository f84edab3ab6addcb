import inspect
import json

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw
from odoo.tests import new_test_user, tagged

from .common import HEALTHY, DomainHealthCase, mute

OURS = 'odoo.addons.mail_domain_health.'
# Who calls. The last two run the mail of the company that the records belong to.
OUTSIDERS = ('public', 'portal', 'internal', 'access_rights', 'settings_elsewhere')
ADMINISTRATORS = ('settings', 'settings_of_both')

# Every public method of ours: how a remote call reaches it (on a record, or on the model), and with what.
METHODS = {
    'mail.alias.domain.adopt': {'action_create': 'record'},
    'mail.domain.health': {
        'check_now': 'record', 'read_box': 'record', 'action_claim': 'record', 'action_disclaim': 'record',
        'propose_spf': ('record', []), 'action_write_hostmaster': 'record', 'read_fix_it': 'record', 'look_at_records': 'record',
        'action_check_received_mail': 'record', 'check_several': 'record', 'read_letters': 'record',
        'action_acknowledge': 'record', 'action_withdraw_acknowledgement': 'record', 'action_unmute_findings': 'record', 'action_stop_monitoring': 'record',
        'test_nameservers': ('administrators', '127.0.0.1:1'),
        'action_open_paths': 'record', 'action_open_findings': 'record', 'action_open_checks': 'record',
        'action_open_contacts': 'record', 'read_day': ('record', '2026-03-03'), 'action_download_history': 'record',
        'action_send_proof': 'record', 'action_prove_bounces': 'record',
        'action_receive_reports': 'record', 'action_test_report_address': 'record',
        'decide_source': ('record', 'ip:192.0.2.1', 'mine'), 'read_received': 'record',
        'action_open_source': ('record', 'ip:192.0.2.1', 'unknown'), 'action_open_volume': 'record',
    },
    'mail.domain.health.report': {'action_vouch': 'record'},
    'mail.domain.health.received': {'action_open_domain': 'record'},
    'mail.domain.health.reporter': {'action_confirm': 'catalog', 'action_ignore': 'catalog', 'action_withdraw': 'catalog'},
    'mail.domain.health.receive': {'action_receive': 'record'},
    'mail.domain.health.upload': {'action_upload': 'record'},
    'mail.domain.health.assign': {'action_apply': 'record'},
    'mail.domain.health.mute': {'action_apply': 'record'},
    'mail.domain.health.acknowledge': {'action_apply': 'record'},
    'mail.domain.health.import': {'action_read': 'record', 'action_import': 'record'},
    'mail.domain.health.arrival': {'action_read': 'record', 'action_read_another': 'record', 'action_keep': 'record'},
    'mail.domain.health.finding': {'action_mute': 'record', 'action_unmute': 'record', 'action_remedy': 'record'},
    'mail.domain.health.letter': {'action_write': 'record', 'action_withdraw': 'record'},
    'mail.domain.health.path': {'action_open_authors': 'record', 'action_check': 'record', 'action_send_proof': 'record'},
    'mail.domain.health.proof': {'action_send_again': 'record', 'action_keep': 'record'},
    'mail.domain.health.proof.start': {'action_send': 'record'},
    'mail.domain.health.remedy': {'action_open_default_sender': 'record', 'action_apply': 'record'},
    'mail.sender.address': {
        'action_preview': 'record', 'action_apply': 'record', 'action_open': 'administrators',
        'action_convert_parameters': 'administrators', 'honor_parameters': 'administrators',
        'remove_parameters': 'administrators', 'read_box': 'administrators',
    },
    'mail.sending.observation': {'action_forget': 'record'},
    'mail.sending.service': {'action_take_shipped': 'catalog'},
    'mail.dns.provider': {'action_take_shipped': 'catalog'},
    'ir.mail_server': {'action_check_received_mail': 'catalog'},
    'mail.partner.domain': {
        'action_open_contacts': 'record', 'read_progress': 'administrators',
        'answer_request': ('administrators', False), 'decide_held': ('administrators', False)},
    'mail.contact.relaying': {
        'action_replace_sender': 'record', 'action_notify_in_odoo': 'record', 'action_show_contacts': 'record',
        'action_open_settings': 'record'},
    # For whoever may change the contact.
    'mail.contact.address': {'action_apply': 'record'},
    'res.partner': {'action_correct_email': 'contact', 'read_recipient_notices': ('internal', [], [], False, False)},
    'res.users': {'action_mail_address_remedy': 'catalog'},
}
WIZARDS = (
    'mail.domain.health.letter', 'mail.domain.health.assign', 'mail.domain.health.mute', 'mail.domain.health.acknowledge',
    'mail.domain.health.import', 'mail.contact.relaying',
    'mail.contact.address', 'mail.domain.health.remedy', 'mail.sender.address', 'mail.domain.health.arrival',
    'mail.alias.domain.adopt', 'mail.domain.health.proof.start', 'mail.domain.health.receive', 'mail.domain.health.upload')


@tagged('post_install', '-at_install')
class TestRights(DomainHealthCase):
    """What a remote call may do: every public method and every field of a wizard, as seven kinds of users."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.elsewhere = cls.make_company("Elsewhere", 'elsewhere.example')
        both = cls.company | cls.elsewhere
        cls.users = {'public': cls.env.ref('base.public_user')}
        for name, groups, companies in (
            ('portal', 'base.group_portal', cls.company), ('internal', 'base.group_user', cls.company),
            ('access_rights', 'base.group_user,base.group_erp_manager', cls.company),
            ('settings_elsewhere', 'base.group_system', cls.elsewhere), ('settings', 'base.group_system', cls.company),
            ('settings_of_both', 'base.group_system', both),
        ):
            cls.users[name] = new_test_user(
                cls.env, f'rights_{name}', groups, company_id=companies[0].id, company_ids=[(6, 0, companies.ids)],
                email=f'{name}@{"elsewhere" if companies == cls.elsewhere else "ours"}.example')
        cls.env.cr.flush()

    def setUp(self):
        super().setUp()
        self.publish('ours.example', *HEALTHY)
        self.domain = self.health('ours.example')
        self.domain.check_now()
        self.server = self.env['ir.mail_server'].create({'name': "Relay", 'smtp_host': 'relay.example'})
        self.env.cr.flush()  # the ways of mail follow
        self.path = self.domain.path_ids.filtered(lambda path: path.kind == 'notifications')
        Finding = self.env['mail.domain.health.finding']
        self.finding = Finding.create({
            'domain_id': self.domain.id, 'company_id': self.company.id, 'code': 'path.no_replies', 'name': 'secret.ours.example',
            'area': 'path', 'severity': 'warning', 'first_seen': '2026-01-01', 'last_seen': '2026-01-01',
            'remedy_action': {'kind': 'change', 'changes': [
                {'model': 'ir.mail_server', 'id': self.server.id, 'field': 'from_filter', 'value': 'ours.example'}]},
        })
        self.contact = self.env['res.partner'].create({'name': "Jane", 'email': 'jane@customer.example'})
        self.contacts_domain = self.env['mail.partner.domain'].create({
            'name': 'customer.example', 'company_ids': self.company.ids})
        self.proof = self.env['mail.domain.health.proof'].create({
            'company_id': self.company.id, 'path_id': self.path.id, 'who': "Notifications"})
        self.observation = self.env['mail.sending.observation'].create({
            'company_id': self.company.id, 'from_domain': 'ours.example'})
        self.report = self.env['mail.domain.health.report'].create({
            'domain_id': self.domain.id, 'policy_domain': 'ours.example', 'kind': 'dmarc', 'state': 'unverified',
            'received_on': '2026-01-01', 'reporter_id': self.env['mail.domain.health.reporter'].create({'name': 'x.example'}).id})
        self.volume = self.env['mail.domain.health.volume'].create({
            'domain_id': self.domain.id, 'date': fields.Date.today(), 'source': '192.0.2.1', 'messages': 5, 'is_trusted': True, 'identity_id':
            self.env['mail.domain.health.identity'].create({'domain_id': self.domain.id, 'header_from': 'ours.example'}).id})

    def as_user(self, role):
        user = self.users[role]
        return self.env(user=user, context={'allowed_company_ids': user.company_ids.ids or user.company_id.ids})

    def call(self, role, model, method, *args):
        """Call as the web client does."""
        if method == 'look_at_records':  # which has transactions of its own
            with self.enter_registry_test_mode():
                return call_kw(self.as_user(role)[model], method, list(args), {})
        return call_kw(self.as_user(role)[model], method, list(args), {})

    def make(self, model, role='settings'):
        """Return a record that belongs to the company "Ours"; wizards are opened by ``role``."""
        Model = self.as_user(role)[model]
        return {
            'mail.domain.health': lambda: self.domain,
            'mail.domain.health.finding': lambda: self.finding,
            'mail.domain.health.path': lambda: self.path,
            'mail.sending.observation': lambda: self.observation,
            'mail.sending.service': lambda: self.env.ref('mail_domain_health.sending_service_odoo'),
            'mail.dns.provider': lambda: self.env['mail.dns.provider'].search([('name', '!=', False)], limit=1),
            'ir.mail_server': lambda: self.server,
            'mail.domain.health.remedy': lambda: Model.create({'finding_id': self.finding.id, 'line_ids': []}),
            'mail.sender.address': lambda: Model.create({'company_id': self.company.id, 'company_ids': self.company.ids}),
            'mail.domain.health.letter': lambda: Model.create({'domain_id': self.domain.id, 'email': 'dns@host.example'}),
            'mail.domain.health.arrival': lambda: Model.create({'domain_id': self.domain.id}),
            'mail.domain.health.import': lambda: Model.create({'text': 'added.example', 'company_id': self.company.id}),
            'mail.domain.health.assign': lambda: Model.create({'domain_ids': self.domain.ids}),
            'mail.domain.health.mute': lambda: Model.create({'finding_ids': self.finding.ids, 'reason': "Known"}),
            'mail.domain.health.acknowledge': lambda: Model.create({'domain_ids': self.domain.ids}),
            'mail.domain.health.proof': lambda: self.proof,
            'mail.domain.health.proof.start': lambda: Model.create({'path_ids': self.path.ids, 'address': 'tests@receiver.example'}),
            'mail.alias.domain.adopt': lambda: Model.create({'company_id': self.company.id}),
            'mail.contact.relaying': lambda: Model.create({'finding_id': self.finding.id}),
            'mail.contact.address': lambda: Model.create({'partner_id': self.contact.id, 'email': 'jane@new.example'}),
            'res.partner': lambda: self.contact,
            'res.users': lambda: self.users['internal'],
            'mail.partner.domain': lambda: self.contacts_domain,
            'mail.domain.health.report': lambda: self.report,
            'mail.domain.health.received': lambda: self.env['mail.domain.health.received'].search([('domain_id', '=', self.domain.id)]),
            'mail.domain.health.reporter': lambda: self.report.reporter_id,
            'mail.domain.health.receive': lambda: Model.create({'domain_id': self.domain.id}),
            'mail.domain.health.upload': lambda: Model.create({}),
        }[model]()

    def test_the_table_has_every_public_method(self):
        found = {}
        for model in self.env.registry.values():
            for definition in model.mro():
                if not definition.__module__.startswith(OURS):
                    continue
                for name in vars(definition):
                    if name.startswith('_') or not inspect.isfunction(getattr(definition, name)):
                        continue
                    core = any(name in vars(other) for other in model.mro() if not other.__module__.startswith(OURS)
                               and other.__module__ != model.__module__ or other.__name__ == 'BaseModel')
                    if not core and not model._abstract:
                        found.setdefault(model._name, set()).add(name)
        self.assertEqual(found, {model: set(methods) for model, methods in METHODS.items()})

    def test_every_public_method_as_every_kind_of_user(self):
        for model, methods in METHODS.items():
            for method, how in methods.items():
                for role in self.users:
                    with self.subTest(method=f'{model}.{method}', role=role), self.env.cr.savepoint():
                        self.check_call(role, model, method, how)

    def check_call(self, role, model, method, how):
        how, *rest = how if isinstance(how, tuple) else (how,)
        on_record = how in ('record', 'catalog', 'contact')
        args = [self.make(model).ids, *rest] if on_record else rest
        # What belongs to no company is every settings administrator's.
        allowed = role in ADMINISTRATORS or role == 'settings_elsewhere' and how != 'record'
        if how == 'internal':
            allowed = role not in ('public', 'portal')
        if role == 'settings_of_both' and model in WIZARDS and on_record:
            allowed = False  # somebody else opened it
        may_write = self.as_user(role)['res.partner'].has_access('write')
        allowed = may_write if how == 'contact' else allowed and (may_write or model != 'mail.contact.address')
        if not allowed:
            with self.assertRaises(AccessError):
                self.call(role, model, method, *args)
            return
        try:
            self.call(role, model, method, *args)
        except AccessError:
            raise
        except UserError:  # nothing to do here, said in words: that is no matter of rights
            return

    def test_nobody_reads_a_wizard_that_somebody_else_opened(self):
        for model in WIZARDS:
            wizard = self.make(model)
            fields = [name for name in wizard._fields if name not in ('id', 'display_name')]
            for role in self.users:
                for name in fields:
                    with self.subTest(model=model, role=role, field=name):
                        if role == 'settings':
                            self.call(role, model, 'read', wizard.ids, [name])
                            continue
                        with self.assertRaises(AccessError):
                            self.call(role, model, 'read', wizard.ids, [name])
                with self.subTest(model=model, role=role, call='search'):
                    if role != 'settings':
                        try:
                            self.assertNotIn(wizard.id, self.as_user(role)[model].search([]).ids)
                        except AccessError:
                            continue

    def test_a_wizard_points_to_nothing_of_another_company(self):
        of_findings = ('mail.domain.health.remedy', 'mail.contact.relaying')
        for model, values in (
            *((model, {'finding_id': self.finding.id}) for model in of_findings),
            ('mail.sender.address', {'company_id': self.company.id}),
            ('mail.sender.address', {'company_ids': [(6, 0, self.company.ids)]}),
            ('mail.domain.health.arrival', {'domain_id': self.domain.id}),
            ('mail.domain.health.arrival', {'path_id': self.path.id}),
            ('mail.domain.health.proof.start', {'path_ids': [(6, 0, self.path.ids)]}),
            ('mail.domain.health.mute', {'finding_ids': [(6, 0, self.finding.ids)]}),
            ('mail.domain.health.acknowledge', {'domain_ids': [(6, 0, self.domain.ids)]}),
            ('mail.alias.domain.adopt', {'company_id': self.company.id}),
        ):
            with self.subTest(model=model, **values):
                with self.assertRaises(AccessError):
                    self.call('settings_elsewhere', model, 'create', values)
                if model not in of_findings:
                    own = self.as_user('settings_elsewhere')[model].create({})
                    with self.assertRaises(AccessError):
                        self.call('settings_elsewhere', model, 'write', own.ids, values)
        for model in ('mail.domain.health.letter', 'mail.domain.health.receive'):
            with self.assertRaises(AccessError):
                self.call('settings_elsewhere', model, 'create', {'domain_id': self.domain.id})
        for model, lines in zip(of_findings, ('line_ids', 'domain_ids')):
            with self.assertRaises(AccessError):
                self.as_user('settings_elsewhere')[model].with_context(default_finding_id=self.finding.id).default_get(
                    ['finding_id', lines])

    def test_a_preview_shows_no_address_of_a_company_that_one_does_not_work_in(self):
        self.env['ir.mail_server'].search([('name', '!=', False)]).unlink()
        server = self.env['ir.mail_server'].create({'name': "Shared", 'smtp_host': 'shared.example', 'from_filter': 'ours.example'})
        self.env.cr.flush()
        Sender = self.as_user('settings_elsewhere')['mail.sender.address']
        wizard = Sender.create({'mode': 'one', 'address': 'all@elsewhere.example'})
        wizard.action_preview()
        hidden = [row for row in wizard.preview['others'] if row.get('is_hidden')]
        self.assertEqual([row['company'] for row in wizard.preview['others']], [row['company'] for row in hidden])
        self.assertNotIn('@ours.example', json.dumps(wizard.preview['others'] + wizard.preview['examples']))
        self.assertTrue(server.exists())

    def test_settings_of_another_company_stay_empty(self):
        Settings = self.as_user('settings_elsewhere')['res.config.settings']
        settings = Settings.new({'company_id': self.company.id})
        self.assertFalse(settings.mail_domain_health)
        settings = Settings.new({'company_id': self.elsewhere.id})
        self.assertTrue(settings.mail_domain_health)

    def test_name_servers_and_parameters_are_told_to_settings_administrators_only(self):
        self.env['ir.config_parameter'].set_param('mail.force.smtp.from', 'secret@ours.example')
        names = ['mail_domain_health_nameservers', 'mail_domain_health_networks', 'mail_force_smtp_from',
                 'mail_dynamic_smtp_from', 'honors_legacy_sender', 'shows_legacy_sender', 'mail_domain_health_interval_number', 'mail_domain_health_additional_workers', 'mail_domain_health_odoo_daily_limit',
                 'mail_domain_health_contacts_rate', 'mail_domain_health_retention_days', 'mail_domain_health_reports_retention_days']
        for role in self.users:
            Settings = self.as_user(role)['res.config.settings']
            with self.subTest(role=role):
                try:
                    values = call_kw(Settings, 'default_get', [names], {})
                except AccessError:
                    values = {}
                told = {name for name in names if name in values}
                self.assertEqual(told, set(names) if role.startswith('settings') else set())

    def test_what_a_check_found_is_written_by_no_remote_call(self):
        for record, values in (
            (self.domain, {'name': 'other.example'}), (self.domain, {'state': 'pass'}), (self.domain, {'spf_state': 'pass'}),
            (self.domain, {'report': {}}), (self.domain, {'announced': False}), (self.domain, {'acknowledged_on': '2026-01-01'}), (self.domain, {'is_foreign': True}),
            (self.domain, {'company_ids': [(5,)]}), (self.domain, {'active': False}),
            (self.finding, {'code': 'x'}), (self.finding, {'resolved_on': '2026-01-01'}), (self.finding, {'remedy_action': {}}),
            (self.finding, {'muted_until': '2030-01-01'}), (self.finding, {'mute_reason': 'x'}), (self.finding, {'muted_on': False}), (self.finding, {'domain_id': self.domain.id}),
            (self.path, {'state': 'pass'}),
            (self.contacts_domain, {'mark': 'marked'}), (self.contacts_domain, {'policy': 'reject'}),
            (self.report, {'state': 'counted'}), (self.report, {'messages': 1}), (self.report.reporter_id, {'decision': 'confirmed'}),
            (self.volume, {'messages': 1}), (self.volume.identity_id, {'dkim_domain': 'x.example'}),
            (self.contacts_domain, {'next_check': '2026-01-01'}), (self.contacts_domain, {'company_ids': [(5,)]}),
        ):
            for context in ({}, {'su': True}, {'install_mode': True}, {'tracking_disable': True}):
                with self.subTest(record=record, context=context, **values), self.assertRaises(AccessError):
                    record.with_user(self.users['settings']).with_context(**context).write(values)
        for model in ('mail.domain.health', 'mail.domain.health.finding', 'mail.domain.health.path', 'mail.domain.health.check',
                      'mail.domain.health.link', 'mail.domain.health.guess', 'mail.partner.domain', 'mail.domain.health.report',
                      'mail.domain.health.reporter', 'mail.domain.health.volume', 'mail.domain.health.identity',
                      'mail.domain.health.address', 'mail.domain.health.incoming', 'mail.domain.health.tls'):
            with self.subTest(create=model), self.assertRaises(AccessError):
                self.call('settings', model, 'create', {})
        domain = self.domain.with_user(self.users['settings'])
        domain.write({'dkim_selectors': 's1', 'dmarc_report_address': 'dmarc@ours.example'})
        domain.message_post(body="Noted.")
        domain.activity_schedule('mail.mail_activity_data_todo', user_id=self.users['settings'].id)
        mute(self.finding.with_user(self.users['settings']))
        self.assertEqual((domain.dkim_selectors, self.finding.muted_by_id), ('s1', self.users['settings']))

    def test_domains_of_contacts_are_read_by_settings_administrators_of_their_company_only(self):
        for role in self.users:
            for method, args in (('read', [self.contacts_domain.ids, ['name']]), ('search_read', [[('name', '=', 'customer.example')]]),
                                 ('web_search_read', [[('name', '=', 'customer.example')], {'name': {}}]),
                                 ('formatted_read_group', [[], ['policy']])):
                with self.subTest(role=role, method=method):
                    try:
                        found = self.call(role, 'mail.partner.domain', method, *args)
                    except AccessError:
                        found = None
                    is_told = 'customer.example' in str(found) or method == 'formatted_read_group' and bool(found)
                    self.assertEqual(is_told, role in ADMINISTRATORS)
                    if not role.startswith('settings'):
                        self.assertIsNone(found)
            with self.subTest(role=role), self.assertRaises(AccessError):
                self.call(role, 'mail.partner.domain', 'unlink', self.contacts_domain.ids)

    def test_what_receivers_reported_is_read_by_settings_administrators_of_its_company_only(self):
        for record in (self.report, self.volume, self.volume.identity_id):
            for role in self.users:
                for method, args in (('read', [record.ids]), ('search_read', [[('domain_id', '=', self.domain.id)]])):
                    with self.subTest(role=role, model=record._name, method=method):
                        try:
                            found = self.call(role, record._name, method, *args)
                        except AccessError:
                            found = None
                        self.assertEqual(bool(found), role in ADMINISTRATORS)
                with self.subTest(role=role), self.assertRaises(AccessError):
                    self.call(role, record._name, 'unlink', record.ids)

    def test_links_and_guesses_are_read_by_no_remote_call(self):
        link = self.env['mail.domain.health.link'].create({'domain_id': self.domain.id, 'token_hash': 'x'})
        guess = self.env['mail.domain.health.guess'].create({'bucket': 1, 'period': 1, 'guesses': 1})
        incoming = self.env['mail.domain.health.incoming'].create({
            'consumer': 'x', 'received_on': '2026-01-01', 'size': 0, 'attempts': 0})
        for role in self.users:
            for record in (link, guess, incoming):
                for method, args in (('read', [record.ids]), ('write', [record.ids, {}]), ('unlink', [record.ids]),
                                     ('search', [[]]), ('search_read', [[]])):
                    with self.subTest(role=role, model=record._name, method=method), self.assertRaises(AccessError):
                        self.call(role, record._name, method, *args)
