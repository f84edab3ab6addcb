"""Mails as real servers write them, with addresses of documentation, and keys that sign them."""

from __future__ import annotations

import base64
import hashlib
from functools import cache

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256

from ..arrival import signature as engine
from ..change import to_rdata

EGRESS, EGRESS_NAME = "192.0.2.10", "mail.ours.example"
BODY = b"Dear customer,\r\n\r\nhere is your quotation.  \r\n\r\n\r\n"
SIGNED = "from:to:subject:date:message-id"

OWN = (
    "From: =?utf-8?q?J=C3=A4ne_Doe?= <jane@ours.example>\r\n"
    "To: customer@receiver.example\r\n"
    "Subject: =?utf-8?q?Quotation_S00042?=\r\n"
    "Date: Mon, 02 Nov 2026 12:05:00 +0000\r\n"
    "Message-Id: <123456789012345.1793620000.123-openerp-42-sale.order@odoo-host>\r\n"
    "MIME-Version: 1.0\r\n"
    'Content-Type: text/plain; charset="utf-8"\r\n'
)
# What Odoo and the mail server at its side write before the mail leaves.
SENDING = (
    "Received: from odoo-host (unknown [10.0.0.5])\r\n"
    "\tby mail.ours.example (Postfix) with ESMTPSA id 4XkABC1234z1\r\n"
    "\tfor <customer@receiver.example>; Mon,  2 Nov 2026 12:05:01 +0000 (UTC)\r\n"
)

GMAIL = (
    "Delivered-To: customer@gmail.com\r\n"
    "Received: by 2002:a05:7000:1234:b0:5c1:abcd:ef01 with SMTP id x20csp123456ejc;\r\n"
    "        Mon, 2 Nov 2026 04:05:06 -0800 (PST)\r\n"
    "X-Google-Smtp-Source: AGHT+IFmadeup\r\n"
    "X-Received: by 2002:a17:907:9606:b0:a9a with SMTP id gb6mr1.10.1793620000000;\r\n"
    "        Mon, 02 Nov 2026 04:05:06 -0800 (PST)\r\n"
    "ARC-Seal: i=1; a=rsa-sha256; t=1793620000; cv=none; d=google.com; s=arc-20240605; b=bWFkZXVw\r\n"
    "ARC-Authentication-Results: i=1; mx.google.com; spf=pass smtp.mailfrom=bounce@ours.example\r\n"
    "Return-Path: <bounce@ours.example>\r\n"
    "Received: from mail.ours.example (mail.ours.example. [192.0.2.10])\r\n"
    "        by mx.google.com with ESMTPS id a1-20020a1madeup.1.2026.11.02.04.05.05\r\n"
    "        for <customer@gmail.com>\r\n"
    "        (version=TLS1_3 cipher=TLS_AES_256_GCM_SHA384 bits=256/256);\r\n"
    "        Mon, 02 Nov 2026 04:05:05 -0800 (PST)\r\n"
    "Received-SPF: pass (google.com: domain of bounce@ours.example designates 192.0.2.10 as permitted sender)"
    " client-ip=192.0.2.10;\r\n"
    "Authentication-Results: mx.google.com;\r\n"
    "       dkim=pass header.i=@ours.example header.s=s1 header.b=bWFkZXVw;\r\n"
    "       spf=pass (google.com: domain of bounce@ours.example designates 192.0.2.10 as permitted sender)"
    " smtp.mailfrom=bounce@ours.example;\r\n"
    "       dmarc=pass (p=NONE sp=NONE dis=NONE) header.from=ours.example\r\n"
)
OUTLOOK = (
    "Received: from AS8PR01MB0001.eurprd01.prod.exchangelabs.com (2603:10a6:20b:1::1) by\r\n"
    " AM0PR01MB0002.eurprd01.prod.exchangelabs.com with HTTPS; Mon, 2 Nov 2026 12:05:09 +0000\r\n"
    "Received: from DB8PR01CA0003.eurprd01.prod.exchangelabs.com (2603:10a6:10:2::7) by\r\n"
    " AS8PR01MB0001.eurprd01.prod.exchangelabs.com (2603:10a6:20b:1::1) with Microsoft SMTP Server\r\n"
    " (version=TLS1_2, cipher=TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384) id 15.20.9228.1; Mon, 2 Nov 2026 12:05:08 +0000\r\n"
    "Received: from DB5EUR01FT004.eop-EUR01.prod.protection.outlook.com\r\n"
    " (2603:10a6:10:2:cafe::12) by DB8PR01CA0003.outlook.office365.com (2603:10a6:10:2::7) with Microsoft SMTP\r\n"
    " Server (version=TLS1_3) id 15.20.9228.2 via Frontend Transport; Mon, 2 Nov 2026 12:05:07 +0000\r\n"
    "Authentication-Results: spf=pass (sender IP is 192.0.2.10)\r\n"
    " smtp.mailfrom=ours.example; dkim=pass (signature was verified)\r\n"
    " header.d=ours.example;dmarc=pass action=none header.from=ours.example;compauth=pass reason=100\r\n"
    "Received-SPF: Pass (protection.outlook.com: domain of ours.example designates\r\n"
    " 192.0.2.10 as permitted sender) receiver=protection.outlook.com; client-ip=192.0.2.10;\r\n"
    " helo=mail.ours.example; pr=C\r\n"
    "Received: from mail.ours.example (192.0.2.10) by\r\n"
    " DB5EUR01FT004.mail.protection.outlook.com (10.152.4.1) with Microsoft SMTP Server (version=TLS1_2,\r\n"
    " cipher=TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384) id 15.20.9228.3 via Frontend Transport;\r\n"
    " Mon, 2 Nov 2026 12:05:06 +0000\r\n"
    "Return-Path: bounce@ours.example\r\n"
)
YAHOO = (
    "X-Apparently-To: customer@yahoo.com; Mon, 2 Nov 2026 12:05:08 +0000\r\n"
    "Return-Path: <bounce@ours.example>\r\n"
    "Authentication-Results: atlas-production.v2-mail-prod1-gq1.omega.yahoo.com;\r\n"
    " dkim=pass header.i=@ours.example header.s=s1;\r\n"
    " spf=pass smtp.mailfrom=ours.example;\r\n"
    " dmarc=pass(p=NONE) header.from=ours.example;\r\n"
    "Received: from 192.0.2.10 (EHLO mail.ours.example)\r\n"
    " by 10.197.36.1 with SMTPs\r\n"
    " (version=TLS1_3 cipher=TLS_AES_128_GCM_SHA256);\r\n"
    " Mon, 02 Nov 2026 12:05:07 +0000\r\n"
)
# A host of the receiver's own in front of the mailbox, each with a public address.
POSTFIX = (
    "Return-Path: <bounce@ours.example>\r\n"
    "Delivered-To: customer@receiver.example\r\n"
    "Received: from mx1.receiver.example\r\n"
    "\tby store.receiver.example with LMTP\r\n"
    "\tid madeup (envelope-from <bounce@ours.example>)\r\n"
    "\tfor <customer@receiver.example>; Mon, 02 Nov 2026 12:05:08 +0000\r\n"
    "Received: from mx1.receiver.example (mx1.receiver.example [198.51.100.5])\r\n"
    "\t(using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits))\r\n"
    "\t(No client certificate requested)\r\n"
    "\tby store.receiver.example (Postfix) with ESMTPS id 4XkAB; Mon,  2 Nov 2026 12:05:07 +0000 (UTC)\r\n"
    "Authentication-Results: mx1.receiver.example;\r\n"
    "\tdkim=pass (2048-bit key; unprotected) header.d=ours.example header.i=@ours.example header.s=s1;\r\n"
    "\tdkim-atps=neutral\r\n"
    "Authentication-Results: mx1.receiver.example; spf=pass (sender SPF authorized) smtp.mailfrom=bounce@ours.example\r\n"
    "Received: from mail.ours.example (mail.ours.example [192.0.2.10])\r\n"
    "\tby mx1.receiver.example (Postfix) with ESMTPS id 4XkAA\r\n"
    "\tfor <customer@receiver.example>; Mon,  2 Nov 2026 12:05:06 +0000 (UTC)\r\n"
)
EXIM = (
    "Return-path: <bounce@ours.example>\r\n"
    "Envelope-to: customer@receiver.example\r\n"
    "Delivery-date: Mon, 02 Nov 2026 12:05:07 +0000\r\n"
    "Received: from [192.0.2.10] (helo=mail.ours.example)\r\n"
    "\tby mx.receiver.example with esmtps (TLS1.3) tls TLS_AES_256_GCM_SHA384\r\n"
    "\t(Exim 4.98) (envelope-from <bounce@ours.example>) id 1t7AAA-0000-00\r\n"
    "\tfor customer@receiver.example; Mon, 02 Nov 2026 12:05:06 +0000\r\n"
)
EXCHANGE = (
    "Received: from EX02.corp.receiver.example (192.168.10.12) by EX01.corp.receiver.example\r\n"
    " (192.168.10.11) with Microsoft SMTP Server (version=TLS1_2) id 15.2.1544.9 via Mailbox\r\n"
    " Transport; Mon, 2 Nov 2026 13:05:08 +0100\r\n"
    "Received: from mail.ours.example (192.0.2.10) by EX02.corp.receiver.example\r\n"
    " (192.168.10.12) with Microsoft SMTP Server id 15.2.1544.9 via Frontend Transport;\r\n"
    " Mon, 2 Nov 2026 13:05:06 +0100\r\n"
    "Return-Path: bounce@ours.example\r\n"
)
RECEIVERS = {
    "Gmail": GMAIL, "Outlook.com": OUTLOOK, "Yahoo": YAHOO, "Postfix": POSTFIX, "Exim": EXIM, "Exchange": EXCHANGE,
}


@cache
def rsa_key(name: str = "s1") -> rsa.RSAPrivateKey:
    """A key for tests; the same one for the same name."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@cache
def ed25519_key() -> ed25519.Ed25519PrivateKey:
    return ed25519.Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"a key for tests").digest())


def key_record(key) -> str:
    """The TXT record of a key, as the text of the record."""
    public = key.public_key()
    if isinstance(key, ed25519.Ed25519PrivateKey):
        octets = public.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
        return f"v=DKIM1; k=ed25519; p={base64.b64encode(octets).decode()}"
    octets = public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return f"v=DKIM1; k=rsa; p={base64.b64encode(octets).decode()}"


def txt(record: str) -> str:
    """A TXT record as a zone file has it."""
    return f"TXT {to_rdata('TXT', record)}"


def sign(mail: bytes, *, domain="ours.example", selector="s1", key=None, c="relaxed/relaxed", h=SIGNED, more="", hashed=None) -> bytes:
    """The mail with a DKIM signature on top (RFC 6376 §3.5); that it is one is proven by dkimpy in the tests.

    ``hashed`` is how many octets of the body are (``l=`` in ``more`` says so).
    """
    key = key or rsa_key()
    header, _empty, body = mail.partition(b"\r\n\r\n")
    header_c, _slash, body_c = c.partition("/")
    canonical = engine._canonical_body(body, simple=body_c in ("", "simple"))[:hashed]
    algorithm = "ed25519-sha256" if isinstance(key, ed25519.Ed25519PrivateKey) else "rsa-sha256"
    body_hash = base64.b64encode(hashlib.sha256(canonical).digest()).decode()
    value = (
        f" v=1; a={algorithm}; c={c}; d={domain}; s={selector};{more}\r\n"
        f"\th={h};\r\n\tbh={body_hash};\r\n\tb=").encode()
    fields = _split(header)
    signed = b""
    for name in h.split(":"):
        for number in range(len(fields) - 1, -1, -1):
            if fields[number][0].lower() == name.strip().lower():
                signed += engine._canonical_field(*fields.pop(number), simple=header_c == "simple") + b"\r\n"
                break
    signed += engine._canonical_field("DKIM-Signature", value, simple=header_c == "simple")
    if isinstance(key, ed25519.Ed25519PrivateKey):
        octets = key.sign(hashlib.sha256(signed).digest())
    else:
        octets = key.sign(signed, padding.PKCS1v15(), SHA256())
    return b"DKIM-Signature:" + value + base64.b64encode(octets) + b"\r\n" + mail


def _split(header: bytes) -> list[tuple[str, bytes]]:
    fields: list[tuple[str, bytes]] = []
    for line in header.split(b"\r\n"):
        if line[:1] in (b" ", b"\t"):
            fields[-1] = fields[-1][0], fields[-1][1] + b"\r\n" + line
        else:
            name, _colon, value = line.partition(b":")
            fields.append((name.decode(), value))
    return fields


def plain(own: str = OWN, body: bytes = BODY) -> bytes:
    """The mail before anybody signed or delivered it."""
    return own.encode() + b"\r\n" + body


def arrived(receiver: str = GMAIL, mail: bytes | None = None) -> bytes:
    """The mail, signed by its server, as a receiver stores it."""
    return receiver.encode() + (sign(SENDING.encode() + plain()) if mail is None else mail)


def zones(spf: str = "v=spf1 ip4:192.0.2.10 -all", dmarc: str = "v=DMARC1; p=none", **selectors: str) -> dict[str, str]:
    """The zone of ``ours.example`` with a key at ``s1``, and what others publish."""
    keys = {"s1": key_record(rsa_key()), **selectors}
    return {"ours.example": "\n".join((
        "@ MX 10 mail", f"mail A {EGRESS}", f"@ {txt(spf)}", f"_dmarc {txt(dmarc)}",
        *(f"{selector}._domainkey {txt(record)}" for selector, record in keys.items()),
    ))}
