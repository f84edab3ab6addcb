from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..models import mail_domain_health
from .common import HEALTHY, DomainHealthCase

UNPROTECTED = '@ TXT "v=spf1 ip4:203.0.113.7 -all"'


@tagged('post_install', '-at_install')
class TestBulk(DomainHealthCase):
    """What is done with many domains at once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.companies = cls.company
        for number in range(3):
            cls.companies |= cls.make_company(f"Company {number}", f'd{number}.example')

    def setUp(self):
        super().setUp()
        self.domains = self.env['mail.domain.health'].search([
            ('name', 'in', self.companies.alias_domain_id.mapped('name'))])
        for domain in self.domains:
            self.publish(domain.name, *HEALTHY)

    def test_several_domains_are_looked_at_together_and_each_is_stored(self):
        seen = self.domains.check_several()
        self.assertEqual((seen['checked'], seen['late'], seen['failed'], seen['busy'], seen['notice']), (4, 0, 0, 0, None))
        self.assertEqual(set(self.domains.mapped('state')), {'pass'})
        self.assertTrue(all(domain.check_ids for domain in self.domains))
        self.assertEqual(len(self.domains.finding_ids), len({
            (finding.domain_id, finding.code, finding.name, finding.ordinal, finding.company_id)
            for finding in self.domains.finding_ids}))

    def test_more_than_some_are_refused_in_words(self):
        many = self.env['mail.domain.health'].create([
            {'name': f'many{number}.example'} for number in range(mail_domain_health.SEVERAL + 1)])
        with self.assertRaisesRegex(UserError, "At most 20 domains"):
            many.check_several()

    def test_what_goes_wrong_with_one_stops_no_other(self):
        broken = self.domains[1]
        broken.last_known = {'all': 'nonsense'}  # as no version of ours writes it
        with mute_logger('odoo.addons.mail_domain_health.checking.several'):
            seen = self.domains.check_several()
        self.assertEqual((seen['checked'], seen['failed']), (3, 1))
        self.assertEqual(set((self.domains - broken).mapped('state')), {'pass'})
        self.assertEqual(broken.state, 'unknown')

    def test_silence_of_one_domain_is_no_failure_of_another(self):
        with self.silent_dns():
            seen = self.domains.check_several()
        self.assertEqual(seen['failed'], 0)
        self.assertEqual(set(self.domains.mapped('state')), {'unknown'})

    def test_a_copy_of_the_database_looks_at_nothing(self):
        self.env['ir.config_parameter'].set_param('database.is_neutralized', 'True')
        asked = list(self.dns.log)
        seen = self.domains.check_several()
        self.assertIn("copy of your database", seen['notice'])
        self.assertEqual((seen['checked'], self.dns.log), (0, asked))

    def test_whoever_works_for_one_company_looks_at_no_other_companys_domains(self):
        admin = new_test_user(self.env, 'one', 'base.group_system', company_id=self.company.id, company_ids=[(6, 0, self.company.ids)])
        with self.assertRaises(AccessError):
            self.domains.with_user(admin).with_context(allowed_company_ids=self.company.ids).check_several()

    def test_all_lasting_findings_of_the_chosen_domains_are_muted_and_unmuted(self):
        for domain in self.domains:
            self.publish(domain.name, UNPROTECTED)
        self.domains.check_several()
        chosen, other = self.domains[:2], self.domains[2]
        Mute = self.env['mail.domain.health.mute'].with_context(active_model='mail.domain.health', active_ids=chosen.ids)
        Mute.create({'reason': "Known"}).action_apply()
        lasting = chosen.finding_ids.filtered(lambda finding: not finding.resolved_on)
        self.assertTrue(lasting)
        self.assertTrue(all(lasting.mapped('is_muted')))
        self.assertFalse(any(other.finding_ids.mapped('is_muted')))
        self.assertEqual(Mute.create({}).finding_count, 0, "what is muted is not muted anew")
        done = chosen.action_unmute_findings()
        self.assertIn(str(len(lasting)), done['params']['message'])
        self.assertFalse(any(lasting.mapped('is_muted')))

    def test_letters_are_one_text_about_all_that_need_a_change(self):
        self.publish(self.domains[0].name, UNPROTECTED)
        self.publish(self.domains[1].name)
        self.domains.check_several()
        letters = self.domains.read_letters()
        self.assertEqual(letters['count'], 2)
        for domain in self.domains[:2]:
            self.assertIn(domain.name, letters['text'])
            self.assertIn(domain.publication['text'], letters['text'])
        for domain in self.domains[2:]:
            self.assertIn(domain.name, letters['nothing'])
            self.assertNotIn(domain.name, letters['text'])

    def test_silence_is_no_reason_to_say_that_nothing_is_to_be_published(self):
        with self.silent_dns():
            self.domains[:1].check_several()
        letters = self.domains[:1].read_letters()
        self.assertEqual((letters['count'], letters['nothing']), (0, ''))
        self.assertIn("do not know yet", letters['unknown'])
        self.assertIn(self.domains[0].name, letters['unknown'])

    def test_letters_ask_dns_nothing(self):
        self.domains.check_several()
        asked = list(self.dns.log)
        self.domains.read_letters()
        self.assertEqual(self.dns.log, asked)

    def assign(self, **values):
        self.env['mail.domain.health.assign'].with_context(
            active_model='mail.domain.health', active_ids=self.domains.ids).create(values).action_apply()

    def test_responsible_and_tags_are_set_on_all_and_what_is_left_empty_stays(self):
        user = new_test_user(
            self.env, 'ann', 'base.group_system', company_id=self.company.id, company_ids=[(6, 0, self.companies.ids)])
        brand, old = self.env['mail.domain.health.tag'].create([{'name': "Brand"}, {'name': "Old"}])
        self.domains[0].tag_ids = old
        self.assign(user_id=user.id, added_tag_ids=brand.ids)
        self.assertEqual(self.domains.user_id, user)
        self.assertEqual(self.domains[0].tag_ids, brand | old)
        self.assign(removed_tag_ids=old.ids)
        self.assertEqual((self.domains.user_id, self.domains.tag_ids), (user, brand))
        self.assign(is_user_removed=True)
        self.assertFalse(self.domains.user_id)

    def test_choosing_nothing_is_said_and_nobody_who_sees_nothing_becomes_responsible(self):
        with self.assertRaisesRegex(UserError, "Choose somebody"):
            self.assign()
        stranger = new_test_user(
            self.env, 'stranger', 'base.group_system', company_id=self.company.id, company_ids=[(6, 0, self.company.ids)])
        with self.assertRaisesRegex(UserError, "cannot be responsible for"):
            self.assign(user_id=stranger.id)
