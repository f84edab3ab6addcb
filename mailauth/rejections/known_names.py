"""Receivers and blocklists by what stands in their answers."""

from __future__ import annotations

# Who speaks, in order of how specific the mark is.
RECEIVERS: tuple[tuple[tuple[str, ...], str], ...] = (
    (("gsmtp", "gmail-smtp-in", "aspmx.l.google.com", "smtp.gmail.com", "support.google.com", ".googlemail.com",
      "gmail has detected", "gmail requires"), "Gmail"),
    (("protection.outlook.com", "outbound.protection", "prod.outlook.com", "olc.protection", "postmaster.live.com",
      "mail.live.com", "sendasdenied", "5.7.515", "5.7.509", "5.7.60 smtp; client", "office365.com", "sender.office.com",
      "resolver.adr.", "resolver.rst.", "aka.ms/"), "Microsoft"),
    (("yahoodns.net", "yahooinc.com", "postmaster.yahoo.com", "yahoo requires", "help.yahoo.com"), "Yahoo"),
    (("mail.icloud.com", "support.apple.com"), "Apple"),
    (("emig.gmx", "gmx.net", "gmx.com", "nemesis esmtp", "kundenserver.de", "postmaster.1und1", "web.de (mx"),
     "GMX/WEB.DE/IONOS"),
    (("t-online.de",), "T-Online"),
    (("smtp-in.orange.fr", "smtp.orange.fr", " ofr_", " ofr0", "mwinf5"), "Orange"),
    (("laposte.net", " lpn0", " lpnaaa"), "La Poste"),
    (("mimecast.com", "mimecast.org"), "Mimecast"),
    (("qq.com",), "QQ"),
    (("mail.163.com", "163mx"), "NetEase (163)"),
    (("comcast.net",), "Comcast"),
    (("cox.net", "cox.com"), "Cox"),
    (("spectrum.net",), "Spectrum"),
    (("secureserver.net", "x.co/srbounce"), "GoDaddy"),
    (("mail.ru", "corp.mail.ru"), "Mail.ru"),
    (("yandex.", "ya.cc/"), "Yandex"),
    (("zoho.com", "zohomail"), "Zoho"),
    (("messagelabs.com", "symanteccloud.com"), "Symantec"),
    (("pphosted.com",), "Proofpoint"),
    (("ppe-hosted.com",), "Proofpoint"),
    (("barracudanetworks.com",), "Barracuda"),
    (("naver.com",), "Naver"),
    (("hydra.sophos.com",), "Sophos"),
)

# Blocklists by name; in order of how specific the mark is.
BLOCKLISTS: tuple[tuple[tuple[str, ...], str], ...] = (
    (("spamhaus",), "Spamhaus"),
    (("barracudacentral", "barracudanetworks.com/reputation", "using barracuda", "barracuda reputation"), "Barracuda"),
    (("spamcop",), "SpamCop"),
    (("sorbs",), "SORBS"),
    (("uceprotect",), "UCEPROTECT"),
    (("csi.cloudmark", "cloudmark sender intelligence", "cloudmark csi", "cloudmark poor reputation"), "Cloudmark"),
    (("ipcheck.proofpoint", "proofpoint.com/dnsbl-lookup", "prs.proofpoint", "proofpoint dynamic reputation"), "Proofpoint"),
    (("abusix",), "Abusix"),
    (("mailspike",), "Mailspike"),
    (("spfbl",), "SPFBL"),
    (("gbudb",), "Truncate (GBUdb)"),
    (("psbl.surriel", "psbl.org"), "PSBL"),
    (("mail-abuse.com", "trend micro email reputation", "trend micro rbl", "trendmicro.com/reputation"), "Trend Micro"),
    (("invaluement", "ivmsip"), "Invaluement"),
    (("nixspam", "manitu.net"), "NiX Spam"),
    (("spamrats",), "SpamRATS"),
    (("senderscore", "validity.com"), "Validity"),
    (("hostkarma", "junkemailfilter"), "Hostkarma"),
    (("(s3150)", "(s3140)", "sender.office.com", "delist@microsoft.com", "delist@messaging.microsoft.com"), "Microsoft"),
)


def named(table: tuple[tuple[tuple[str, ...], str], ...], text: str) -> str | None:
    """Return the first name of ``table`` of which a mark stands in the lower-case ``text``, or ``None``."""
    return next((name for marks, name in table if any(mark in text for mark in marks)), None)
