"""Pieces of mails and reports that fuzzers put together in any order, and into real ones."""

from __future__ import annotations

OF_MAILS = (
    b"Received: from ", b"Received: ", b" by ", b" with ESMTP", b"(", b")", b"[192.0.2.10]", b"[IPv6:2001:db8::1]",
    b"mx.google.com", b"; Mon, 2 Nov 2026 12:05:06 +0000", b"; Mon, 99 Foo 99999 99:99:99 +9999", b"\r\n", b"\r\n ", b"\n",
    b"\r\n\r\n", b"Authentication-Results: ", b"DKIM-Signature: v=1; a=rsa-sha256; d=ours.example; s=s1; h=from; bh=AA==; b=AA==",
    b"From: ", b"jane@ours.example", b"=?utf-8?b?AAAA?=", b"=?no-such?q?=ff?=", b'"', b"<", b">", b",", b";", b"=", b"\\",
    b"Content-Type: multipart/mixed; boundary=x", b"--x\r\n", b"Content-Type: message/rfc822\r\n\r\n", b"Return-Path: <>",
    b"dkim=pass header.d=ours.example", b"\x00", b"\xff\xfe", b"\x1b[31m", "\u202e".encode(), b"List-Id: x", b":",
)
OF_REPORTS = (
    b"<feedback>", b"</feedback>", b"<?xml version='1.0'?>", b"<?xml version='1.0' encoding='utf-16'?>", b"<record>", b"</record>",
    b"<row>", b"</row>", b"<source_ip>192.0.2.1</source_ip>", b"<source_ip>::ffff:1.2.3.4</source_ip>", b"<count>1</count>",
    b"<count>99999999999999999999</count>", b"<policy_evaluated>", b"</policy_evaluated>", b"<dkim>", b"</dkim>", b"<spf>pass</spf>",
    b"<dkim>pass</dkim>", b"<auth_results>", b"</auth_results>", b"<reason>", b"</reason>", b"<type>other</type>", b"<identifiers>",
    b"<report_metadata>", b"</report_metadata>", b"<date_range><begin>1</begin><end>9e9</end></date_range>", b"<policy_published>",
    b"<domain>firm.example</domain>", b"<domain>xn--\xc3\xbc</domain>", b"</policy_published>", b"&amp;", b"&", b"&#0;", b"&#x110000;",
    b"&nbsp;", b"<!DOCTYPE a [", b"<!ENTITY a 'b'>", b"]>", b"<![CDATA[", b"]]>", b"<!--", b"-->", b"<?", b"?>", b"<", b">", b"/>",
    b"<a:b ", b"xmlns:a='", b"xmlns='urn:x'", b"'", b'"', b"=", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\xe9", b"\x1b[31m",
    "\u202e".encode(), b"\r\n", b"\n\n", b"{", b"}", b"[", b"]", b'"policies":', b'"summary":', b'"policy":', b":", b",", b"null", b"1e999", b"\\ud800", b"\\u0000",
    b"NaN", b"\x1f\x8b\x08\0\0\0\0\0\0\3", b"PK\3\4", b"PK\1\2", b"PK\5\6", b"From a 1:00\n", b"Content-Type: multipart/mixed; boundary=x\n",
    b"Content-Transfer-Encoding: base64\n", b"--x\n", b"--x--\n", b"H4sI", b"UEsD", b"Feedback-Type: auth-failure\n",
    b"Content-Type: message/feedback-report\n", b"Content-Type: message/rfc822\n", b"<xs:schema>",
)


def damage(octets: bytes, changes) -> bytes:
    """`changes`: where, what is put in, how much is taken out."""
    for at, piece, removed in changes:
        octets = octets[:at] + piece + octets[at + removed:]
    return octets
