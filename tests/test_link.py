import hashlib
import time
from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import HttpCase, tagged

from ..models import mail_domain_health_guess as guess
from ..models.mail_domain_health_link import ROUTE, VALID_FOR, WAITING
from .common import DKIM_RECORD, HEALTHY, DnsServerCase

SCRIPT = '<script>alert(1)</script>'
REFUSED = "This link does not work"


class LinkCase(DnsServerCase, HttpCase):
    """A domain without records, a link to its page, and a browser without a login."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['ir.mail_server'].search([('id', '!=', False)]).unlink()
        cls.env['mail.alias.domain'].create({'name': 'first.example'})
        cls.company = cls.make_company("Secretive Ltd", 'ours.example')

    def setUp(self):
        super().setUp()
        self.publish('ours.example')
        self.domain = self.health('ours.example')
        self.domain.check_now()
        self.address = self.make_link(self.domain)
        self.env.flush_all()

    def make_link(self, domain, lang='en_US'):
        """Return the path of a page, as the mail that leaves has it."""
        link = self.env['mail.domain.health.link'].create({'domain_id': domain.id, 'email': 'dns@host.example', 'lang': lang})
        self.link = link
        return self.env['mail.domain.health.link']._make_tokens(domain, link._get_waiting_address())[f'{ROUTE}/{link.id}/{WAITING}']

    def open(self, address, status=200, **kwargs):
        self.env.flush_all()
        response = self.url_open(address, **kwargs)
        self.assertEqual(response.status_code, status)
        return response

    def guess(self, status=404):
        return self.open(f'{ROUTE}/{self.link.id}/wrong', status)

    def guesses(self):
        self.env['mail.domain.health.guess'].invalidate_model()
        return sum(self.env['mail.domain.health.guess'].search([('bucket', '>=', 0)]).mapped('guesses'))

    @contextmanager
    def writes_nothing(self):
        """Within, a request that writes is noticed: Odoo says so in its log, and the rows would differ."""
        before = self.rows()
        with self.assertNoLogs('odoo.http', 'WARNING'), self.assertNoLogs('odoo.sql_db', 'ERROR'):
            yield
        self.assertEqual(self.rows(), before)

    def rows(self):
        self.env.flush_all()
        tables = ('mail_domain_health', 'mail_domain_health_link', 'mail_domain_health_guess', 'mail_message', 'res_partner')
        contents = []
        for table in tables:
            self.env.cr.execute(f'SELECT * FROM {table} ORDER BY id')
            contents.append(self.env.cr.fetchall())
        return contents


@tagged('post_install', '-at_install')
class TestLink(LinkCase):
    """The page without a login: what it shows, to whom, and what it does not do."""

    # what it shows

    def test_page_has_every_record_and_its_last_known_state(self):
        page = self.open(self.address).text
        for shown in ('v=spf1 include:_spf.odoo.com ~all', 'odoo._domainkey.ours.example', 'odoo._domainkey.odoo.com',
                      '_dmarc.ours.example', 'Add this record:', 'Not seen yet'):
            self.assertIn(shown, page)
        self.publish('ours.example', DKIM_RECORD)
        self.assertNotIn('>Published<', self.open(self.address).text.replace('\n', '').replace(' ', ''), "nobody looked since")
        self.domain.check_now()
        self.env.flush_all()
        self.assertIn('Published', self.open(self.address).text)

    def test_host_that_is_left_empty_at_a_dns_host_is_said_in_the_page_and_in_the_letter(self):
        self.assertNotIn('Leave it empty', self.open(self.address).text)
        self.dns.set_zone('ours.example', '@ NS dns19.ovh.net.\n@ NS ns19.ovh.net.\n@ MX 10 mail\nmail A 192.0.2.10')
        self.domain.check_now()
        self.env.flush_all()
        self.assertIn('Leave it empty', self.open(self.address).text)
        self.assertIn('Leave it empty', self.domain._get_letter_records())

    def test_values_stand_in_the_page_for_who_has_no_javascript(self):
        page = self.open(self.address).text
        self.assertIn('hidden="hidden"', page, "a button that would do nothing is not shown")
        self.assertIn('<code dir="ltr" class="whole"', page)

    def test_page_tells_nothing_of_the_company_and_runs_nothing_of_others(self):
        self.company.partner_id.email = 'office@ours.example'
        page = self.open(self.address).text
        for secret in ('Secretive', 'office@', 'company_logo', 'logo.png', 'csrf_token', 'session_info', 'web.assets'):
            self.assertNotIn(secret, page)
        self.assertEqual(page.count('<script'), 1)

    def test_page_is_the_same_for_whoever_is_logged_in(self):
        page = self.open(self.address).text
        self.authenticate('admin', 'admin')
        self.assertEqual(self.open(self.address).text, page)

    def test_markup_in_records_is_text(self):
        self.publish('ours.example', f'@ TXT "v=spf1 x={SCRIPT} ip4:198.51.100.1 ~all"')
        self.domain.check_now()
        self.assertIn(SCRIPT, str(self.domain.publication['changes']), "the record that is replaced contains it")
        page = self.open(self.address).text
        self.assertNotIn(SCRIPT, page)
        self.assertIn('&lt;script&gt;', page)

    def test_markup_in_what_was_found_instead_is_text(self):
        """A look stores what stands there; every part of the row comes from DNS or from what was proposed."""
        records = self.env['mail.domain.health.record'].search([('domain_id', '=', self.domain.id)])
        self.assertTrue(records)
        for code, seen in (('differs', SCRIPT), ('wrong_type', SCRIPT), ('doubled', f'{SCRIPT}.ours.example'), ('proxied', SCRIPT)):
            with self.subTest(code=code):
                records.write({
                    'outcome': {'code': code, 'done': False, 'seen': [seen], 'seconds': 0}, 'looked_on': fields.Datetime.now()})
                page = self.open(self.address).text
                self.assertNotIn(SCRIPT, page)
                self.assertIn('&lt;script&gt;', page)

    def test_language_is_that_of_the_letter_whatever_the_visitor_prefers(self):
        self.env['res.lang']._activate_lang('ar_001')
        self.env['res.lang']._activate_lang('fr_FR')
        self.env['ir.ui.view'].search([('key', '=', 'mail_domain_health.records_page_main')]).update_field_translations(
            'arch_db', {'fr_FR': {"Not seen yet": "Pas encore vu"}})
        address = self.make_link(self.domain, 'fr_FR')
        self.opener.cookies.set('frontend_lang', 'ar_001')
        page = self.open(address, headers={'Accept-Language': 'ar'}).text
        self.assertIn('lang="fr-FR" dir="ltr"', page)
        self.assertIn("Pas encore vu", page)
        self.assertIn('lang="ar-001" dir="rtl"', self.open(self.make_link(self.domain, 'ar_001')).text)
        self.env['res.lang'].search([('code', '=', 'fr_FR')]).active = False
        self.assertIn('lang="en-US"', self.open(address).text)

    # what it does not do

    def test_opening_asks_no_dns_and_writes_nothing(self):
        self.open(self.address)  # whatever Odoo prepares once
        asked = list(self.dns.log)
        with self.writes_nothing():
            self.open(self.address)
        self.assertEqual(self.dns.log, asked)

    def test_looking_at_the_head_only_does_neither(self):
        asked = list(self.dns.log)
        with self.writes_nothing():
            response = self.open(self.address, method='HEAD')
        self.assertEqual(response.content, b'')
        self.assertEqual(response.headers['Cache-Control'], 'no-store')
        self.assertEqual(self.dns.log, asked)
        self.open(f'{ROUTE}/{self.link.id}/wrong', 404, method='HEAD')
        self.assertEqual(self.guesses(), 1, "a guess is one in whatever way it is made")

    def test_nothing_but_reading_is_taken(self):
        for method in ('POST', 'PUT', 'DELETE'):
            response = self.url_open(self.address, method=method)
            self.assertEqual(response.status_code, 405)

    def test_no_session_begins(self):
        self.opener.cookies.clear()
        response = self.open(self.address)
        self.assertNotIn('Set-Cookie', response.headers)
        self.assertNotIn('Set-Cookie', self.guess().headers)

    def test_every_answer_is_kept_from_caches_searches_and_referrers(self):
        answers = [self.open(self.address), self.guess()]
        self.set_guesses(guess.LIMIT)
        answers.append(self.guess(429))
        for response in answers:
            with self.subTest(response.status_code):
                self.assertEqual(response.headers['Cache-Control'], 'no-store')
                self.assertEqual(response.headers['Referrer-Policy'], 'no-referrer')
                self.assertIn('noindex', response.headers['X-Robots-Tag'])
                policy = response.headers['Content-Security-Policy']
                self.assertIn("default-src 'none'", policy)
                self.assertNotIn('unsafe', policy)
                self.assertIn('name="robots" content="noindex', response.text)

    # who is refused

    def test_token_is_long_random_and_stored_as_its_hash_only(self):
        token = self.address.rpartition('/')[2]
        self.assertGreaterEqual(len(token) * 6, 128)
        self.assertNotEqual(token, self.make_link(self.domain).rpartition('/')[2])
        stored = str(self.rows())
        self.assertNotIn(token, stored)
        self.assertIn(hashlib.sha256(token.encode()).hexdigest(), stored)

    def test_what_was_guessed_tells_nothing(self):
        self.publish('other.example')
        other = self.make_link(self.health(self.make_company("Other", 'other.example').alias_domain_id.name))
        token = self.address.rpartition('/')[2]
        pages = {
            self.open(address, 404).text for address in (
                f'{ROUTE}/{self.link.id}/{token}',  # of another domain
                f'{ROUTE}/{self.link.id}/wrong', f'{ROUTE}/{self.link.id}/{token[:-1]}', f'{ROUTE}/{self.link.id}/{token}x',
                f'{ROUTE}/999999999/{token}', f'{ROUTE}/0/{token}', f'{ROUTE}/{self.link.id}/%00', f'{ROUTE}/{self.link.id}/%ff%fe',
                f'{ROUTE}/{self.link.id}/{"x" * 3000}')}
        self.assertEqual(len(pages), 1, "all are refused by the same words")
        self.assertIn(REFUSED, pages.pop())
        self.assertEqual(self.guesses(), 9)
        self.open(other)

    def test_what_is_no_address_of_a_page_is_not_found(self):
        token = self.address.rpartition('/')[2]
        for address in (f'{ROUTE}/99999999999999999999/{token}', f'{ROUTE}/-1/{token}', f'{ROUTE}/x/{token}', ROUTE):
            self.assertNotIn('v=spf1', self.open(address, 404).text)

    def test_link_that_expired_is_refused_and_no_guess(self):
        self.link.expires_on = fields.Datetime.now() - timedelta(seconds=1)
        with self.writes_nothing():
            self.assertIn(REFUSED, self.open(self.address, 404).text)

    def test_link_works_for_14_days(self):
        self.assertEqual(VALID_FOR, timedelta(days=14))
        self.assertAlmostEqual(self.link.expires_on, fields.Datetime.now() + VALID_FOR, delta=timedelta(minutes=1))

    def test_link_that_was_withdrawn_is_refused(self):
        letter = self.env['mail.domain.health.letter'].create({'domain_id': self.domain.id})
        self.assertIn('dns@host.example', letter.links)
        letter.action_withdraw()
        self.assertFalse(letter.links)
        self.assertIn(REFUSED, self.open(self.address, 404).text)

    def test_link_ends_when_all_is_published_and_does_not_come_back(self):
        self.publish('ours.example', *HEALTHY)
        self.domain.check_now()
        page = self.open(self.address).text
        self.assertIn("All records are published.", page)
        self.assertNotIn('v=spf1', page)
        self.publish('ours.example')
        self.domain.check_now()
        self.assertTrue(self.domain.publication['changes'])
        page = self.open(self.address, 404).text
        self.assertIn(REFUSED, page)
        self.assertNotIn('v=spf1', page)

    def test_dns_that_is_silent_ends_no_link(self):
        with self.silent_dns():
            self.domain.check_now()
        self.assertFalse(self.link.done_on)
        self.assertIn('v=spf1', self.open(self.address).text)

    def test_domain_that_is_not_watched_or_not_ours_has_no_page(self):
        self.domain.active = False
        self.assertIn(REFUSED, self.open(self.address, 404).text)
        self.domain.write({'active': True, 'is_foreign': True})
        self.assertIn(REFUSED, self.open(self.address, 404).text)
        self.domain.is_foreign = False
        self.open(self.address)
        self.domain.unlink()
        self.open(self.address, 404)

    def test_copy_of_a_database_has_no_pages(self):
        self.env['ir.config_parameter'].set_param('database.is_neutralized', 'true')
        self.assertIn(REFUSED, self.open(self.address, 404).text)

    def test_link_in_the_chatter_leads_nowhere_and_is_no_guess(self):
        with self.writes_nothing():
            page = self.open(f'{ROUTE}/{self.link.id}/{WAITING}', 404).text
        self.assertIn("The link works in the email", page)

    # who tries many

    def set_guesses(self, number, age=0):
        self.env['mail.domain.health.guess'].search([('bucket', '>=', 0)]).write(
            {'guesses': number, 'period': int(time.time()) // guess.PERIOD - age})

    def test_who_guesses_too_often_is_not_looked_at_for_a_while_not_even_with_the_right_token(self):
        for _number in range(guess.LIMIT):
            self.guess()
        self.assertEqual(self.guesses(), guess.LIMIT)
        with self.writes_nothing():
            response = self.guess(429)
            self.assertEqual(response.headers['Retry-After'], str(guess.PERIOD))
            self.assertNotIn('v=spf1', self.open(self.address, 429).text)
        self.set_guesses(guess.LIMIT, age=1)
        self.open(self.address)
        self.guess()
        self.assertEqual(self.guesses(), 1, "a new period begins with nothing")

    def test_limit_is_in_the_database_that_all_workers_share(self):
        self.guess()
        self.set_guesses(guess.LIMIT)  # as if the others had been answered by another worker
        self.open(self.address, 429)

    def test_the_right_token_is_never_counted(self):
        for _number in range(guess.LIMIT + 5):
            self.open(self.address)
        self.assertEqual(self.guesses(), 0)

    def test_guesses_take_a_bounded_number_of_rows_whatever_the_addresses(self):
        Guess = self.env['mail.domain.health.guess']
        buckets = {Guess._get_bucket(f'192.0.2.{number}') for number in range(200)}
        self.assertLess(max(buckets), guess.BUCKETS)
        self.assertGreater(len(buckets), 150, "they are spread")
        with patch.object(guess, 'BUCKETS', 2):
            for number in range(10):
                Guess._count(f'192.0.2.{number}')
            self.assertLessEqual(Guess.search_count([('bucket', '>=', 0)]), 2)

    def test_who_has_a_network_is_one_who_guesses(self):
        Guess = self.env['mail.domain.health.guess']
        self.assertEqual(Guess._get_bucket('2001:db8::1'), Guess._get_bucket('2001:db8::ffff'))
        self.assertEqual(Guess._get_bucket('192.0.2.1'), Guess._get_bucket('::ffff:192.0.2.1'))
        for address in ('', None, 'nonsense', '2001:db8::1%eth0'):
            Guess._get_bucket(address)

    # what is forgotten

    def test_what_has_ended_is_removed_by_the_daily_cleaning(self):
        kept, old, never_sent = self.link, self.link.copy(), self.link.copy({'token_hash': False, 'expires_on': False})
        old.expires_on = fields.Datetime.now() - timedelta(seconds=1)
        self.env.cr.execute("UPDATE mail_domain_health_link SET create_date = create_date - interval '15 days' WHERE id = %s", [never_sent.id])
        self.env.invalidate_all()
        kept._gc_links()
        self.assertEqual((kept | old | never_sent).exists(), kept)
