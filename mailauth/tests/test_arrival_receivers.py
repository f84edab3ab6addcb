"""How a mail arrived, in the layouts of many receivers: delivery on their own side, one field per method, fetched mail."""

from __future__ import annotations

from ..arrival import examine
from ..dns.resolver import Resolver
from .mails import GMAIL, OUTLOOK, OWN, SENDING, arrived, plain, sign, txt, zones
from .received_layouts import ENTRY, PROVIDERS, RESULTS, RETURN, hop
from .test_arrival import OURS, ArrivalCase

LMTP = ("LMTP", "LMTPA", "LMTPS", "LMTPSA", "UTF8LMTPA", "UTF8LMTPSA", "lmtpsa")
SUBMISSION = ("ESMTPA", "ESMTPSA", "UTF8SMTPSA", "esmtpsa", "SMTPA")
METHODS = ("spf", "dkim", "dmarc")


class ReceiverCase(ArrivalCase):
    MAIL = sign(SENDING.encode() + plain())

    def assert_whole(self, arrival, methods=METHODS):
        """The address, the envelope and the receiver's word are read, and nothing is odd."""
        self.assertTrue(arrival.readable, arrival.findings)
        self.assertEqual(arrival.egress and arrival.egress.address, "192.0.2.10")
        self.assertEqual(arrival.envelope_from, "bounce@ours.example")
        self.assertEqual((arrival.spf.result, arrival.dmarc), ("pass", "pass"))
        said = {result.method: result.result for result in arrival.results.results} if arrival.results else {}
        self.assertEqual([said.get(method) for method in methods], ["pass"] * len(methods))
        self.assertEqual(self.codes(arrival), set())

    async def read_fields(self, fields, mail=None):
        """With the zones of :func:`mails.zones`, asked for once in a test."""
        if not hasattr(self, "resolver"):
            self.resolver = self.serve(zones(), timeout=0.4)
        return await examine(self.resolver, arrived(fields, mail or self.MAIL), own_domains=OURS)


class TestProviders(ReceiverCase):
    async def test_every_layout_tells_the_address_the_envelope_and_what_was_said(self):
        for name, fields in PROVIDERS.items():
            with self.subTest(name):
                self.assert_whole(await self.read_fields(fields))

    async def test_each_layout_is_read_whatever_the_sender_wrote_below(self):
        """Straight from Odoo there is no Received field below; through a relay with a login there are several."""
        relayed = hop("relay.ours.example (relay.ours.example [10.0.0.7])", "mail.ours.example (Postfix)", "ESMTPSA")
        for name, fields in PROVIDERS.items():
            for below in ("", SENDING, relayed + SENDING):
                with self.subTest(name, below=below[:40]):
                    self.assert_whole(await self.read_fields(fields, below.encode() + sign(plain())))


class TestDelivery(ReceiverCase):
    async def test_delivery_into_a_mailbox_is_no_submission_at_any_depth(self):
        inner = (
            "mx1.receiver.example (mx1.receiver.example [10.1.0.5])", "mx1.receiver.example ([198.51.100.5])", "mx1 ([10.1.0.5])",
            "mx1.receiver.example ([unix socket])", "mx1.receiver.example", "localhost (localhost [127.0.0.1])")
        for protocol in LMTP:
            for origin in inner:
                for depth in (1, 2, 4):
                    fields = RETURN + "".join(
                        hop(origin, f"store{number}.receiver.example (Cyrus 3.6.1)", protocol) for number in range(depth))
                    with self.subTest(protocol, origin=origin, depth=depth):
                        self.assert_whole(await self.read_fields(fields + RESULTS + ENTRY))

    async def test_between_delivery_and_entry_other_hops_of_the_receiver_may_stand(self):
        between = hop("mx1 ([10.202.2.200])", "store.receiver.example", "ESMTP").replace(" with ESMTP id 4XkAB", " (LMTPProxy)")
        filtered = hop("mx1.receiver.example (localhost [127.0.0.1])", "filter.receiver.example (Postfix)", "ESMTP")
        for fields in (between, filtered, between + filtered, filtered + between):
            top = RETURN + hop("store.receiver.example", "box7 (Cyrus 3.6.1)", "LMTPA")
            self.assert_whole(await self.read_fields(top + fields + RESULTS + ENTRY))

    async def test_a_unix_socket_has_the_hosts_own_name_on_both_sides(self):
        for origin, by in (
            ("store", "store"), ("store.receiver.example", "store.receiver.example"), ("imap", "imap.receiver.example"),
            ("mx1.receiver.example", "7c2f0e7b3a41"), ("box.hosting-company.test", "box.hosting-company.test"),
            ("mx1.receiver.example", "box.hosting-company.test"), ("mail.local", "mail.local"), ("localhost", "localhost"),
        ):
            for protocol in ("LMTP", "LMTPS"):
                with self.subTest(origin, by=by):
                    self.assert_whole(await self.read_fields(RETURN + hop(origin, by, protocol) + RESULTS + ENTRY))

    async def test_a_filter_that_logs_in_to_the_mailbox_server_is_no_sender(self):
        for protocol in SUBMISSION:
            for origin in (
                "filter.receiver.example (filter.receiver.example [10.1.0.9])", "filter ([10.1.0.9])",
                "filter.receiver.example (filter.receiver.example [198.51.100.9])", "filter.receiver.example",
                "localhost (localhost [127.0.0.1])", "[10.1.0.9] (helo=filter.receiver.example)",
            ):
                for above in ("", hop("store.receiver.example", "store.receiver.example", "LMTP")):
                    fields = RETURN + above + hop(origin, "store.receiver.example (Postfix)", protocol) + RESULTS + ENTRY.replace(
                        "by mx1.receiver.example", "by filter.receiver.example")
                    with self.subTest(protocol, origin=origin, above=bool(above)):
                        self.assert_whole(await self.read_fields(fields))

    async def test_filters_may_log_in_one_behind_the_other(self):
        fields = RETURN + hop("store ([10.1.0.3])", "store.receiver.example (Cyrus 3.6.1)", "LMTPSA") + hop(
            "spam.receiver.example ([10.1.0.9])", "store.receiver.example (Postfix)", "ESMTPSA") + hop(
            "virus.receiver.example ([10.1.0.8])", "spam.receiver.example (Postfix)", "ESMTPSA") + hop(
            "mx1.receiver.example ([10.1.0.7])", "virus.receiver.example (Postfix)", "ESMTPA")
        self.assert_whole(await self.read_fields(fields + RESULTS + ENTRY))

    async def test_a_filter_of_one_label_is_known_by_the_field_that_it_wrote(self):
        fields = RETURN + hop("filter ([10.1.0.9])", "store.receiver.example (Postfix)", "ESMTPSA")
        entry = ENTRY.replace("by mx1.receiver.example", "by filter")
        self.assert_whole(await self.read_fields(fields + RESULTS + entry))

    async def test_a_filter_on_the_same_machine_logs_in_from_loopback(self):
        fields = RETURN + hop("localhost (localhost [127.0.0.1])", "mail.receiver.example (Postfix)", "ESMTPSA")
        for by in ("mail", "mail.receiver.example", "localhost"):
            with self.subTest(by):
                self.assert_whole(await self.read_fields(
                    fields + RESULTS.replace("mx1.receiver.example", "mail.receiver.example") + ENTRY.replace(
                        "by mx1.receiver.example", f"by {by}")))

    async def test_the_senders_login_is_still_where_the_senders_side_begins(self):
        """Sender and receiver are customers of one service: the program that logs in is not where the mail left."""
        fields = RETURN + hop("store", "store.receiver.example", "LMTPSA") + RESULTS + ENTRY.replace(
            "from mail.ours.example (mail.ours.example [192.0.2.10])", "from out.receiver.example (out.receiver.example [192.0.2.10])")
        for client in (
            "odoo-host ([203.0.113.9])", "odoo.ours.example (odoo.ours.example [203.0.113.9])", "odoo-host (unknown [10.0.0.5])",
            "[203.0.113.9] (helo=odoo-host)", "web1.receiver.example (web1.receiver.example [203.0.113.9])",
        ):
            for protocol in SUBMISSION:
                with self.subTest(client, protocol=protocol):
                    login = hop(client, "out.receiver.example (Postfix)", protocol)
                    arrival = await self.read_fields(fields, login.encode() + sign(plain()))
                    self.assertEqual(arrival.egress.address, "192.0.2.10")
                    self.assertEqual(arrival.route.trusted, 2)

    async def test_a_login_that_is_told_in_words_is_one_and_on_delivery_it_is_none(self):
        for words in ("(authenticated bits=0)", "(Authenticated sender: jane@ours.example)", "(AUTH: PLAIN jane)"):
            login = hop(f"odoo-host ([203.0.113.9]) {words}", "mail.ours.example (8.17.1/8.17.1)", "ESMTP")
            store = RETURN + hop("mail.ours.example", "mail.ours.example", "LMTP")
            arrival = await self.read_fields(store, login.encode() + sign(plain()))
            self.assertIsNone(arrival.egress, words)
            delivered = hop("mx1.receiver.example (mx1.receiver.example [10.1.0.5]) (authenticated user=postman bits=0)",
                            "store.receiver.example (Cyrus v2.2.13)", "LMTPSA")
            self.assert_whole(await self.read_fields(RETURN + delivered + RESULTS + ENTRY))

    async def test_mail_to_a_colleague_on_the_same_server_has_no_address(self):
        fields = RETURN + hop("mail.ours.example", "mail.ours.example", "LMTP")
        login = hop("odoo-host ([203.0.113.9])", "mail.ours.example (Postfix)", "ESMTPSA")
        arrival = await self.read_fields(fields, login.encode() + sign(plain()))
        self.assertIsNone(arrival.egress)
        self.assertEqual(arrival.learned("bounce@ours.example").egress, ())

    async def test_a_field_that_claims_delivery_below_the_entry_is_the_senders(self):
        forged = hop("mail.ours.example ([203.0.113.66])", "store.receiver.example", "LMTPA") + RESULTS.replace("pass", "fail")
        arrival = await self.read_fields(RETURN + RESULTS + ENTRY, forged.encode() + sign(plain()))
        self.assert_whole(arrival)


class TestWord(ReceiverCase):
    FIELDS = (
        "Authentication-Results: bimi.receiver.example; bimi=skipped\r\n",
        "Authentication-Results: arc.receiver.example; arc=none\r\n",
        "Authentication-Results: dmarc.receiver.example; dmarc=pass header.from=ours.example\r\n",
        "Authentication-Results: dkim-verifier.receiver.example;\r\n\tdkim=pass header.d=ours.example\r\n",
        "Authentication-Results: spf.receiver.example; spf=pass smtp.mailfrom=bounce@ours.example\r\n",
    )

    async def test_one_field_for_each_method_is_read_in_whatever_order(self):
        for turn in range(len(self.FIELDS)):
            fields = self.FIELDS[turn:] + self.FIELDS[:turn]
            for order in (fields, fields[::-1]):
                for text in (RETURN + "".join(order) + ENTRY, RETURN + order[0] + order[1] + hop(
                        "mx1.receiver.example", "store.receiver.example", "LMTP") + "".join(order[2:]) + ENTRY):
                    with self.subTest(order=order[0]):
                        self.assert_whole(await self.read_fields(text))

    async def test_a_field_of_another_organization_among_them_is_not_believed(self):
        other = "Authentication-Results: mx.elsewhere.example; dmarc=fail header.from=ours.example\r\n"
        arrival = await self.read_fields(RETURN + other + "".join(self.FIELDS) + ENTRY)
        self.assertEqual([one.result for one in arrival.results.of("dmarc")], ["pass"])
        self.assertEqual(self.codes(arrival), {"arrival.results_not_believed"})

    async def test_one_label_that_is_the_receiving_hosts_name_is_its_own(self):
        """As 163.com's machines call themselves, and others by the first label of their name."""
        for by, identifier in (("mx41 (Coremail)", "mx41"), ("MX41", "mx41"), ("mx41.receiver.example (Postfix)", "mx41")):
            entry = ENTRY.replace("mx1.receiver.example (Postfix)", by)
            results = RESULTS.replace("mx1.receiver.example", identifier)
            for fields in (results + entry, entry + results):
                with self.subTest(by, fields=fields[:20]):
                    self.assert_whole(await self.read_fields(RETURN + fields))

    async def test_one_label_that_came_with_the_mail_is_not_the_receivers(self):
        results = RESULTS.replace("mx1.receiver.example", "mx2")
        arrival = await self.read_fields(RETURN + ENTRY + results)
        self.assertIsNone(arrival.results)
        self.assertEqual(self.codes(arrival), {"arrival.results_not_believed"})

    async def test_the_machine_that_the_sender_spoke_with_counts_before_one_behind_it(self):
        """A store that judges again sees the receiver's own machine, whose address the domain permits nothing."""
        again = RESULTS.replace("mx1.receiver", "store.receiver").replace("spf=pass", "spf=fail").replace("dmarc=pass", "dmarc=fail")
        inner = hop("mx1.receiver.example (mx1.receiver.example [198.51.100.5])", "store.receiver.example (Postfix)", "ESMTPS")
        self.assert_whole(await self.read_fields(RETURN + again + inner + RESULTS + ENTRY))

    async def test_what_stands_on_top_counts_before_what_may_have_come_with_the_mail(self):
        forged = RESULTS.replace("pass", "fail")
        self.assert_whole(await self.read_fields(RETURN + RESULTS + ENTRY + forged))


class TestFetched(ReceiverCase):
    FETCHMAIL = (
        "Received: from imap.receiver.example [198.51.100.20]\r\n\tby odoo-host with {0} (fetchmail-6.4.37)\r\n"
        "\tfor <odoo@localhost> (single-drop); Tue, 03 Nov 2026 08:00:00 +0000 (UTC)\r\n")
    GETMAIL = (
        "Delivered-To: unknown\r\nReceived: from imap.receiver.example (198.51.100.20:993) by odoo-host\r\n"
        "  with {0}; 03 Nov 2026 08:00:00 -0000\r\n")
    INJECTED = hop("localhost (localhost [127.0.0.1])", "odoo-host.local (Postfix)", "ESMTP")
    GOT = "Delivered-To: customer@receiver.example\r\n" + RETURN + RESULTS + ENTRY

    def on_top(self):
        for protocol in ("IMAP", "POP3", "POP2", "APOP", "KPOP", "SDPS", "IMAP4", "IMAP4-SSL", "POP3-SSL", "IMAP4rev1", "pop3s"):
            yield f"fetchmail, {protocol}", self.FETCHMAIL.format(protocol)
            yield f"getmail, {protocol}", self.GETMAIL.format(protocol)
        yield "mpop", self.FETCHMAIL.format("POP3").replace("(fetchmail-6.4.37)", "(mpop 1.4.18)")
        yield "fetchmail, injected", self.INJECTED + self.FETCHMAIL.format("IMAP")
        yield "fetchmail, injected and delivered", (
            "Return-Path: <odoo@localhost>\r\nDelivered-To: odoo@odoo-host.local\r\n"
            + hop("odoo-host.local", "odoo-host.local", "LMTP") + self.INJECTED + self.FETCHMAIL.format("POP3"))
        yield "getmail, from what fetchmail got", self.GETMAIL.format("IMAP4-SSL") + self.FETCHMAIL.format("IMAP")
        yield "Gmail's own fetching", (
            "Delivered-To: me@gmail.com\r\nReceived: by 10.140.27.3 with POP3 id d8mf123; Tue, 3 Nov 2026 00:00:00 -0800 (PST)\r\n"
            "X-Gmail-Fetch-Info: customer@receiver.example 1 imap.receiver.example 995 customer\r\n")

    async def test_fetched_mail_is_read_below_what_the_fetching_put_on_top(self):
        for name, top in self.on_top():
            with self.subTest(name):
                arrival = await self.read_fields(top + self.GOT)
                self.assert_whole(arrival)
                self.assertEqual(arrival.receiver, "mx1.receiver.example")
                self.assertEqual(arrival.date.day, 2, "the day of the arrival, and not of the fetching")
                self.assertEqual(arrival.learned("bounce@ours.example").envelope, "keep")

    async def test_the_mailboxs_server_is_never_where_the_mail_left_from(self):
        for name, top in self.on_top():
            with self.subTest(name):
                arrival = await self.read_fields(top, sign(plain()))
                self.assertIsNone(arrival.egress)

    async def test_verdicts_of_the_fetching_side_are_about_the_fetching(self):
        top = RESULTS.replace("mx1.receiver.example", "odoo-host.local").replace("pass", "fail") + self.INJECTED
        self.assert_whole(await self.read_fields(top + self.FETCHMAIL.format("IMAP") + self.GOT))

    async def test_a_fetch_that_the_sender_claims_does_not_open_the_way_down(self):
        forged = self.FETCHMAIL.format("IMAP") + ENTRY.replace("192.0.2.10", "203.0.113.66") + RESULTS.replace("pass", "fail")
        self.assert_whole(await self.read_fields(self.GOT, forged.encode() + sign(plain())))

    async def test_a_copy_that_the_fetching_changed_is_no_fault_of_the_mail(self):
        """getmail folds long fields anew, which a signature over the header as it stands does not survive."""
        mail = sign(SENDING.encode() + plain(), c="simple/simple").replace(b"Subject: ", b"Subject:\r\n ")
        got = self.GOT.replace("spf=pass", "spf=softfail").replace("192.0.2.10", "203.0.113.9")
        arrival = await self.read_fields(self.GETMAIL.format("IMAP4-SSL") + got, mail)
        self.assertEqual((arrival.signatures[0].reason, arrival.dmarc, arrival.learned().selectors), ("altered", "pass", ()))
        self.assertIn("arrival.copy_altered", self.codes(arrival))
        self.assertNotIn("arrival.signature_invalid", self.codes(arrival))
        for fields in (got, self.GETMAIL.format("IMAP4-SSL") + got.replace("dkim=pass", "dkim=fail")):
            arrival = await self.read_fields(fields, mail)
            self.assertEqual(arrival.dmarc, "fail")
            self.assertIn("arrival.signature_invalid", self.codes(arrival))

    async def test_two_mailboxes_of_one_receiver_are_no_forwarding(self):
        fields = RETURN + "Delivered-To: box7@store.receiver.example\r\nDelivered-To: customer@receiver.example\r\n"
        self.assert_whole(await self.read_fields(fields + RESULTS + ENTRY))

    async def test_a_mailbox_that_it_had_been_in_before_is_a_forwarding(self):
        """Also where the last receiver writes no such field itself, as Outlook."""
        for fields in (RETURN + "Delivered-To: x@receiver.example\r\n" + RESULTS + ENTRY, OUTLOOK):
            before = "Delivered-To: customer@elsewhere.example\r\n" + SENDING
            arrival = await self.read_fields(fields, before.encode() + sign(plain()))
            self.assertIn("arrival.forwarded", self.codes(arrival))
            self.assertIsNone(arrival.egress)


class TestEnvelope(ReceiverCase):
    async def test_a_return_path_below_the_received_fields_is_the_senders(self):
        """Odoo writes the field itself, and a server that rewrites the envelope need not drop it."""
        own = "Return-Path: <bounce@ours.example>\r\n" + OWN
        for name, fields, expected in (
            ("nobody tells", ENTRY, None),
            ("the receiver tells another", RETURN.replace("bounce@ours", "b-1@em.ours") + ENTRY, "b-1@em.ours.example"),
            ("the null sender", "Return-Path: <>\r\n" + ENTRY, ""),
            ("what it checked", RESULTS.replace("bounce@ours", "b-2@em.ours") + ENTRY, "b-2@em.ours.example"),
            ("what Received-SPF names", 'Received-SPF: pass client-ip=192.0.2.10; envelope-from="b-3@em.ours.example"\r\n' + ENTRY,
             "b-3@em.ours.example"),
            ("its own Received field", hop("mx1.receiver.example", "store.receiver.example", "LMTP").replace(
                " id 4XkAB", " id 4XkAB (envelope-from <b-4@em.ours.example>)") + ENTRY, "b-4@em.ours.example"),
            ("Exim's", ENTRY.replace("(Postfix) with ESMTPS", "with esmtps (Exim 4.98) (envelope-from <>)"), ""),
        ):
            for below in (SENDING, ""):
                with self.subTest(name, below=bool(below)):
                    arrival = await self.read_fields(fields, below.encode() + sign(plain(own)))
                    self.assertEqual(arrival.envelope_from, expected)

    async def test_exchange_writes_its_return_path_at_the_end(self):
        own = OWN + "Return-Path: bounce@ours.example\r\n"
        fields = OUTLOOK.replace("Return-Path: bounce@ours.example\r\n", "")
        arrival = await self.read_fields(fields, sign(SENDING.encode() + plain(own)))
        self.assertEqual(arrival.envelope_from, "bounce@ours.example")
        replaced = fields.replace("smtp.mailfrom=ours.example", "smtp.mailfrom=em.service.example")
        arrival = await self.read_fields(replaced, sign(SENDING.encode() + plain(own)))
        self.assertEqual(arrival.envelope_from, "@em.service.example", "what it checked contradicts what Odoo wrote")


class TestWithoutPolicy(ReceiverCase):
    def without_policy(self):
        return {"ours.example": "\n".join(
            line for line in zones()["ours.example"].splitlines() if not line.startswith("_dmarc"))}

    async def test_without_a_dmarc_record_dmarc_is_none_whatever_passes(self):
        for name, mail, verified in (
            ("verified", None, True), ("not signed", SENDING.encode() + plain(), True),
            ("nothing passes", SENDING.encode() + plain(OWN), False),
        ):
            given = arrived(mail=mail)
            if verified is False:
                given = given.replace(b"192.0.2.10", b"192.0.2.99")
            with self.subTest(name):
                arrival = await self.read(given, self.without_policy())
                self.assertEqual((arrival.dmarc, arrival.policy, arrival.verified), ("none", None, verified))
                self.assertNotIn("arrival.dmarc_failed", self.codes(arrival))

    async def test_the_receivers_none_agrees_with_it_and_its_pass_does_not(self):
        for said, disagrees in (("none", False), ("bestguesspass", False), ("unknown", False), ("pass", True)):
            with self.subTest(said):
                arrival = await self.read(arrived(GMAIL.replace("dmarc=pass", f"dmarc={said}")), self.without_policy())
                self.assertEqual("arrival.receiver_disagrees" in self.codes(arrival), disagrees)

    async def test_where_dns_does_not_tell_the_record_it_is_not_known_to_pass(self):
        self.serve(zones())
        self.server.set_silent("_dmarc.ours.example")
        resolver = Resolver([self.server.address], timeout=0.1, attempts=1)
        arrival = await examine(resolver, arrived(), own_domains=("ours.example",))
        self.assertEqual((arrival.dmarc, arrival.verified), ("unknown", True))

    async def test_a_record_of_the_domain_above_asks_for_its_subdomains(self):
        own = OWN.replace("jane@ours.example", "jane@mail.ours.example")
        arrival = await self.read(arrived(mail=sign(SENDING.encode() + plain(own))))
        self.assertEqual((arrival.dmarc, arrival.policy), ("pass", "none"))


class TestEmptyBody(ReceiverCase):
    async def test_an_empty_body_whose_hash_verifies_is_a_body(self):
        resolver = self.serve(zones())
        for c in ("simple/simple", "relaxed/simple", "simple/relaxed", "relaxed/relaxed", "relaxed"):
            for body in (b"", b"\r\n", b"\r\n\r\n\r\n"):
                mail = arrived(mail=sign(SENDING.encode() + plain(body=body), c=c))
                for given in (mail, mail.replace(b"\r\n", b"\n"), mail.rstrip(b"\r\n"), mail.rstrip(b"\r\n") + b"\r\n"):
                    with self.subTest(c=c, body=body, given=given[-8:]):
                        arrival = await examine(resolver, given, own_domains=OURS)
                        self.assertEqual([one.status for one in arrival.signatures], ["pass"])
                        self.assertEqual(self.codes(arrival), set())

    async def test_a_length_that_covers_all_of_an_empty_body_proves_it_and_a_length_of_nothing_does_not(self):
        for c, length, proven in (
            ("relaxed/simple", 2, True), ("simple/simple", 2, True), ("relaxed/relaxed", 0, False), ("relaxed/simple", 0, False),
        ):
            mail = sign(SENDING.encode() + plain(body=b""), c=c, more=f" l={length};", hashed=length)
            with self.subTest(c=c, length=length):
                arrival = await self.read(arrived(mail=mail))
                self.assertEqual([one.status for one in arrival.signatures], ["pass"])
                self.assertEqual("arrival.no_body" in self.codes(arrival), not proven)

    async def test_a_header_copied_without_its_text_is_still_said_to_be_that(self):
        for c in ("simple/simple", "relaxed/relaxed"):
            header = arrived(mail=sign(SENDING.encode() + plain(), c=c)).partition(b"\r\n\r\n")[0]
            arrival = await self.read(header + b"\r\n\r\n")
            self.assertEqual([one.status for one in arrival.signatures], ["body_missing"])
            self.assertEqual(self.codes(arrival), {"arrival.no_body"})

    async def test_one_signature_of_several_is_enough(self):
        mail = sign(sign(SENDING.encode() + plain(body=b"")), domain="service.example")
        arrival = await self.read(arrived(mail=mail), {**zones(), "service.example": f's1._domainkey {txt("v=DKIM1; p=")}'})
        self.assertNotIn("arrival.no_body", self.codes(arrival))
