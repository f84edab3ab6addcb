"""Where packets go that a stranger's DNS asks for: the Internet, and nowhere else unless somebody wants it."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import unittest

from ..advice.publication import Wanted, look
from ..arrival import received
from ..dns.egress import Egress, is_public, kind, parse_networks
from ..dns.nameserver import parse_nameservers
from ..dns.resolver import Resolver
from .test_authoritative import ZONE, AuthoritativeTestCase
from .test_publication import DMARC

# IANA's registries of special-purpose addresses, as of 2026, with what they say about "globally reachable", and
# what is no unicast address: first and last of every range.
NOT_GLOBAL = (
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/29",
    "192.0.0.8/32", "192.0.0.170/31", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15",
    "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4", "255.255.255.255/32",
    "::/128", "::1/128", "::a00:0/104", "64:ff9b:1::/48", "100::/64", "100:0:0:1::/64", "2001:2::/48", "2001:10::/28",
    "2001:db8::/32", "3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8", "4000::/3", "200::/7",
)
GLOBAL = (
    "1.1.1.0/24", "9.255.255.255/32", "11.0.0.0/8", "100.63.255.255/32", "100.128.0.0/32", "172.15.255.255/32",
    "172.32.0.0/32", "192.0.0.9/32", "192.0.0.10/32", "192.31.196.0/24", "192.52.193.0/24", "192.175.48.0/24",
    "198.17.255.255/32", "198.20.0.0/32", "223.255.255.255/32",
    "2001:1::1/128", "2001:1::2/128", "2001:3::/32", "2001:4:112::/48", "2001:20::/28", "2001:30::/28", "2001:200::/23",
    "2001:db7:ffff::/48", "2001:db9::/32", "2400::/12", "2606:4700::/32", "2620:4f:8000::/48", "2a00::/12", "3ffe:ffff::/32",
)
EMBEDDINGS = {
    "mapped": lambda v4: f"::ffff:{v4}",
    "NAT64": lambda v4: f"64:ff9b::{v4}",
    "6to4": lambda v4: str(ipaddress.IPv6Address(0x2002 << 112 | int(v4) << 80 | 1)),
    "Teredo, client": lambda v4: str(ipaddress.IPv6Address(
        0x20010000 << 96 | int(ipaddress.IPv4Address("65.54.227.120")) << 64 | int(v4) ^ 0xFFFFFFFF)),
    "Teredo, server": lambda v4: str(ipaddress.IPv6Address(
        0x20010000 << 96 | int(v4) << 64 | int(ipaddress.IPv4Address("8.8.8.8")) ^ 0xFFFFFFFF)),
}
INTERNAL = ("10.0.0.53", "127.0.0.1", "192.168.1.1", "100.64.0.1", "::1", "fd00::53", "fec0::1", "::ffff:10.0.0.53",
            "64:ff9b::10.0.0.53", "2002:a00:35::1")
NEVER = ("169.254.169.254", "fe80::1", "224.0.0.251", "ff02::fb", "0.0.0.0", "::", "255.255.255.255", "203.0.113.53",
         "2001:db8::53", "3fff::53", "::ffff:169.254.169.254", "100::1")


class TestPublic(unittest.TestCase):
    def ends(self, network):
        network = ipaddress.ip_network(network)
        return {network[0], network[-1], network[network.num_addresses // 2]}

    def test_every_range_of_the_registries_is_known(self):
        for networks, expected in ((NOT_GLOBAL, False), (GLOBAL, True)):
            for network in networks:
                for ip in self.ends(network):
                    with self.subTest(str(ip), of=network):
                        self.assertEqual(is_public(str(ip)), expected)

    def test_a_mail_leaves_from_no_address_that_the_internet_does_not_route(self):
        """Of documentation it may: examples and tests live there."""
        for network in (*NOT_GLOBAL, *GLOBAL):
            for ip in map(str, self.ends(network)):
                with self.subTest(ip):
                    self.assertEqual(received.is_public(ip), kind(ip) in (None, "documentation"))
                    hop = received.parse(f"from a.example (a.example [{'IPv6:' if ':' in ip else ''}{ip}]) by mx.b.example; x")
                    self.assertEqual(hop.public, received.is_public(hop.address))

    def test_an_ipv4_address_stays_what_it_is_however_it_is_written(self):
        for network in (*NOT_GLOBAL, *GLOBAL):
            for ip in self.ends(network):
                for name, embed in EMBEDDINGS.items() if ip.version == 4 else ():
                    with self.subTest(name, ip=str(ip)):
                        self.assertEqual(kind(embed(ip)), kind(str(ip)))


class TestNameservers(unittest.TestCase):
    def egress(self, resolvers, networks=""):
        return Egress.of(parse_nameservers(resolvers)[0], parse_networks(networks)[0])

    def test_servers_of_the_internet_are_asked_whatever_the_resolver(self):
        for resolvers in ("8.8.8.8", "10.0.0.53", "https://dns.example/dns-query", ""):
            for address in ("8.8.4.4", "2606:4700::1111", "64:ff9b::808:808"):
                self.assertTrue(self.egress(resolvers).allows(address))

    def test_internal_ones_are_asked_only_while_all_resolvers_are_internal(self):
        for resolvers, inside in (
            ("10.0.0.53", True), ("127.0.0.53, 192.168.1.1", True), ("::1", True), ("https://10.0.0.53/dns-query", True),
            ("8.8.8.8", False), ("127.0.0.53, 8.8.8.8", False), ("https://dns.example/dns-query", False), ("", False),
            ("192.0.2.53", False), ("https://[2606:4700::1111]/dns-query", False),
        ):
            for address in INTERNAL:
                with self.subTest(resolvers, address=address):
                    self.assertEqual(self.egress(resolvers).allows(address), inside)

    def test_a_network_that_the_administrator_names_is_asked_and_no_other(self):
        egress = self.egress("8.8.8.8", "10.0.0.0/8, fd00::/16; 127.0.0.1")
        for address in INTERNAL:
            with self.subTest(address):
                named = address in ("10.0.0.53", "127.0.0.1", "fd00::53") or address.endswith(("10.0.0.53", "2002:a00:35::1"))
                self.assertEqual(egress.allows(address), named)

    def test_some_addresses_are_nobodys_name_server(self):
        for resolvers, networks in (("10.0.0.53", ""), ("8.8.8.8", "0.0.0.0/0, ::/0")):
            for address in NEVER:
                with self.subTest(address, resolvers=resolvers):
                    self.assertFalse(self.egress(resolvers, networks).allows(address))

    def test_networks_are_read_as_people_write_them(self):
        networks, problems = parse_networks("10.0.0.0/8,192.168.1.7/24 ; fd00::/8 10.0.0.53 nonsense 10/99")
        self.assertEqual((list(map(str, networks)), problems), (
            ["10.0.0.0/8", "192.168.1.0/24", "fd00::/8", "10.0.0.53/32"], ["nonsense", "10/99"]))


class TestPackets(AuthoritativeTestCase):
    """The zone's servers are on loopback. The resolver is there as well, but passes for one of the Internet."""

    def outside(self, networks=""):
        async def ask(query, nameserver, timeout):
            self.asked.add(nameserver.host)
            there = nameserver.host, nameserver.port
            return await carry(self.recursive.address if nameserver.host == "8.8.8.8" else there, query, timeout)

        self.asked = set()
        return Resolver(["8.8.8.8"], timeout=0.5, attempts=1, ask=ask, authority_port=self.port,
                        networks=parse_networks(networks)[0])

    async def test_servers_at_internal_addresses_are_not_asked_and_a_finding_says_so(self):
        resolver = self.outside()
        view = await resolver.authoritative("example.test")
        self.assertEqual((view.status, [server.state for server in view.servers]), ("unknown", ["internal"] * 2))
        self.assertEqual([(f.code, dict(f.params)) for f in view.findings], [
            ("zone.nameserver_internal", {"nameserver": "ns1.example.test", "addresses": ["127.0.0.2"]}),
            ("zone.nameserver_internal", {"nameserver": "ns2.example.test", "addresses": ["127.0.0.3"]}),
        ])
        self.assertEqual((await view.compare("example.test", "TXT")).outcome, "unknown")
        found = await look(resolver, Wanted(DMARC))
        self.assertEqual((found.code, found.why), ("not_seen", "unknown"))
        self.assertEqual(self.asked, {"8.8.8.8"})
        self.assertEqual(self.first.log + self.second.log, [])

    async def test_a_server_with_both_kinds_is_asked_at_the_other_one(self):
        self.recursive.set_zone("example.test", ZONE + "ns1 A 10.0.0.53\nns2 A 169.254.169.254\n")
        view = await self.outside("127.0.0.0/8").authoritative("example.test")
        self.assertEqual((view.status, [(s.address, s.state) for s in view.servers]),
                         ("ok", [("127.0.0.2", "ok"), ("127.0.0.3", "ok")]))
        self.assertEqual([f.params["addresses"] for f in view.findings], [["10.0.0.53"], ["169.254.169.254"]])
        self.assertEqual(self.asked, {"8.8.8.8", "127.0.0.2", "127.0.0.3"})

    async def test_addresses_of_examples_are_not_asked_and_nothing_is_said_of_them(self):
        self.recursive.set_zone("example.test", ZONE.replace("127.0.0.2", "192.0.2.53").replace("127.0.0.3", "203.0.113.53"))
        resolver = Resolver([self.recursive.address], timeout=0.2, attempts=1, authority_port=self.port)
        view = await resolver.authoritative("example.test")
        self.assertEqual((view.status, [server.state for server in view.servers], view.findings),
                         ("unknown", ["internal"] * 2, ()))

    async def test_nobody_gets_round_it(self):
        for network, asked in (("", False), ("127.0.0.2/32", True)):
            resolver = self.outside(network)
            answer = await resolver.ask_server(self.first_nameserver(), "example.test", "TXT")
            self.assertEqual((answer.is_fact, "127.0.0.2" in self.asked), (asked, asked))

    def first_nameserver(self):
        (nameserver,), _ = parse_nameservers("127.0.0.2:%d" % self.port)
        return nameserver


async def carry(address: tuple[str, int], query: bytes, timeout: float) -> bytes:
    """The message that a server sends back."""
    loop = asyncio.get_running_loop()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.setblocking(False)
        udp.connect(address)
        udp.send(query)
        return await asyncio.wait_for(loop.sock_recv(udp, 65535), timeout)


if __name__ == "__main__":
    unittest.main()
