import re
from datetime import timedelta

from lxml import etree

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools.safe_eval import safe_eval

from ..contacts import sources
from .common import DomainHealthCase
from .contacts_common import ContactsCase


@tagged('post_install', '-at_install')
class TestPartnerDomain(DomainHealthCase):

    def make(self, name, **values):
        return self.env['mail.partner.domain'].create({'name': name, **values})

    def test_domain_is_shown_as_people_write_it(self):
        self.assertEqual(self.make('xn--mller-kva.example').display_name, 'müller.example')
        self.assertEqual(self.make('plain.example').display_name, 'plain.example')

    def test_domains_of_contacts_are_settings_administrators_and_nobody_writes_them(self):
        domain = self.make('customer.example')
        for groups in ('base.group_user', 'base.group_user,base.group_erp_manager', 'base.group_portal'):
            user = new_test_user(self.env, f'user_{groups[-7:]}', groups)
            for call in ('read', 'search'):
                with self.subTest(groups=groups, call=call), self.assertRaises(AccessError):
                    domain.with_user(user).read(['name']) if call == 'read' else domain.with_user(user).search([])
        admin = new_test_user(self.env, 'admin_of_settings', 'base.group_system')
        self.assertEqual(domain.with_user(admin).read(['name'])[0]['name'], 'customer.example')
        for act in (lambda: domain.with_user(admin).write({'mark': 'marked'}), lambda: domain.with_user(admin).unlink(),
                    lambda: domain.with_user(admin).create({'name': 'other.example'})):
            with self.assertRaises(AccessError):
                act()

    def test_administrator_of_one_company_sees_no_domain_that_only_another_ones_contacts_have(self):
        other = self.make_company("Other", 'other.example')
        admin = new_test_user(
            self.env, 'other_admin', 'base.group_system', company_id=other.id, company_ids=[(6, 0, other.ids)])
        self.make('theirs.example', company_ids=[(6, 0, other.ids)])
        self.make('ours.customer.example', company_ids=[(6, 0, self.company.ids)])
        self.make('shared.example')
        seen = self.env['mail.partner.domain'].with_user(admin).with_company(other).search([('name', '=like', '%.example')])
        self.assertEqual(set(seen.mapped('name')), {'theirs.example', 'shared.example'})

    def test_list_is_grouped_by_policy_mark_and_company_and_opens_its_filters(self):
        other = self.make_company("Other", 'other.example')
        self.env['mail.partner.domain'].search([]).unlink()
        for name, values in {
            'rejects': {'policy': 'reject'}, 'dead': {'policy': 'reject', 'mark': 'marked'}, 'held': {'mark': 'held'},
            'suspected': {'mark': 'suspected'}, 'new': {'next_check': '2020-01-01'}, 'gmial': {'suggestion': 'gmail.com'},
            'theirs': {'company_ids': [(6, 0, other.ids)]}, 'both': {'company_ids': [(6, 0, (other | self.company).ids)]},
        }.items():
            self.make(f'{name}.test', contact_count=1, **values)
        admin = new_test_user(
            self.env, 'admin_of_both', 'base.group_system,base.group_multi_company', company_id=self.company.id,
            company_ids=[(6, 0, (other | self.company).ids)])
        Domains = self.env['mail.partner.domain'].with_user(admin).with_context(allowed_company_ids=admin.company_ids.ids)
        view = etree.fromstring(Domains.get_view(view_type='search')['arch'])
        filters = {node.get('name'): node for node in view.iter('filter')}
        grouped = {}
        for name, node in filters.items():
            context = safe_eval(node.get('context') or '{}')
            if 'group_by' in context:
                groups = Domains.web_read_group([], [context['group_by']], ['contact_count:sum', '__count'])['groups']
                grouped[name] = {self._label(group[context['group_by']]): group['__count'] for group in groups}
                for group in groups:
                    found = Domains.search(group['__extra_domain'])
                    self.assertEqual(len(found), group['__count'], "what a group opens is what it counts")
        self.assertEqual(grouped['group_by_policy'], {'reject': 2, False: 6})
        self.assertEqual(grouped['group_by_mark'], {'marked': 1, 'held': 1, 'suspected': 1, False: 5})
        self.assertEqual(grouped['group_by_company'], {"Other": 2, self.company.name: 1, False: 6})
        self.assertIn('group_by_reception', grouped)
        found = {name: set(Domains.search(safe_eval(node.get('domain'))).mapped('name'))
                 for name, node in filters.items() if node.get('domain')}
        self.assertEqual(found, {
            'marked': {'dead.test'}, 'held': {'held.test'}, 'suspected': {'suspected.test'}, 'suggestion': {'gmial.test'},
            'not_checked': {'new.test'}})

    @staticmethod
    def _label(value):
        return value[1] if isinstance(value, (list, tuple)) else value


@tagged('post_install', '-at_install')
class TestPartnerDomainRefresh(ContactsCase):
    """The rows are what the contacts' addresses say, and nothing is done where contacts are written."""

    def test_domain_of_many_contacts_is_one_row(self):
        for number in range(3):
            self.contact(f'c{number}@freemail.test')
        self.contact('c@customer.test')
        self.refresh()
        self.assertEqual(self.domains(), {'freemail.test': 3, 'customer.test': 1})
        self.assertEqual(self.domain('freemail.test').mailable_count, 3)
        self.assertLessEqual(self.domain('freemail.test').next_check, fields.Datetime.now())

    def test_each_address_is_counted_where_it_belongs(self):
        for email, name in (
            ('plain@a.test', 'a.test'),
            ('CAPITALS@B.TEST', 'b.test'),
            ('"Name, of" <formatted@c.test>', 'c.test'),
            ('first@d.test, second@e.test', 'd.test'),  # Odoo takes the first one for the contact's own
            ('first@f.test; second@e.test', 'f.test'),
            ('"quoted words"@g.test', 'g.test'),
            ('"quoted@h.example"@h.test', 'h.test'),
            ('umlaut@müller.i.test', 'xn--mller-kva.i.test'),
            ('umlaut@MÜLLER.j.test', 'xn--mller-kva.j.test'),
            ('encoded@xn--mller-kva.k.test', 'xn--mller-kva.k.test'),
            ('dot@l.test.', 'l.test'),
            ('underscore@_m.test', '_m.test'),
            ('literal@[192.0.2.1]', None),
            ('literal@[IPv6:2001:db8::1]', None),
            ('address@192.0.2.1', None),
            ('nothing', None),
            ('nothing@', None),
            ('@n.test', None),
            ('local@localhost', None),
            (f'long@{"a" * 300}.test', None),
            (f'long@{".".join(["a" * 60] * 5)}.test', None),
            ('dots@two..test', None),
            ('digits@o.123', None),
        ):
            with self.subTest(email=email[:40]), self.env.cr.savepoint():
                contact = self.contact(email)
                before = set(self.env['mail.partner.domain'].search([]).mapped('name'))
                self.refresh()
                new = set(self.env['mail.partner.domain'].search([]).mapped('name')) - before
                self.assertEqual(new - {'ours.example'}, {name} if name else set(), contact.email_normalized)
                contact.unlink()

    def test_all_spellings_of_a_name_are_one_domain_which_knows_them(self):
        for email in ('a@müller.test', 'b@MÜLLER.test', 'c@xn--mller-kva.test', 'd@xn--mller-kva.test.'):
            self.contact(email)
        self.refresh()
        [domain] = self.domain('xn--mller-kva.test')
        self.assertEqual(domain.contact_count, 4)
        self.assertIn('müller.test', domain.written_as.split())

    def test_domain_that_only_refused_addresses_have_is_not_asked(self):
        for name, values in (('bounced', {'message_bounce': 1}), ('blacklisted', {}), ('archived', {'active': False})):
            self.contact(f'c@{name}.test', **values)
            self.contact(f'c@{name}.both.test', **values)
            self.contact(f'other@{name}.both.test')
        self.env['mail.blacklist'].create([{'email': 'c@blacklisted.test'}, {'email': 'c@blacklisted.both.test'}])
        self.refresh()
        self.assertEqual(self.domains(), {
            'bounced.test': 1, 'blacklisted.test': 1, 'bounced.both.test': 2, 'blacklisted.both.test': 2, 'archived.both.test': 1})
        for name in ('bounced', 'blacklisted', 'archived'):
            self.assertFalse(self.domain(f'{name}.test').next_check)
            self.assertEqual(self.domain(f'{name}.both.test').mailable_count, 1)
            self.assertTrue(self.domain(f'{name}.both.test').next_check)

    def test_domain_is_asked_again_once_somebody_may_be_written_to_there(self):
        contact = self.contact('c@customer.test', message_bounce=2)
        self.refresh()
        domain, now = self.domain('customer.test'), fields.Datetime.now()
        self.assertFalse(domain.next_check)
        contact.message_bounce = 0
        self.refresh()
        self.assertLessEqual(domain.next_check, fields.Datetime.now())
        domain.write({'last_check': now, 'next_check': now + timedelta(days=20)})
        contact.message_bounce = 1
        self.refresh()
        self.assertFalse(domain.next_check)
        contact.message_bounce = 0
        self.refresh()
        self.assertGreater(domain.next_check, now + timedelta(days=10), "it was asked just now")

    def test_removal_of_a_contact_removes_what_only_it_caused(self):
        contact, other = self.contact('c@only.test'), self.contact('c@shared.test')
        self.contact('d@shared.test')
        self.refresh()
        self.domain('shared.test').mark = 'marked'
        (contact | other).unlink()
        self.refresh()
        self.assertEqual(self.domains(), {'shared.test': 1})
        self.assertEqual(self.domain('shared.test').mark, 'marked', "what was learned stays")
        self.contact('e@shared.test').active = False
        self.refresh()
        self.assertEqual(self.domains(), {'shared.test': 1})

    def test_contact_that_moves_takes_its_domain_along(self):
        contact = self.contact('c@before.test')
        self.refresh()
        contact.email = 'c@after.test'
        self.refresh()
        self.assertEqual(self.domains(), {'after.test': 1})

    def test_refresh_that_finds_nothing_new_writes_no_row(self):
        self.contact('c@customer.test')
        self.refresh()
        read = "SELECT id, name, xmin::text FROM mail_partner_domain ORDER BY id"
        self.env.cr.execute(read)
        before = self.env.cr.fetchall()
        self.env.cr.execute("SELECT last_value FROM mail_partner_domain_id_seq")
        last = self.env.cr.fetchone()
        self.refresh()
        self.env.cr.execute(read)
        self.assertEqual(self.env.cr.fetchall(), before)
        self.env.cr.execute("SELECT last_value FROM mail_partner_domain_id_seq")
        self.assertEqual(self.env.cr.fetchone(), last, "no id is used up by a row that is there")

    def test_domain_belongs_to_the_companies_whose_contacts_alone_have_it(self):
        other = self.make_company("Other", 'other.example')
        self.contact('c@one.test', company_id=other.id)
        self.contact('c@two.test', company_id=other.id)
        self.contact('d@two.test', company_id=self.company.id)
        self.contact('c@all.test', company_id=other.id)
        shared = self.contact('d@all.test')
        self.refresh()
        self.assertEqual(self.domain('one.test').company_ids, other)
        self.assertEqual(self.domain('two.test').company_ids, other | self.company)
        self.assertFalse(self.domain('all.test').company_ids)
        shared.unlink()
        self.refresh()
        self.assertEqual(self.domain('all.test').company_ids, other)
        self.contact('e@one.test')
        self.refresh()
        self.assertFalse(self.domain('one.test').company_ids)

    def test_model_of_another_module_is_a_row_of_the_table(self):
        self.assertIn('res.partner', {source.model for source in sources.installed(self.env)})
        row = sources.Source('mail.blacklist', 'email')
        gone = sources.Source('no.such.model', 'email_normalized'), sources.Source('res.partner', 'no_such_field')
        self.env['mail.blacklist'].create({'email': 'c@elsewhere.test'})
        self.patch(sources, 'SOURCES', (*sources.SOURCES, row, *gone))
        self.assertEqual(sources.installed(self.env)[-1], row)
        self.refresh()
        self.assertEqual(self.domains(), {'elsewhere.test': 1})

    def test_writing_contacts_is_left_to_core(self):
        """By every model that has them: neither overridden nor followed by what we store."""
        ours = f"{__name__.rpartition('.tests.')[0]}."
        for source in sources.installed(self.env):
            for kind in type(self.env[source.model]).__mro__:
                if kind.__module__.startswith(ours):
                    self.assertFalse({'create', 'write', 'unlink', 'load', 'copy', 'modified', 'flush_model'} & set(vars(kind)), kind)
            email = self.env[source.model]._fields['email']
            for field in self.env.registry.get_dependent_fields(email):
                self.assertFalse(field.store and field._module == 'mail_domain_health', field)

    def test_contacts_are_written_without_a_word_to_our_tables(self):
        """Nor are those of users and companies, whose addresses matter to us."""
        said = []
        execute = type(self.env.cr).execute

        def listen(cr, query, params=None, log_exceptions=True):
            said.append(str(getattr(query, 'code', query)))
            return execute(cr, query, params, log_exceptions)

        self.patch(type(self.env.cr), 'execute', listen)
        contacts = self.env['res.partner'].create([
            {'name': f'Contact {number}', 'email': f'c{number}@d{number}.test'} for number in range(100)])
        self.env.cr.flush()
        contacts.write({'email': 'all@elsewhere.test'})
        self.env.cr.flush()
        self.env['res.partner'].load(['name', 'email'], [[f'Import {number}', f'i{number}@d{number}.test'] for number in range(20)])
        self.env.cr.flush()
        contacts.unlink()
        self.env.cr.flush()
        self.env.ref('base.user_admin').partner_id.email = 'admin@elsewhere.test'
        self.company.partner_id.write({'email': 'office@elsewhere.test', 'name': "Office"})
        self.env.cr.flush()
        for verb in ('INSERT INTO "res_partner"', 'UPDATE "res_partner"', 'DELETE FROM "res_partner"'):
            self.assertTrue([query for query in said if verb in query], verb)
        ours = re.compile(r'(FROM|INTO|JOIN|UPDATE)\s+"?mail_(partner_domain|domain_health)', re.IGNORECASE)
        self.assertFalse(list(filter(ours.search, said)))
