"""What people get wrong in a DNS host's form, typed into the demo's own: seen without being asked for, and told with the mend."""

import json
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from odoo.tests import HttpCase, tagged

from .panel_common import PanelCase
from .test_fix_it import DELEGATED, DKIM, DMARC, SPF, FixItCase

OLD_SPF = 'v=spf1 ip4:198.51.100.1 ~all'
SIMILAR = 'hours.example'
# What the panel does by itself, on which row the record stands, what is typed (in the place of what the row says), and
# of the sentence: what was seen, and the mend.
MISTAKES = {
    'host pasted with the domain': (
        'appends', DKIM, {'host': '{host}.{zone}'},
        "Found at odoo._domainkey.ours.example.ours.example", "Enter only odoo._domainkey there"),
    'the domain itself as the host': (
        'appends', SPF, {'host': '{zone}'}, "Found at ours.example.ours.example", "Enter only @ there, and delete the other record"),
    'value pasted with quotes': (
        'literal', DMARC, {'value': '"{value}"'}, "with quotation marks around it", "remove them from the value"),
    'curly quotes': (
        '', DMARC, {'value': '“{value}”'}, "with typographic quotation marks around it", "paste the value as it is here"),
    'second SPF record': (
        '', SPF, {}, "beside another record of its kind", "Delete this one:"),
    'TXT instead of CNAME': (
        '', DKIM, {'type': 'TXT'}, "published as a TXT record", "Choose CNAME as the type, and delete the other record"),
    'DMARC at the domain itself': (
        '', DMARC, {'host': '@'}, "Found at ours.example", "Enter _dmarc as the host, and delete the other record"),
    'target without final dot': (
        'undotted', DKIM, {'value': '{target}'}, "points to odoo._domainkey.odoo.com.ours.example",
        "Enter the target with a dot at the end"),
    'space before the value': (
        'literal', DMARC, {'value': ' {value}'}, "with a space before it", "remove the space"),
    'proxied CNAME': (
        'proxied', DKIM, {}, "192.0.2.80", "switch off the proxy"),
    'record in the zone of a similar domain': (
        '', DMARC, {'zone': SIMILAR}, f"Found at _dmarc.{SIMILAR}",
        "Enter it among the records of ours.example, and delete the other record"),
    'changed at a DNS host that the domain has left': (
        'moved', DMARC, {}, "The DNS of your domain is at ns1.ours.example, ns2.ours.example", "was it entered there?"),
}
# The spelling of names in a zone is the panel's; nothing is wrong, so the row says that it is published.
HARMLESS = ('literal', DMARC, {'value': '{value} '})
NOT_SEEN = 'changed at a DNS host that the domain has left'  # nobody can tell that from a record not entered yet


class MistakeCase(PanelCase, FixItCase):
    """The demo's DNS panel, whose zones the domain's own name servers and the resolver in use serve."""

    glue = None  # the address of the name servers, if not one that answers

    def setUp(self):
        super().setUp()
        lines = [self.delegate(record) for record in DELEGATED]
        self.open_panel(self.dns, *self.own, **{'ours.example': lines, SIMILAR: lines})
        other = self.make_company("Similar", SIMILAR)
        other.mail_sending_service_id = False
        similar = self.health(SIMILAR)
        similar.company_ids |= self.company
        self.store.add(SIMILAR, 'TXT', '_dmarc', 'v=DMARC1; p=reject')
        similar.check_now()
        self.original = {name: self.store.text(name) for name in self.store.zones()}

    def delegate(self, record):
        host, rdtype, *_rdata = record.split(maxsplit=2)
        return f'{host} A {self.glue}' if self.glue and rdtype == 'A' and host.startswith('ns') else record

    def row(self, name=SPF, fix_it=None):
        """Return the row of the record to be entered, not that of another one at the name that goes."""
        return next(row for row in (fix_it or self.domain.read_fix_it())['rows'] if row['name'] == name and row['action'] != 'delete')

    def start_over(self):
        """Have nothing published, and nothing known of what was."""
        for zone, text in self.original.items():
            self.store.set_habit(zone, 'moved', False)
            self.store._write(zone, text)
        self.pass_time(minutes=1)
        self.domain.check_now()
        self.pass_time(minutes=1)

    def type_in(self, zone, **form):
        """Fill in the panel's form and press the button."""
        self.submit(zone, 'records', action='add', ttl='300', **form)

    def submit(self, zone, what, **form):
        urlopen(Request(f'{self.panel.url}/zone/{zone}/{what}', urlencode(form).encode()), timeout=30).close()

    def make(self, mistake, name):
        """Publish the record of a row as a person does who makes this mistake."""
        habit, _name, typed, *_said = mistake
        row = self.row(name)
        words = {**row, 'zone': 'ours.example', 'target': row['value'].rstrip('.')}
        typed = {field: text.format(**words) for field, text in typed.items()}
        if habit:
            self.submit('ours.example', 'habits', habit=habit, has='true')
        self.type_in(**{'zone': 'ours.example', 'type': row['type'], 'host': row['host'], 'value': row['value'], **typed})

    def prepare(self, title):
        """Have what stands in the zone before somebody makes this mistake."""
        if title == 'second SPF record':
            self.store.add('ours.example', 'TXT', '@', OLD_SPF)
            self.domain.check_now()
            self.pass_time(minutes=1)

    def each(self, look):
        for title, mistake in MISTAKES.items():
            with self.subTest(mistake=title):
                self.start_over()
                self.prepare(title)
                name, seen, mend = mistake[1], *mistake[3:]
                self.make(mistake, name)
                look()
                row = self.row(name)
                self.assertEqual(row['state'], 'not_seen' if title == NOT_SEEN else 'mistaken', row['sentence'])
                self.assertIn(seen, row['sentence'])
                self.assertIn(mend.lower(), row['sentence'].lower())
                self.assertNotIn('—', row['sentence'], "no parameter is missing")
                if title != 'second SPF record':  # two lists have to become one: which goes is a row, too
                    rows = [row for row in self.domain.read_fix_it()['rows'] if row['name'] == name]
                    self.assertEqual(len(rows), 1, "the mistake has no row of its own")


@tagged('post_install', '-at_install')
class TestPanelMistakes(MistakeCase):
    """The zone's own name servers tell what was entered."""

    def test_each_is_seen_by_itself_and_told_with_the_mend(self):
        self.each(self.look)

    def test_each_is_told_after_check_now_as_well(self):
        self.each(self.domain.check_now)

    def test_what_is_mended_is_published(self):
        for title, mistake in MISTAKES.items():
            with self.subTest(mistake=title):
                self.start_over()
                self.make(mistake, mistake[1])
                self.look()
                for zone, text in self.original.items():
                    self.store.set_habit(zone, 'moved', False)
                    self.store._write(zone, text)
                row = self.row(mistake[1])
                self.type_in('ours.example', type=row['type'], host=row['host'], value=row['value'])
                self.assertEqual(self.look_at(mistake[1])['state'], 'published')

    def test_a_space_behind_the_value_is_no_mistake(self):
        for look in (self.look, self.domain.check_now):
            self.start_over()
            self.make(HARMLESS, DMARC)
            look()
            self.assertEqual(self.row(DMARC)['state'], 'published')


@tagged('post_install', '-at_install')
class TestPanelMistakesFromInside(MistakeCase):
    """The zone's own name servers cannot be asked, as from many networks: the resolver in use tells."""

    glue = '192.0.2.53'  # leads nowhere

    def test_each_is_seen_by_itself_and_told_with_the_mend(self):
        self.each(self.look)


@tagged('post_install', '-at_install')
class TestMistakeTours(MistakeCase, HttpCase):
    """A person pastes each into the panel's page, and reads on the row what is to be done: by itself, and after Check now."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.ref('base.user_admin').write({'company_ids': [(4, cls.company.id)], 'company_id': cls.company.id})

    def walk(self, title):
        habit, name, typed, seen, mend = MISTAKES[title]
        self.prepare(title)
        mistake = {
            'habit': habit, 'name': name, 'typed': typed, 'said': [seen, mend], 'zone': typed.get('zone', 'ours.example'),
            'isSeen': title != NOT_SEEN,
        }
        tour = 'mail_domain_health_mistake'
        self.start_tour('/odoo/settings', tour, login='admin', timeout=180,
                        ready=f'window.mistake = {json.dumps(mistake)}; odoo.isTourReady("{tour}")')

    def test_host_pasted_with_the_domain(self):
        self.walk('host pasted with the domain')

    def test_the_domain_itself_as_the_host(self):
        self.walk('the domain itself as the host')

    def test_value_pasted_with_quotes(self):
        self.walk('value pasted with quotes')

    def test_curly_quotes(self):
        self.walk('curly quotes')

    def test_second_spf_record(self):
        self.walk('second SPF record')

    def test_txt_instead_of_cname(self):
        self.walk('TXT instead of CNAME')

    def test_dmarc_at_the_domain_itself(self):
        self.walk('DMARC at the domain itself')

    def test_target_without_final_dot(self):
        self.walk('target without final dot')

    def test_space_before_the_value(self):
        self.walk('space before the value')

    def test_proxied_cname(self):
        self.walk('proxied CNAME')

    def test_record_in_the_zone_of_a_similar_domain(self):
        self.walk('record in the zone of a similar domain')

    def test_changed_at_a_dns_host_that_the_domain_has_left(self):
        self.walk('changed at a DNS host that the domain has left')

    def test_each_mistake_has_its_tour(self):
        walked = {name.removeprefix('test_').replace('_', ' ') for name in dir(self) if name.startswith('test_')}
        self.assertLessEqual({title.lower() for title in MISTAKES}, walked)
