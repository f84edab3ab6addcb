import base64

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged

from ..checking import domain_file
from .common import DomainHealthCase

WEB = '@ SOA ns1 hostmaster 1 3600 600 86400 300\n@ NS ns1\nns1 A 192.0.2.53\n@ A 203.0.113.25\n'


class ImportCase(DomainHealthCase):

    def wizard(self, text='', **values):
        if isinstance(text, bytes):
            values['file'] = base64.b64encode(text)
        else:
            values['text'] = text
        return self.env['mail.domain.health.import'].create({'company_id': self.company.id, **values})

    def load(self, text, **values):
        """Import a list and return the wizard."""
        wizard = self.wizard(text, **values)
        wizard.action_import()
        return wizard

    def watched(self, *names):
        """Return which of these names are watched once everything that follows a change has."""
        self.env['mail.domain.health']._refresh_watch_list()
        return set(self.env['mail.domain.health'].search([('name', 'in', names)]).mapped('name'))


@tagged('post_install', '-at_install')
class TestImport(ImportCase):
    """Further domains, from a list that somebody made."""

    def test_each_line_of_a_list_is_watched_for_the_company_and_stays(self):
        self.load('parked.example\nbrand.example\n')
        self.assertEqual(self.watched('parked.example', 'brand.example'), {'parked.example', 'brand.example'})
        domain = self.health('parked.example')
        self.assertEqual((domain.company_ids, domain.watched_company_ids), (self.company, self.company))
        self.assertFalse(domain.is_foreign)
        self.assertFalse(domain.sends_nothing, "nobody said so")
        self.assertLessEqual(domain.next_check, fields.Datetime.now())

    def test_once_more_changes_nothing(self):
        text = 'Domain,Sends No Mail,Tags\nparked.example,yes,Brand\n'
        self.load(text)
        domain = self.health('parked.example')
        before = domain.read()[0]
        count = self.env['mail.domain.health'].search_count([])
        wizard = self.wizard(text)
        wizard.action_read()
        self.assertIn("to import: 0. Monitored already: 1. Lines to correct: 0", wizard.summary)
        self.load(text)
        self.env.invalidate_all()
        self.assertEqual(domain.read()[0], before)
        self.assertEqual(self.env['mail.domain.health'].search_count([]), count)

    def test_a_list_that_does_not_say_leaves_what_was_said_before(self):
        self.load('parked.example', sends_nothing=True)
        self.load('parked.example')
        self.assertTrue(self.health('parked.example').sends_nothing)
        self.load('Domain;Sends No Mail\nparked.example;no\n')
        self.assertFalse(self.health('parked.example').sends_nothing)

    def test_trying_it_first_imports_nothing(self):
        wizard = self.wizard('parked.example')
        wizard.action_read()
        self.assertIn("to import: 1", wizard.summary)
        self.assertFalse(self.health('parked.example'))

    def test_what_cannot_be_taken_stays_with_its_line_and_its_mend(self):
        wizard = self.load('Domain;Tags\ngood.example;A\n\ninfo@bad.example;B\nexa mple.com;C\n')
        self.assertTrue(self.health('good.example'))
        self.assertFalse(self.health('bad.example'))
        self.assertIn("Imported: 1. Monitored already: 0. Lines to correct: 2.", wizard.summary)
        first, second = wizard.problems.splitlines()
        self.assertIn("Line 4: “info@bad.example” is more than a domain. Enter only bad.example.", first)
        self.assertTrue(second.startswith("Line 5: “exa mple.com”"), second)
        self.assertEqual(wizard.text, 'Domain;Tags\ninfo@bad.example;B\nexa mple.com;C')
        self.assertFalse(wizard.file)
        wizard.text = wizard.text.replace('info@', '').replace('exa mple', 'exa-mple')
        wizard.action_import()
        self.assertEqual(self.health('bad.example').tag_ids.name, "B")
        self.assertTrue(self.health('exa-mple.com'))

    def test_responsible_and_tags_are_set_and_tags_are_not_made_twice(self):
        user = new_test_user(self.env, 'ann', 'base.group_system', company_id=self.company.id, company_ids=[(6, 0, self.company.ids)])
        brand = self.env['mail.domain.health.tag'].create({'name': "Brand"})
        self.load('Domain;Tags\na.example;brand|Parked\nb.example;PARKED\n', user_id=user.id, tag_ids=brand.ids)
        a, b = self.health('a.example'), self.health('b.example')
        self.assertEqual((a.user_id, b.user_id), (user, user))
        self.assertEqual(a.tag_ids, b.tag_ids)
        self.assertEqual(set(a.tag_ids.mapped('name')), {"Brand", "Parked"})
        stranger = new_test_user(self.env, 'stranger', 'base.group_system')
        with self.assertRaises(ValidationError):
            self.load('c.example', user_id=stranger.id)

    def test_a_domain_that_odoo_sends_from_is_not_one_that_sends_none(self):
        wizard = self.load('ours.example\nparked.example\n', sends_nothing=True)
        self.assertIn("Line 1: Odoo itself sends mail from ours.example", wizard.problems)
        self.assertFalse(self.health('ours.example').sends_nothing)
        self.assertTrue(self.health('parked.example').sends_nothing)
        with self.assertRaisesRegex(ValidationError, "Odoo itself sends mail from ours.example"):
            self.health('ours.example').sends_nothing = True

    def test_only_settings_administrators_import_and_only_for_a_company_that_they_work_in(self):
        user = new_test_user(self.env, 'plain', 'base.group_user,base.group_erp_manager')
        with self.assertRaises(AccessError):
            self.env['mail.domain.health.import'].with_user(user).create({'text': 'x.example'})
        other = self.make_company("Other", 'other.example')
        admin = new_test_user(self.env, 'admin_of_other', 'base.group_system', company_id=other.id, company_ids=[(6, 0, other.ids)])
        with self.assertRaises(AccessError):
            self.env['mail.domain.health.import'].with_user(admin).create({'text': 'x.example', 'company_id': self.company.id})
        self.env['mail.domain.health.import'].with_user(admin).with_company(other).create(
            {'text': 'x.example', 'company_id': other.id}).action_import()
        self.assertEqual(self.health('x.example').company_ids, other)

    def test_an_added_domain_is_no_longer_watched_once_that_is_taken_back(self):
        self.load('parked.example')
        domain = self.health('parked.example')
        (domain | self.health('ours.example')).with_company(self.company).with_context(
            allowed_company_ids=self.company.ids).action_stop_monitoring()
        self.assertFalse(domain.active)
        self.assertTrue(self.health('ours.example').active, "Odoo sends from it")
        self.load('parked.example')
        self.assertTrue(domain.active)

    def test_an_added_domain_of_two_companies_stays_for_the_other_one(self):
        other = self.make_company("Other", 'other.example')
        self.load('parked.example')
        self.load('parked.example', company_id=other.id)
        domain = self.health('parked.example')
        domain.with_context(allowed_company_ids=other.ids).action_stop_monitoring()
        self.assertEqual((domain.active, domain.watched_company_ids), (True, self.company))
        self.assertEqual(domain.company_ids, self.company)


@tagged('post_install', '-at_install')
class TestDomainFile(ImportCase):
    """Files as programs and people really write them."""

    def read_list(self, text):
        return domain_file.read(self.env, text if isinstance(text, str) else domain_file.decode(self.env, text))

    def names(self, text):
        found = self.read_list(text)
        self.assertFalse(found.problems)
        return [row.name for row in found.rows]

    def test_encodings(self):
        text = 'Domain;Tags\r\nmüller.example;Für Später\r\n'
        for encoding in ('utf-8', 'utf-8-sig', 'cp1252', 'utf-16'):
            with self.subTest(encoding):
                [row] = self.read_list(text.encode(encoding)).rows
                self.assertEqual((row.name, row.tags), ('xn--mller-kva.example', ('Für Später',)))

    def test_separators_and_quotes(self):
        for separator in ';,\t':
            with self.subTest(separator):
                [row] = self.read_list(f'"Domain"{separator}"Sends no mail"\n"A.Example."{separator}"YES"\n').rows
                self.assertEqual((row.name, row.sends_nothing), ('a.example', True))

    def test_without_a_heading_the_first_column_is_read_and_that_is_said(self):
        found = self.read_list('a.example;x\nb.example;y\n')
        self.assertEqual([row.name for row in found.rows], ['a.example', 'b.example'])
        self.assertIn("no heading", found.notes[0])
        self.assertFalse(self.read_list('a.example\nb.example').notes)

    def test_international_names_are_one_with_their_a_labels(self):
        found = self.read_list('müller.example\nMÜLLER.example\nxn--mller-kva.example')
        self.assertEqual([row.name for row in found.rows], ['xn--mller-kva.example'])
        self.assertEqual(len(found.notes), 2)
        self.assertIn("Line 3: xn--mller-kva.example stands in line 1 already.", found.notes[1])

    def test_the_same_domain_with_other_values_is_to_be_decided(self):
        found = self.read_list('domain,parked\na.example,yes\na.example,no')
        self.assertEqual(len(found.rows), 1)
        self.assertIn("Line 3: a.example stands in line 2 already, with other values", found.problems[0].sentence)

    def test_each_mistake_names_its_line_and_its_mend(self):
        for text, mend in {
            'https://www.shop.example/cart': "Enter only www.shop.example.", '*.shop.example': "Enter only shop.example.",
            'shop.example/': "Enter only shop.example.", 'me@shop.example': "Enter only shop.example.",
            'localhost': "complete name", '192.0.2.1': "IP address|number", 'a..example': "extra dot", 'a_b.example': "underscore",
            '-a.example': "hyphen", 'gmail.com': "not yours", 'a b.example': "Line 1", f'{"a" * 64}.example': "63|too long|name that",
            '=1+1': "Line 1", '\ufffd.example': "Line 1", "'; DROP TABLE x; --": "Line 1",
        }.items():
            with self.subTest(text):
                found = self.read_list(text)
                self.assertFalse(found.rows)
                [problem] = found.problems
                self.assertRegex(problem.sentence, mend)
                self.assertTrue(problem.sentence.startswith("Line 1: "))
                self.assertEqual(problem.text, text)

    def test_neither_yes_nor_no_is_asked_about(self):
        [problem] = self.read_list('domain;parked\na.example;perhaps').problems
        self.assertIn("Line 2: “perhaps” is neither yes nor no", problem.sentence)

    def test_a_quotation_that_is_not_closed_swallows_no_line(self):
        found = self.read_list('domain\n"a.example\nb.example\nc.example')
        self.assertEqual([row.line for row in found.rows] + [problem.line for problem in found.problems], [2, 3, 4])

    def test_no_line_is_lost(self):
        lines = [f'd{number}.example' if number % 3 else f'bad {number}' for number in range(300)]
        found = self.read_list('\n'.join(lines))
        self.assertEqual(len(found.rows) + len(found.problems), 300)

    def test_what_is_too_large_or_no_text_is_refused_in_words(self):
        for content, words in (
            (b'x' * (domain_file.MAX_OCTETS + 1), "1 MB"), (b'PK\x03\x04...', "workbook"), (b'\xd0\xcf\x11\xe0', "workbook"),
            (b'a\0b', "no text file"), (b'a.example\n' * (domain_file.MAX_LINES + 1), "10,000 lines"),
            (b'name of the thing;tags\nx;y', "No column is called"),
        ):
            with self.subTest(words), self.assertRaisesRegex(UserError, words):
                self.read_list(content)
        with self.assertRaisesRegex(UserError, "Choose a file"):
            self.wizard('  \n \n').action_import()

    def test_long_cells_are_not_repeated_in_full(self):
        [problem] = self.read_list('x' * 5000 + ' y').problems
        self.assertLess(len(problem.sentence), 500)

    def test_a_list_of_ten_thousand_is_read_and_imported(self):
        text = '\n'.join(f'd{number}.example' for number in range(domain_file.MAX_LINES))
        wizard = self.wizard(text, sends_nothing=True)
        wizard.action_import()
        self.assertEqual(self.env['mail.domain.health'].search_count([('sends_nothing', '=', True)]), domain_file.MAX_LINES)


@tagged('post_install', '-at_install')
class TestProtection(ImportCase):
    """What is proposed for a domain of which the administrator says that it sends nothing."""

    def proposals(self, zone, **values):
        self.dns.set_zone('parked.example', zone)
        self.load('parked.example', **{'sends_nothing': True, **values})
        domain = self.health('parked.example')
        domain.check_now()
        return {(change['type'], change['value']) for change in domain.publication['changes']}

    ALL_THREE = {('TXT', 'v=spf1 -all'), ('MX', '0 .'), ('TXT', 'v=DMARC1; p=reject')}

    def test_a_domain_that_sends_nothing_is_closed(self):
        self.assertEqual(self.proposals(WEB), self.ALL_THREE)
        domain = self.health('parked.example')
        self.assertEqual((domain.state, domain.next_change['name']), ('warning', 'parked.example'))
        self.assertIn("parked.example", domain.first_step)
        self.assertIn("v=spf1 -all", domain.read_letters()['text'])

    def test_without_that_word_nothing_is_proposed_that_would_stop_mail(self):
        self.assertFalse(self.proposals(WEB, sends_nothing=False) & self.ALL_THREE)

    def test_an_mx_record_or_a_permission_contradicts(self):
        for code, record in (
            ('parked.has_mx', '@ MX 10 mail\nmail A 192.0.2.10'), ('parked.has_spf', '@ TXT "v=spf1 a -all"'),
        ):
            self.assertFalse(self.proposals(f'{WEB}{record}\n') & self.ALL_THREE)
            domain = self.health('parked.example')
            self.assertIn(code, domain.finding_ids.filtered(lambda found: not found.resolved_on).mapped('code'))
            self.assertIn("Sends No Mail", domain.first_step)

    def test_mail_that_arrived_from_it_or_below_it_contradicts(self):
        for name in ('parked.example', 'news.parked.example'):
            with self.subTest(name):
                seen = self.env['mail.sending.observation'].create({'company_id': self.company.id, 'from_domain': name})
                self.assertFalse(self.proposals(WEB))
                seen.unlink()
        self.assertEqual(self.proposals(WEB), self.ALL_THREE)

    def test_silence_is_no_reason_to_propose_anything_or_to_take_it_away(self):
        self.assertEqual(self.proposals(WEB), self.ALL_THREE)
        domain = self.health('parked.example')
        with self.silent_dns():
            domain.check_now()
        self.assertEqual(domain.state, 'unknown')
        self.assertFalse([code for code in domain.finding_ids.mapped('code') if code.startswith('parked.has')])

    def test_published_it_is_in_order(self):
        self.proposals(WEB + '@ MX 0 .\n@ TXT "v=spf1 -all"\n_dmarc TXT "v=DMARC1; p=reject"\n')
        domain = self.health('parked.example')
        self.assertEqual((domain.state, domain.first_step), ('pass', ''))
