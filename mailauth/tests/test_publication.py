"""A record that was published, as the zone's own servers have it and as caches still do."""

from __future__ import annotations

from dataclasses import replace

from ..advice.publication import Wanted, look
from ..change import Change
from ..dns.resolver import Resolver
from .test_authoritative import ZONE, AuthoritativeTestCase

NEW = "v=spf1 include:a.test -all"
SPF = Change("replace", "TXT", "example.test", NEW, old_value="v=spf1 -all", zone="example.test")
DMARC = Change("create", "TXT", "_dmarc.example.test", "v=DMARC1; p=none", zone="example.test")
KEY = Change("create", "CNAME", "s1._domainkey.example.test", "s1.service.test", zone="example.test")
GONE = Change("delete", "TXT", "example.test", "v=spf1 -all", old_value="v=spf1 -all", zone="example.test")


class TestPublication(AuthoritativeTestCase):
    def setUp(self):
        super().setUp()
        self.resolver = Resolver(
            [self.recursive.address], timeout=0.2, attempts=1, deadline=3.0, authority_port=self.port)

    def publish(self, text, *servers):
        for server in servers or (self.first, self.second):
            server.set_zone("example.test", text)

    async def look(self, change, old_ttl=0, **known):
        self.resolver.cache.clear()
        return await look(self.resolver, Wanted(change, old_ttl, **known))

    async def test_before_it_is_published_the_zone_still_has_the_old_record_or_none(self):
        self.assertEqual((await self.look(SPF)).code, "old")
        self.assertEqual((await self.look(GONE)).code, "old")
        self.assertEqual((await self.look(DMARC)).code, "not_yet")
        self.assertEqual((await self.look(KEY)).code, "not_yet")

    async def test_published_and_caches_hold_the_old_record_for_its_whole_ttl_at_most(self):
        self.publish(ZONE.replace("v=spf1 -all", NEW))
        found = await self.look(SPF)
        self.assertEqual((found.code, found.done, found.seconds, found.was_there), ("spreading", True, 600, True))
        self.publish(ZONE.replace('600 TXT "v=spf1 -all"', f'60 TXT "{NEW}"'))
        self.assertEqual((await self.look(SPF, old_ttl=60)).seconds, 600, "what the cache still shows counts too")
        self.recursive.set_zone("example.test", ZONE.replace('600 TXT "v=spf1 -all"', f'60 TXT "{NEW}"'))
        found = await self.look(SPF, old_ttl=600)
        self.assertEqual((found.code, found.seconds), ("published", 600))

    async def test_a_new_name_may_be_denied_for_the_negative_ttl(self):
        self.publish(ZONE + '_dmarc TXT "v=DMARC1; p=none"\n')
        found = await self.look(DMARC)
        self.assertEqual((found.code, found.seconds, found.was_there), ("spreading", 900, False))
        self.recursive.set_zone("example.test", ZONE + '_dmarc TXT "v=DMARC1; p=none"\n')
        self.assertEqual((await self.look(DMARC)).code, "published")

    async def test_absence_is_held_no_longer_than_resolvers_do_whatever_the_zone_asks_for(self):
        """Ran: Unbound and PowerDNS Recursor keep it for an hour, BIND for three; see docs/resolvers.md."""
        for minimum, seconds in ((60, 60), (10_800, 10_800), (10_801, 10_800), (86_400, 10_800), (604_800, 10_800)):
            zone = ZONE.replace("@ 3600 SOA", "@ 604800 SOA").replace("86400 900", f"86400 {minimum}")
            for answered in (True, False):
                with self.subTest(minimum=minimum, answered=answered):
                    self.recursive.set_zone("example.test", zone)
                    self.publish(zone + '_dmarc TXT "v=DMARC1; p=none"\n')
                    self.recursive.clear_scripts()
                    if not answered:
                        self.recursive.script("_dmarc.example.test", "TXT", "servfail")
                    self.assertEqual((await self.look(DMARC)).seconds, seconds)
        self.first.stop()
        self.second.stop()
        self.recursive.clear_scripts()
        found = await self.look(DMARC)
        self.assertEqual((found.code, found.seconds), ("not_seen", 10_800))

    async def test_a_record_is_held_for_its_own_ttl_however_long(self):
        zone = ZONE.replace("600 TXT", "86400 TXT")
        self.recursive.set_zone("example.test", zone)
        self.publish(zone.replace("v=spf1 -all", NEW))
        self.assertEqual((await self.look(SPF, old_ttl=86_400)).seconds, 86_400)

    async def test_an_alias_and_a_deletion_are_told_by_their_own_rules(self):
        self.publish(ZONE.replace('@ 600 TXT "v=spf1 -all"', "") + "s1._domainkey CNAME S1.service.test.\n")
        self.assertEqual([(await self.look(change)).code for change in (KEY, GONE)], ["spreading", "spreading"])

    async def test_something_else_at_the_name_is_shown(self):
        self.publish(ZONE + '_dmarc TXT "v=DMARC1; p=nnone"\n')
        found = await self.look(DMARC)
        self.assertEqual((found.code, found.done, found.seen), ("differs", False, ("v=DMARC1; p=nnone",)))
        self.publish(ZONE + "s1._domainkey CNAME s1.service.test.example.test.\n")
        self.assertEqual((await self.look(KEY)).seen, ("s1.service.test.example.test",))
        self.publish(ZONE + '_dmarc TXT "site=1"\n')
        self.assertEqual((await self.look(DMARC)).code, "not_yet", "another record says nothing")

    async def test_silence_of_the_resolver_in_use_does_not_mean_that_receivers_see_it(self):
        self.publish(ZONE + '_dmarc TXT "v=DMARC1; p=none"\n')
        self.recursive.script("_dmarc.example.test", "TXT", "servfail")
        found = await self.look(DMARC)
        self.assertEqual((found.code, found.done, found.was_there), ("spreading", True, False))
        self.assertGreater(found.seconds, 0)

    async def test_a_target_without_final_dot_is_recognized(self):
        self.publish(ZONE + "s1._domainkey CNAME s1.service.test\n")
        found = await self.look(KEY)
        self.assertEqual((found.code, found.seen), ("undotted", ("s1.service.test.example.test",)))
        replaced = Change("replace", "CNAME", KEY.name, KEY.value, old_value="s1.service.test.example.test", zone=KEY.zone)
        self.assertEqual((await self.look(replaced)).code, "undotted", "rather than that the old one is still there")
        self.publish(ZONE + "s1._domainkey CNAME s2.service.test.\n")
        self.assertEqual((await self.look(KEY)).code, "differs")

    async def test_a_record_at_a_name_where_nobody_looks_is_found(self):
        text = 'TXT "v=DMARC1; p=none"\n'
        for change, published, place in (
            (DMARC, f"@ {text}", "example.test"), (DMARC, f"dmarc {text}", "dmarc.example.test"),
            (KEY, "s1 CNAME s1.service.test.\n", "s1.example.test"),
            (KEY, "s1.domainkey CNAME s1.service.test.\n", "s1.domainkey.example.test"),
        ):
            with self.subTest(place=place):
                self.publish(ZONE + published)
                found = await self.look(change)
                self.assertEqual((found.code, found.done, found.seen), ("misplaced", False, (place,)))
        self.publish(ZONE + '@ TXT "v=DMARC1; p=reject"\n')
        self.assertEqual((await self.look(DMARC)).code, "not_yet", "another record is no sign of a slip")

    async def test_a_panel_that_appends_the_zone_is_recognized(self):
        self.publish(ZONE + '_dmarc.example.test TXT "v=DMARC1; p=none"\n')
        found = await self.look(DMARC)
        self.assertEqual((found.code, found.seen), ("doubled", ("_dmarc.example.test.example.test",)))

    async def test_a_second_record_beside_the_old_one_is_no_replacement(self):
        self.publish(ZONE + f'@ TXT "{NEW}"\n')
        found = await self.look(SPF)
        self.assertEqual((found.code, found.done, found.seen), ("second", False, ("v=spf1 -all",)))

    async def test_servers_that_disagree_are_counted(self):
        self.publish(ZONE.replace("v=spf1 -all", NEW), self.first)
        found = await self.look(SPF)
        self.assertEqual((found.code, found.servers_with, found.servers_without, found.done), ("disagree", 1, 1, False))
        self.publish(ZONE.replace("v=spf1 -all", NEW) + '@ TXT "site=1"\n', self.first)
        self.publish(ZONE.replace("v=spf1 -all", NEW), self.second)
        self.assertEqual((await self.look(SPF)).code, "spreading", "they differ about something else")

    async def test_closed_port_53_leaves_what_the_resolver_in_use_says(self):
        for server in (self.first, self.second):
            server.set_silent(".")
        found = await self.look(SPF)
        self.assertEqual((found.code, found.why, found.seconds), ("not_seen", "blocked", 600))
        self.recursive.set_zone("example.test", ZONE.replace("v=spf1 -all", NEW))
        found = await self.look(SPF)
        self.assertEqual((found.code, found.done, found.why), ("seen", True, "blocked"))

    async def test_servers_without_authority_and_silence_are_told_apart(self):
        for server in (self.first, self.second):
            server.script("*", "*", "refused")
        lame = await self.look(DMARC)
        self.assertEqual(lame.why, "lame")
        self.assertEqual({type(value) for value in lame.to_dict().values()}, {str, bool, int, list, type(None)}, "JSON types only")
        self.recursive.script("_dmarc.example.test", "TXT", "servfail")
        found = await self.look(DMARC)
        self.assertEqual((found.code, found.failed.name), ("unknown", "_dmarc.example.test"))

    async def test_a_zone_of_its_own_inside_the_network_is_a_split(self):
        self.recursive.set_zone("example.test", ZONE.replace("SOA ns1", "SOA dc1"))
        self.publish(ZONE.replace("v=spf1 -all", NEW))
        found = await self.look(SPF)
        self.assertEqual((found.code, found.done), ("split", True))

    async def test_silence_ends_at_the_deadline(self):
        self.recursive.set_silent(".")
        self.resolver = Resolver([self.recursive.address], timeout=2.0, attempts=3, deadline=0.3, authority_port=self.port)
        found = await self.look(SPF)
        self.assertEqual((found.code, found.done, found.deadline_passed), ("unknown", False, True))
        self.assertEqual(found.to_dict()["failed"]["name"], "example.test")

    async def test_a_second_record_of_a_kind_is_one_too_many(self):
        policy = 'TXT "v=DMARC1; p=none"\n'
        self.publish(ZONE + f'_dmarc {policy}_dmarc TXT "v=DMARC1; p=reject"\n')
        found = await self.look(DMARC)
        self.assertEqual((found.code, found.seen), ("second", ("v=DMARC1; p=reject",)))
        self.assertEqual((await self.look(DMARC, going=("v=DMARC1; p=reject",))).code, "spreading", "another row says it")
        self.publish(ZONE + f'_dmarc {policy}_dmarc TXT "site=1"\n')
        self.assertEqual((await self.look(DMARC)).code, "spreading", "of other kinds there may be any number")

    async def test_quotes_around_a_value_are_told_by_their_kind(self):
        long = "v=DMARC1; p=none; rua=" + ",".join(f"mailto:reports-{n}@example.test" for n in range(9))
        for value, published, code in (
            (DMARC.value, r'"\"v=DMARC1; p=none\""', "quoted"),
            (DMARC.value, r"\"'v=DMARC1; p=none'\"".replace("\\", ""), "quoted"),
            (DMARC.value, r'"\226\128\156v=DMARC1; p=none\226\128\157"', "curly"),
            (DMARC.value, r'"\226\128\158v=DMARC1; p=none\226\128\156"', "curly"),
            (long, f'"\\"{long[:200]}\\" " "\\"{long[200:]}\\""', "quoted"),
        ):
            with self.subTest(published=published):
                self.publish(ZONE + f"_dmarc TXT {published}\n")
                found = await self.look(replace(DMARC, value=value))
                self.assertEqual((found.code, found.done, len(found.seen)), (code, False, 1))

    async def test_a_space_before_the_value_is_a_mistake_and_one_behind_it_is_not(self):
        self.publish(ZONE + '_dmarc TXT " v=DMARC1; p=none"\n')
        self.assertEqual((await self.look(DMARC)).code, "padded")
        for servers in ((self.first, self.second), (self.recursive,)):
            self.publish(ZONE + '_dmarc TXT "v=DMARC1; p=none "\n', *servers)
            found = await self.look(DMARC)
            self.assertEqual((found.done, found.padded), (True, True))
        self.assertEqual(found.code, "published")
        self.publish(ZONE + '_dmarc TXT "v=DMARC1; p=none"\n')
        self.assertFalse((await self.look(DMARC)).padded)

    async def test_a_space_behind_the_host_is_found(self):
        self.publish(ZONE + '_dmarc\\032 TXT "v=DMARC1; p=none"\n')
        found = await self.look(DMARC)
        self.assertEqual((found.code, found.seen), ("spaced", ("_dmarc .example.test",)))

    async def test_another_type_is_recognized(self):
        for change, published, seen in (
            (KEY, 's1._domainkey TXT "s1.service.test."\n', "TXT"), (KEY, 's1._domainkey TXT "\\"s1.service.test\\""\n', "TXT"),
            (SPF, f'@ SPF "{NEW}"\n', "SPF"),
        ):
            with self.subTest(published=published):
                self.publish(ZONE.replace('@ 600 TXT "v=spf1 -all"', "") + published)
                found = await self.look(change)
                self.assertEqual((found.code, found.done, found.seen), ("wrong_type", False, (seen,)))
        self.publish(ZONE + 's1._domainkey TXT "something else"\n')
        self.assertEqual((await self.look(KEY)).code, "not_yet")

    async def test_mistakes_are_recognized_where_the_zones_own_servers_cannot_be_asked(self):
        for server in (self.first, self.second):
            server.set_silent(".")
        for published, code in (
            ('s1._domainkey TXT "s1.service.test"', "wrong_type"), ("s1._domainkey A 192.0.2.7", "proxied"),
            ("s1._domainkey CNAME s1.service.test", "undotted"), ("s1 CNAME s1.service.test.", "misplaced"),
        ):
            with self.subTest(published=published):
                self.recursive.set_zone("example.test", f"{ZONE}{published}\n")
                self.assertEqual((await self.look(KEY)).code, code)

    async def test_addresses_in_the_place_of_an_alias_are_a_proxys(self):
        self.publish(ZONE + "s1._domainkey A 192.0.2.7\ns1._domainkey AAAA 2001:db8::7\n")
        found = await self.look(KEY)
        self.assertEqual((found.code, found.done, found.seen), ("proxied", False, ("192.0.2.7",)))

    async def test_the_record_in_a_similar_zone_is_found(self):
        other = "@ SOA ns host 1 3600 600 86400 900\n@ NS ns\nns A 127.0.0.4\n"
        for name, change, record in (
            ("_dmarc.example-test.test", DMARC, '_dmarc TXT "v=DMARC1; p=none"\n'),
            ("example-test.test", replace(SPF, action="create", old_value=None), f'@ TXT "{NEW}"\n'),
        ):
            with self.subTest(name=name):
                self.publish(ZONE.replace('@ 600 TXT "v=spf1 -all"', ""))
                self.recursive.set_zone("example-test.test", other)
                self.other.set_zone("example-test.test", other + record)
                found = await self.look(change, similar=("example-test.test",))
                self.assertEqual((found.code, found.done, found.seen), ("wrong_zone", False, (name,)))
                self.other.set_zone("example-test.test", other)
                self.assertEqual((await self.look(change, similar=("example-test.test", "absent.test"))).code, "not_yet")

    async def test_the_record_in_a_similar_zone_is_found_where_no_servers_of_zones_can_be_asked(self):
        for server in (self.first, self.second):
            server.set_silent(".")
        other = "@ SOA ns host 1 3600 600 86400 900\n@ NS ns\nns A 192.0.2.9\n"
        self.recursive.set_zone("example-test.test", other + '_dmarc TXT "v=DMARC1; p=none"\n')
        found = await self.look(DMARC, similar=("example-test.test",))
        self.assertEqual((found.code, found.done, found.seen), ("wrong_zone", False, ("_dmarc.example-test.test",)))
        self.recursive.set_zone("example-test.test", other)
        self.assertEqual((await self.look(DMARC, similar=("example-test.test",))).code, "not_seen")

    async def test_the_record_on_a_server_that_the_zone_has_left_is_found(self):
        self.recursive.set_zone("host.test", "ns9 A 127.0.0.4\n")
        self.other.set_zone("example.test", ZONE + '_dmarc TXT "v=DMARC1; p=none"\n')
        found = await self.look(DMARC, former=("ns9.host.test",))
        self.assertEqual((found.code, found.done, found.seen), ("former_host", False, ("ns9.host.test",)))
        self.other.set_zone("example.test", ZONE)
        self.assertEqual((await self.look(DMARC, former=("ns9.host.test", "gone.host.test"))).code, "not_yet")

    async def test_the_right_record_is_no_mistake_whatever_else_stands_where(self):
        self.publish(ZONE + '_dmarc TXT "v=DMARC1; p=none"\n@ TXT "v=DMARC1; p=none"\ndmarc TXT "v=DMARC1; p=none"\n')
        self.assertEqual((await self.look(DMARC)).code, "spreading")

    async def test_before_the_zone_has_it_no_cache_is_asked_about_the_name(self):
        """Or it would hold the absence after the record is published."""
        self.recursive.log.clear()
        self.assertEqual((await self.look(DMARC)).code, "not_yet")
        self.assertFalse([name for name, _rdtype in self.recursive.log if name.startswith("_dmarc")])
        self.publish(ZONE + '_dmarc TXT "v=DMARC1; p=none"\n')
        self.assertEqual((await self.look(DMARC)).code, "spreading")
        self.assertEqual(self.recursive.count("_dmarc.example.test", "TXT"), 1)

    async def test_a_look_is_light(self):
        """One question to each of the zone's servers; for what went wrong few more, to one of them."""
        for change, more in ((DMARC, 4), (KEY, 4), (SPF, 2)):
            with self.subTest(change=change.name):
                self.publish(ZONE)
                for server in (self.first, self.second):
                    server.log.clear()
                await self.look(change)
                asked = sorted((len(self.first.log), len(self.second.log)))
                self.assertEqual(asked[0], 1)
                self.assertLessEqual(asked[1], 1 + more)
        self.publish(ZONE + '_dmarc TXT "v=DMARC1; p=none"\n', self.first, self.second, self.recursive)
        for server in (self.first, self.second):
            server.log.clear()
        await self.look(DMARC)
        self.assertEqual([sorted(server.log) for server in (self.first, self.second)], [
            [("_dmarc.example.test", "TXT"), ("example.test", "SOA")]] * 2)

    async def test_silent_servers_leave_time_for_the_resolver_in_use(self):
        for server in (self.first, self.second):
            server.set_silent(".")
        self.resolver = Resolver([self.recursive.address], timeout=2.0, attempts=2, deadline=1.0, authority_port=self.port)
        found = await self.look(SPF)
        self.assertEqual((found.code, found.why, found.deadline_passed), ("not_seen", "blocked", False))

    async def test_only_that_name_and_its_zone_are_asked(self):
        self.first.log.clear()
        self.second.log.clear()
        await self.look(DMARC)
        asked = {name for name, rdtype in self.first.log + self.second.log if rdtype in ("TXT", "CNAME", "MX")}
        self.assertEqual(asked, {
            "_dmarc.example.test", "_dmarc.example.test.example.test", "dmarc.example.test", "example.test",
            "_dmarc .example.test"})
