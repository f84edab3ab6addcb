from odoo.exceptions import AccessError
from odoo.tests import Form, HttpCase, new_test_user, tagged

from ..contacts import recipients
from .common import DomainHealthCase

DEAD = "a@dead.example cannot be reached: dead.example does not exist."
MISTYPED = "a@gmial.com looks like a typing mistake. Did you mean a@gmail.com?"


class RecipientsCase(DomainHealthCase):
    """Domains of contacts of which DNS was asked already, and a document with a customer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['mail.partner.domain'].search([]).unlink()
        cls.env['mail.partner.domain'].create([
            {'name': 'dead.example', 'mark': 'marked', 'reception': 'no_domain'},
            {'name': 'closed.example', 'mark': 'marked', 'reception': 'null_mx'},
            {'name': 'xn--tt-fka.example', 'written_as': 'töt.example', 'mark': 'marked'},
            {'name': 'held.example', 'mark': 'held', 'reception': 'no_domain'},
            {'name': 'gmial.com', 'suggestion': 'gmail.com'},
            {'name': 'rejects.example', 'policy': 'reject'},
        ])
        cls.document = cls.env['res.partner'].create({'name': "A project"})
        cls.salesperson = new_test_user(
            cls.env, 'salesperson', 'base.group_user,base.group_partner_manager', email='sales@ours.example',
            company_id=cls.company.id, company_ids=[(6, 0, cls.company.ids)])

    @classmethod
    def contact(cls, email, **values):
        return cls.env['res.partner'].create({'name': email, 'email': email, **values})

    def notices(self, partners=(), emails=(), document=None, user=None):
        Partners = self.env['res.partner'].with_user(user or self.salesperson)
        document = document if document is not None else self.document
        return Partners.read_recipient_notices([one.id for one in partners], list(emails), document._name, document.id)


@tagged('post_install', '-at_install')
class TestRecipients(RecipientsCase):

    def test_only_what_matters_to_this_mail_is_said(self):
        for email, said in (
            ('a@dead.example', [DEAD]),
            ('a@closed.example', ["a@closed.example cannot be reached: closed.example declares that it accepts no mail."]),
            ('a@TÖT.example', ["a@töt.example cannot be reached: töt.example has no mail server that can be reached."]),
            ('"Ann" <A@gmial.com>', [MISTYPED]),
            ('a@held.example', []),
            ('a@fine.example', []),
            ('a@rejects.example', []),  # its policy is about mail from there, which this is not
            ('no address', []),
        ):
            with self.subTest(email=email):
                self.assertEqual(self.notices([self.contact(email)]), said)
                self.assertEqual(self.notices(emails=[email]), said, "nobody's contact yet")
        self.assertEqual(self.notices(), [])

    def test_address_that_was_just_typed_is_looked_at_though_its_domain_is_new(self):
        self.assertEqual(self.notices(emails=['joe@hotnail.com']), [
            "joe@hotnail.com looks like a typing mistake. Did you mean joe@hotmail.com?"])
        self.assertEqual(self.notices(emails=['joe@ymail.com', 'joe@gmail.com']), [])
        self.env['mail.message'].create({
            'message_type': 'email', 'email_from': '"Joe" <joe@hotnail.com>', 'body': "Hello"})
        self.assertEqual(self.notices(emails=['joe@hotnail.com']), [], "they wrote from there")

    def test_address_of_a_login_is_no_typing_mistake(self):
        user = new_test_user(self.env, 'jane', 'base.group_portal', email='a@gmial.com')
        self.assertEqual(self.notices([user.partner_id], ['a@gmial.com']), [])

    def test_follower_who_gets_it_by_email_counts_and_nobody_who_does_not(self):
        follower = self.contact('a@dead.example')
        colleague = new_test_user(self.env, 'colleague', email='colleague@closed.example', notification_type='inbox')
        self.salesperson.email = 'sales@closed.example'  # who writes it gets none
        self.document.message_subscribe((follower | colleague.partner_id | self.salesperson.partner_id).ids)
        self.assertEqual(self.notices(), [DEAD])
        self.document.message_unsubscribe(follower.ids)
        self.assertEqual(self.notices(), [])

    def test_salesperson_is_told_of_no_contact_that_they_may_not_read(self):
        other = self.make_company("Other", 'other.example')
        hidden, seen = self.contact('b@dead.example', company_id=other.id), self.contact('a@dead.example')
        theirs = self.env['res.partner'].create({'name': "Their project", 'company_id': other.id})
        theirs.message_subscribe(seen.ids)
        self.document.message_subscribe(hidden.ids)
        self.assertEqual(self.notices([seen, hidden]), [DEAD])
        self.assertEqual(self.notices(document=theirs), [], "nor who follows what they may not read")
        for user in (new_test_user(self.env, 'portal', 'base.group_portal'), self.env.ref('base.public_user')):
            with self.assertRaises(AccessError):
                self.notices([seen], user=user)

    def test_many_cost_as_many_queries_as_one_and_five_are_named(self):
        partners = [self.contact(f'c{number:02}@dead.example') for number in range(40)]

        def read(some):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            said = self.notices(some)
            return said, self.env.cr.sql_log_count - before

        read(partners)
        (few, queries), (many, as_many) = read(partners[:1]), read(partners)
        self.assertEqual((len(few), len(many)), (1, recipients.MAX_SHOWN + 1))
        self.assertEqual(many[-1], "Other recipients of whom this can be said: 35.")
        self.assertEqual(as_many, queries)
        self.assertLess(queries, 15)

    def test_nonsense_from_a_client_is_no_traceback(self):
        for document in (self.env['res.users.log'], self.env['res.partner'].browse(2 ** 31 - 1)):
            self.assertEqual(self.notices(emails=['', '@', 'a@', False, 'x' * 5000], document=document), [])
        self.assertEqual(
            self.env['res.partner'].with_user(self.salesperson).read_recipient_notices([], [], 'no.such.model', 1), [])


@tagged('post_install', '-at_install')
class TestComposer(RecipientsCase):
    """The full composer says the same as the one below the record."""

    def composer(self, **context):
        return Form(self.env['mail.compose.message'].with_user(self.salesperson).with_context(
            default_model='res.partner', default_res_ids=self.document.ids, default_composition_mode='comment', **context))

    def test_notice_follows_the_recipients(self):
        dead, fine = self.contact('a@dead.example'), self.contact('a@fine.example')
        form = self.composer()
        self.assertFalse(form.recipient_notice)
        form.partner_ids.add(fine)
        self.assertFalse(form.recipient_notice)
        form.partner_ids.add(dead)
        self.assertEqual(form.recipient_notice, DEAD)
        form.partner_ids.remove(id=dead.id)
        self.assertFalse(form.recipient_notice)

    def test_followers_count_unless_they_are_left_out(self):
        self.document.message_subscribe(self.contact('a@dead.example').ids)
        self.assertEqual(self.composer().recipient_notice, DEAD)
        self.assertFalse(self.composer(default_composition_comment_option='forward').recipient_notice)
        self.assertFalse(self.composer(default_subtype_xmlid='mail.mt_note').recipient_notice, "a note is logged")

    def test_mail_to_many_records_shows_no_recipients_and_says_nothing(self):
        dead = self.contact('a@dead.example')
        wizard = self.env['mail.compose.message'].with_context(
            default_model='res.partner', default_res_ids=(dead | self.document).ids, default_composition_mode='mass_mail').create({})
        self.assertFalse(wizard.recipient_notice)

    def test_mail_goes_out_all_the_same(self):
        form = self.composer()
        form.partner_ids.add(self.contact('a@dead.example'))
        form.subject, form.body = "Offer", "Hello"
        form.save().action_send_mail()
        self.assertIn('a@dead.example', self.document.message_ids[0].notified_partner_ids.mapped('email'))


@tagged('post_install', '-at_install')
class TestRecipientTours(RecipientsCase, HttpCase):

    def test_notice_stands_below_the_recipients_before_sending(self):
        document = self.contact('a@dead.example')
        self.start_tour(f'/odoo/res.partner/{document.id}', 'mail_domain_health_recipients', login='salesperson')
        self.assertIn('a@dead.example', document.message_ids[0].notified_partner_ids.mapped('email'))
