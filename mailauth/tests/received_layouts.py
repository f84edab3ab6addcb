"""The fields that receivers put on top of a mail, in the layouts of public samples, with names and addresses of our own.

Each came from ``mail.ours.example`` (192.0.2.10) with the envelope sender ``bounce@ours.example``.
"""

from __future__ import annotations

ENTRY = (
    "Received: from mail.ours.example (mail.ours.example [192.0.2.10])\r\n"
    "\tby mx1.receiver.example (Postfix) with ESMTPS id 4XkAA\r\n"
    "\tfor <customer@receiver.example>; Mon,  2 Nov 2026 12:05:06 +0000 (UTC)\r\n"
)
RETURN = "Return-Path: <bounce@ours.example>\r\n"
RESULTS = (
    "Authentication-Results: mx1.receiver.example;\r\n"
    "\tdkim=pass header.d=ours.example header.s=s1; spf=pass smtp.mailfrom=bounce@ours.example;\r\n"
    "\tdmarc=pass header.from=ours.example\r\n"
)


def hop(origin: str, by: str, protocol: str) -> str:
    """A Received field within the receiver's side."""
    return f"Received: from {origin}\r\n\tby {by} with {protocol} id 4XkAB; Mon,  2 Nov 2026 12:05:07 +0000 (UTC)\r\n"


# Providers: what they said is expected to be read as pass for all of spf, dkim and dmarc.
PROVIDERS = {
    "Proton": (
        "Return-Path: <bounce@ours.example>\r\nX-Original-To: customer@proton.me\r\nDelivered-To: customer@proton.me\r\n"
        "Authentication-Results: mail.protonmail.ch; dkim=pass (Good 2048\r\n"
        "    bit rsa-sha256 signature) header.d=ours.example header.a=rsa-sha256\r\n"
        "Authentication-Results: mail.protonmail.ch; dmarc=pass (p=none dis=none)\r\n header.from=ours.example\r\n"
        "Authentication-Results: mail.protonmail.ch; spf=pass smtp.mailfrom=ours.example\r\n"
        "Authentication-Results: mail.protonmail.ch; arc=none smtp.remote-ip=192.0.2.10\r\n"
        "Received: from mail.ours.example (mail.ours.example [192.0.2.10])\r\n"
        " (using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits))\r\n"
        " by mailin043.protonmail.ch (Postfix) with ESMTPS id 4XkAA\r\n for <customer@proton.me>;"
        " Mon, 02 Nov 2026 12:05:06 +0000 (UTC)\r\n"),
    "Posteo": (
        "Return-Path: <bounce@ours.example>\r\nDelivered-To: customer@posteo.de\r\n"
        "Received: from proxy02.posteo.name ([127.0.0.1])\r\n\tby dovecot15.posteo.name (Dovecot) with LMTP id aBc\r\n"
        "\tfor <customer@posteo.de>; Mon, 02 Nov 2026 13:05:08 +0100\r\n"
        "Received: from proxy02.posteo.de ([127.0.0.1])\r\n\tby proxy02.posteo.name (Dovecot) with LMTP id dEf\r\n"
        "\t; Mon, 02 Nov 2026 13:05:08 +0100\r\n"
        "Received: from mailin02.posteo.de (unknown [10.0.1.62])\r\n\tby proxy02.posteo.de (Postfix) with ESMTPS id 4XkAC\r\n"
        "\tfor <customer@posteo.de>; Mon,  2 Nov 2026 13:05:07 +0100 (CET)\r\n"
        "Received: from mx01.posteo.de (mailin02.posteo.de [127.0.0.1])\r\n\tby mailin02.posteo.de (Postfix) with ESMTPS id 4XkAB\r\n"
        "\tfor <customer@posteo.de>; Mon,  2 Nov 2026 13:05:07 +0100 (CET)\r\nX-Virus-Scanned: amavisd-new at posteo.de\r\n"
        "Authentication-Results: posteo.de; dmarc=pass (p=none dis=none) header.from=ours.example\r\n"
        "Authentication-Results: posteo.de; spf=pass smtp.mailfrom=ours.example\r\n"
        "Authentication-Results: posteo.de;\r\n\tdkim=pass (2048-bit key) header.d=ours.example header.i=@ours.example"
        " header.b=bWFkZXVw;\r\n\tdkim-atps=neutral\r\nX-Posteo-TLS-Received-Status: TLSv1.3\r\n"
        "Received: from mail.ours.example (mail.ours.example [192.0.2.10])\r\n\tby mx01.posteo.de (Postfix) with ESMTPS id 4XkAA\r\n"
        "\tfor <customer@posteo.de>; Mon,  2 Nov 2026 13:05:06 +0100 (CET)\r\n"),
    "mailbox.org": (
        "Return-Path: <bounce@ours.example>\r\nDelivered-To: customer@mailbox.org\r\n"
        "Received: from director-06.heinlein-hosting.de ([80.241.60.215])\r\n"
        "\t(using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits))\r\n\tby dobby26b.heinlein-hosting.de with LMTPS\r\n"
        "\tid madeup (envelope-from <bounce@ours.example>)\r\n\tfor <customer@mailbox.org>; Mon, 02 Nov 2026 13:05:08 +0100\r\n"
        "Received: from mx2.mailbox.org ([80.241.60.215])\r\n\tby director-06.heinlein-hosting.de with LMTPS\r\n\tid madeup"
        "\r\n\t(envelope-from <bounce@ours.example>)\r\n\tfor <customer@mailbox.org>; Mon, 02 Nov 2026 13:05:08 +0100\r\n"
        "Authentication-Results: mx2.mailbox.org;\r\n\tdkim=pass header.d=ours.example header.s=s1 header.b=bWFkZXVw;\r\n"
        "\tdmarc=pass (policy=none) header.from=ours.example;\r\n\tspf=pass (mx2.mailbox.org: domain of bounce@ours.example"
        " designates 192.0.2.10 as permitted sender) smtp.mailfrom=bounce@ours.example\r\n"
        "Received: from mail.ours.example (mail.ours.example [192.0.2.10])\r\n\tby mx2.mailbox.org (Postfix) with ESMTPS id 4XkAA\r\n"
        "\tfor <customer@mailbox.org>; Mon,  2 Nov 2026 13:05:06 +0100 (CET)\r\n"),
    "GMX": (
        "Return-Path: <bounce@ours.example>\r\n"
        "Authentication-Results: gmx.net; dkim=pass header.i=@ours.example; spf=pass\r\n smtp.mailfrom=bounce@ours.example;"
        " dmarc=pass header.from=ours.example\r\n"
        "Received: from mail.ours.example ([192.0.2.10]) by mx-ha.gmx.net (mxgmx114\r\n [212.227.17.5]) with ESMTPS (Nemesis)"
        " id 1MaJKP-1pWHuy2AM9-00WQcz for\r\n <customer@gmx.net>; Mon, 02 Nov 2026 13:05:06 +0100\r\n"),
    "web.de": (
        "Return-Path: <bounce@ours.example>\r\n"
        "Authentication-Results: web.de; dkim=pass header.i=@ours.example; spf=pass\r\n smtp.mailfrom=bounce@ours.example;"
        " dmarc=pass header.from=ours.example\r\n"
        "Received: from mail.ours.example ([192.0.2.10]) by mx-ha.web.de (mxweb112\r\n [212.227.17.8]) with ESMTPS (Nemesis)"
        " id 1MaJKP-1pWHuy2AM9-00WQcz for\r\n <customer@web.de>; Mon, 02 Nov 2026 13:05:06 +0100\r\n"),
    "T-Online": (
        "Return-Path: <bounce@ours.example>\r\n"
        "Received: from mailin12.aul.t-online.de ([172.20.27.68])\r\n\tby ehead21c11.aul.t-online.de (Dovecot) with LMTP id xYz;\r\n"
        "\tMon, 02 Nov 2026 13:05:07 +0100\r\n"
        "Authentication-Results: mailin12.aul.t-online.de;\r\n\tdkim=pass header.d=ours.example;\r\n"
        "\tspf=pass smtp.mailfrom=bounce@ours.example;\r\n\tdmarc=pass header.from=ours.example\r\n"
        "Received: from mail.ours.example ([192.0.2.10]) by mailin12.t-online.de\r\n"
        "\twith (TLSv1.3:TLS_AES_256_GCM_SHA384 encrypted)\r\n\tesmtp id 1t7AAA-0000-00; Mon, 2 Nov 2026 13:05:06 +0100\r\n"),
    "Zoho": (
        "Delivered-To: customer@receiver.example\r\n"
        "Received-SPF: pass (zohomail.com: domain of ours.example designates 192.0.2.10 as permitted sender)"
        " client-ip=192.0.2.10; envelope-from=bounce@ours.example; helo=mail.ours.example;\r\n"
        "Authentication-Results: mx.zohomail.com;\r\n\tdkim=pass;\r\n\tspf=pass (zohomail.com: domain of ours.example"
        " designates 192.0.2.10 as permitted sender)  smtp.mailfrom=bounce@ours.example;\r\n"
        "\tdmarc=pass(p=none dis=none)  header.from=ours.example\r\nReturn-Path: <bounce@ours.example>\r\n"
        "Received: from mail.ours.example (mail.ours.example [192.0.2.10]) by mx.zohomail.com\r\n"
        "\twith SMTPS id 1793620000000123.456; Mon, 2 Nov 2026 04:05:06 -0800 (PST)\r\n"),
    "Rackspace": (
        "Return-Path: <bounce@ours.example>\r\nDelivered-To: customer@receiver.example\r\n"
        "Received: from director5.mail.iad3b.rsapps.net ([172.31.157.9])\r\n\tby backend41.mail.iad3b.rsapps.net (Dovecot)"
        " with LMTP id sUc\r\n\tfor <customer@receiver.example>; Mon, 02 Nov 2026 07:05:08 -0500\r\n"
        "Received: from proxy17.mail.iad3a.rsapps.net ([172.27.129.38])\r\n\tby director5.mail.iad3b.rsapps.net (Dovecot)"
        " with LMTP id iiJ\r\n\t; Mon, 02 Nov 2026 07:05:08 -0500\r\n"
        "Received: from smtp14.gate.iad3a ([172.27.255.53])\r\n\t(using TLSv1.2 with cipher ECDHE-RSA-AES256-GCM-SHA384"
        " (256/256 bits))\r\n\tby proxy17.mail.iad3a.rsapps.net (Dovecot) with LMTP id rJh\r\n"
        "\t; Mon, 02 Nov 2026 07:05:08 -0500\r\nReturn-Path: <bounce@ours.example>\r\nX-Orig-To: customer@receiver.example\r\n"
        "X-Originating-Ip: [192.0.2.10]\r\n"
        "Authentication-Results: smtp14.gate.iad3a.rsapps.net; iprev=pass policy.iprev=\"192.0.2.10\"; spf=pass"
        " smtp.mailfrom=\"bounce@ours.example\" smtp.helo=\"mail.ours.example\"; dkim=pass header.d=ours.example;"
        " dmarc=pass (p=none; dis=none) header.from=ours.example\r\n"
        "Received: from [192.0.2.10] ([192.0.2.10:53887] helo=mail.ours.example)\r\n\tby smtp14.gate.iad3a.rsapps.net"
        " (envelope-from <bounce@ours.example>)\r\n\t(ecelerity 4.2.1 r(Core:4.2.1.14)) with ESMTPS"
        " (cipher=DHE-RSA-AES256-GCM-SHA384)\r\n\tid E3/AD-22478-8F1AAC95; Mon, 02 Nov 2026 07:05:06 -0500\r\n"),
    "Yandex": (
        "Received: from mail-nwsmtp-mxfront-production-main-46.sas.yp-c.yandex.net (mail-nwsmtp-mxfront.sas.yp-c.yandex.net"
        " [IPv6:2a02:6b8:c14:1a80::46])\r\n\tby mail-notsolitesrv-production-main-12.sas.yp-c.yandex.net with LMTP id aBc\r\n"
        "\tfor <customer@yandex.ru>; Mon, 02 Nov 2026 15:05:07 +0300\r\n"
        "Received: from mail.ours.example (mail.ours.example [192.0.2.10])\r\n"
        "\tby mail-nwsmtp-mxfront-production-main-46.sas.yp-c.yandex.net (mxfront/Yandex) with ESMTPS id dEf;\r\n"
        "\tMon, 02 Nov 2026 15:05:06 +0300\r\nReturn-Path: bounce@ours.example\r\nX-Yandex-Fwd: 1\r\n"
        "Authentication-Results: mail-nwsmtp-mxfront-production-main-46.sas.yp-c.yandex.net; spf=pass (mail-nwsmtp-mxfront:"
        " domain of ours.example designates 192.0.2.10 as permitted sender, rule=[ip4:192.0.2.10])"
        " smtp.mail=bounce@ours.example; dkim=pass header.i=@ours.example; dmarc=pass header.from=ours.example\r\n"),
    "mail.ru": (
        "Return-path: <bounce@ours.example>\r\n"
        "Received-SPF: pass (mx289.i.mail.ru: domain of ours.example designates 192.0.2.10 as permitted sender)"
        " client-ip=192.0.2.10; envelope-from=bounce@ours.example; helo=mail.ours.example;\r\n"
        "Received: by mx289.i.mail.ru with esmtp (envelope-from <bounce@ours.example>)\r\n"
        "\tid 1t7AAA-0000-00; Mon, 02 Nov 2026 15:05:07 +0300\r\n"
        "Received: from mail.ours.example ([192.0.2.10]:53887)\r\n\tby mx289.i.mail.ru with esmtp"
        " (envelope-from <bounce@ours.example>)\r\n\tid 1t7AAA-0000-00\r\n\tfor customer@mail.ru;"
        " Mon, 02 Nov 2026 15:05:06 +0300\r\n"
        "Authentication-Results: mxs.mail.ru; spf=pass (mx289.i.mail.ru: domain of ours.example designates 192.0.2.10 as"
        " permitted sender) smtp.mailfrom=bounce@ours.example smtp.helo=mail.ours.example;\r\n"
        "\t dkim=pass header.d=ours.example; dmarc=pass header.from=jane@ours.example\r\n"),
    "Mailcow": (
        "Return-Path: <bounce@ours.example>\r\nDelivered-To: customer@receiver.example\r\n"
        "Received: from mail.receiver.example ([172.22.1.253])\r\n\tby 7c2f0e7b3a41 with LMTP\r\n\tid madeup\r\n"
        "\t(envelope-from <bounce@ours.example>)\r\n\tfor <customer@receiver.example>; Mon, 02 Nov 2026 13:05:07 +0100\r\n"
        "Received: from mail.ours.example (mail.ours.example [192.0.2.10])\r\n\tby mail.receiver.example (Postcow) with ESMTPS"
        " id 4XkAA\r\n\tfor <customer@receiver.example>; Mon,  2 Nov 2026 13:05:06 +0100 (CET)\r\n"
        "Authentication-Results: mail.receiver.example;\r\n\tdkim=pass header.d=ours.example header.s=s1 header.b=bWFkZXVw;\r\n"
        "\tspf=pass (mail.receiver.example: domain of bounce@ours.example designates 192.0.2.10 as permitted sender)"
        " smtp.mailfrom=bounce@ours.example;\r\n\tdmarc=pass (policy=none) header.from=ours.example\r\n"),
    "Zimbra": (
        "Return-Path: bounce@ours.example\r\n"
        "Received: from mail.receiver.example (LHLO mail.receiver.example) (10.3.0.4)\r\n by store2.corp.receiver.example"
        " with LMTP; Mon, 2 Nov 2026 13:05:08 +0100 (CET)\r\n"
        "Received: from localhost (localhost [127.0.0.1])\r\n\tby mail.receiver.example (Postfix) with ESMTP id 4XkAC\r\n"
        "\tfor <customer@receiver.example>; Mon,  2 Nov 2026 13:05:07 +0100 (CET)\r\n"
        "X-Virus-Scanned: amavisd-new at receiver.example\r\nAuthentication-Results: mail.receiver.example (amavisd-new);\r\n"
        "\tdkim=pass (2048-bit key) header.d=ours.example\r\n"
        "Received: from mail.receiver.example ([127.0.0.1])\r\n\tby localhost (mail.receiver.example [127.0.0.1])"
        " (amavisd-new, port 10024)\r\n\twith ESMTP id aBcDeFgH for <customer@receiver.example>;\r\n"
        "\tMon,  2 Nov 2026 13:05:07 +0100 (CET)\r\n"
        "Authentication-Results: mail.receiver.example; dmarc=pass (p=none dis=none) header.from=ours.example\r\n"
        "Authentication-Results: mail.receiver.example; spf=pass smtp.mailfrom=bounce@ours.example\r\n"
        "Received: from mail.ours.example (mail.ours.example [192.0.2.10])\r\n\tby mail.receiver.example (Postfix) with ESMTPS"
        " id 4XkAA\r\n\tfor <customer@receiver.example>; Mon,  2 Nov 2026 13:05:06 +0100 (CET)\r\n"),
    "Stalwart": (
        "Return-Path: <bounce@ours.example>\r\nDelivered-To: customer@receiver.example\r\n"
        "Authentication-Results: mail.receiver.example;\r\n\tdkim=pass header.d=ours.example header.s=s1 header.b=bWFkZXVw;\r\n"
        "\tspf=pass (mail.receiver.example: domain of bounce@ours.example designates 192.0.2.10 as permitted sender)"
        " smtp.mailfrom=bounce@ours.example;\r\n\tiprev=pass policy.iprev=192.0.2.10;\r\n"
        "\tdmarc=pass header.from=ours.example policy.dmarc=none\r\n"
        "Received-SPF: pass (mail.receiver.example: domain of bounce@ours.example designates 192.0.2.10 as permitted sender)\r\n"
        "\treceiver=mail.receiver.example; client-ip=192.0.2.10; envelope-from=\"bounce@ours.example\";"
        " helo=mail.ours.example;\r\n"
        "Received: from mail.ours.example (mail.ours.example [192.0.2.10])\r\n\t(using TLSv1_3 with cipher"
        " TLS13_AES_256_GCM_SHA384)\r\n\tby mail.receiver.example (Stalwart SMTP) with ESMTPS id 2A4F;\r\n"
        "\tMon, 2 Nov 2026 12:05:06 +0000\r\n"),
    "Cyrus": (
        "Return-Path: <bounce@ours.example>\r\n"
        "Received: from mx1.receiver.example ([unix socket])\r\n\t by store1 (Cyrus 3.6.1-Debian-3.6.1-4+deb12u3) with LMTPA;\r\n"
        "\t Mon, 02 Nov 2026 12:05:08 +0000\r\nX-Sieve: CMU Sieve 3.0\r\n" + RESULTS + ENTRY),
    "OpenDMARC": (
        "Return-Path: <bounce@ours.example>\r\nX-Original-To: customer@receiver.example\r\n"
        "Delivered-To: customer@receiver.example\r\n"
        "Authentication-Results: OpenDMARC; dmarc=pass (p=none dis=none) header.from=ours.example\r\n"
        "Authentication-Results: mx1.receiver.example;\r\n\tdkim=pass (2048-bit key; unprotected) header.d=ours.example"
        " header.i=@ours.example header.a=rsa-sha256 header.s=s1 header.b=bWFkZXVw;\r\n\tdkim-atps=neutral\r\n"
        "Authentication-Results: mx1.receiver.example; spf=pass (sender SPF authorized) smtp.mailfrom=ours.example"
        " (client-ip=192.0.2.10; helo=mail.ours.example; envelope-from=bounce@ours.example; receiver=<UNKNOWN>)\r\n" + ENTRY),
}
