"""The story "reports": ninety days of DMARC reports of six receivers, and one of somebody whom nothing proves.

What they see: mail of Odoo's own servers, a newsletter service that nobody remembers, a forwarder, a mailing list, a wave
of forged mail, and since last week a server that nobody knows yet.
"""

import io
import random
import zipfile
from base64 import encodebytes
from datetime import datetime, time, timedelta, timezone

DOMAIN = "rentals.example"
DAYS = 90
RECEIVERS = [
    # domain, name, share of the mail
    ("google.com", "google.com", 0.4), ("microsoft.com", "Outlook.com", 0.3), ("yahoo.com", "Yahoo", 0.1),
    ("comcast.net", "Comcast", 0.1), ("gmx.net", "GMX", 0.05), ("fastmaildmarc.com", "Fastmail", 0.05),
]
OWN = ("198.51.100.10", "198.51.100.11", "203.0.113.20")  # of odoo.com.zone
FORGOTTEN = ("198.51.100.130", "198.51.100.131")  # of brevo.com.zone
FORWARDER, LIST = "192.0.2.200", "192.0.2.210"
WAVE = range(17, 20)  # days ago
UNPROVEN = "192.0.2.66"
NEWCOMER, NEWCOMER_SINCE = "192.0.2.150", 9  # days ago


def upload_of(today):
    """Return a ZIP file of the reports up to yesterday, the same ones on one day."""
    chance = random.Random(today.toordinal())
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for ago in range(DAYS, 0, -1):
            day = today - timedelta(days=ago)
            for domain, name, share in RECEIVERS:
                archive.writestr(f"{domain}!{DOMAIN}!{day}.xml", report(day, domain, name, _records(chance, day, ago, share)))
    return packed.getvalue()


def _records(chance, day, ago, share):
    """Yield what one receiver saw on a day: (address, emails, signed, permitted, key, envelope, reason)."""
    for address in OWN:
        if many := round(chance.randint(100, 190) * share * (0.3 if day.weekday() > 4 else 1)):
            yield address, many, True, True, "odoo", DOMAIN, ""
    if day.weekday() in (1, 3):
        for address in FORGOTTEN:
            yield address, round(chance.randint(220, 260) * share) or 1, False, False, "", "brevo.com", ""
    if chance.random() < 2 * share:
        yield FORWARDER, chance.randint(1, 4), True, False, "odoo", "alumni.example", ""
    if chance.random() < share:
        yield LIST, chance.randint(1, 3), False, False, "", "list.example", "mailing_list"
    if ago <= NEWCOMER_SINCE and (many := round(chance.randint(15, 30) * share)):
        yield NEWCOMER, many, False, False, "", DOMAIN, ""
    if ago in WAVE:
        for number in chance.sample(range(150, 255), 60):
            yield f"203.0.113.{number}", chance.randint(1, 2), False, False, "", "forged.example", ""


def report(day, domain, name, records):
    """Return one aggregate report as XML."""
    begin = int(datetime.combine(day, time.min, timezone.utc).timestamp())
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<feedback><version>1.0</version>
<report_metadata><org_name>{name}</org_name><email>dmarc@{domain}</email><report_id>{day:%Y%m%d}-{domain}</report_id>
<date_range><begin>{begin}</begin><end>{begin + 86399}</end></date_range></report_metadata>
<policy_published><domain>{DOMAIN}</domain><adkim>r</adkim><aspf>r</aspf><p>none</p><pct>100</pct></policy_published>
{''.join(_record(*one) for one in records)}</feedback>"""


def _record(address, many, signed, permitted, key, envelope, reason):
    words = {True: "pass", False: "fail"}
    signature = f"<dkim><domain>{DOMAIN}</domain><selector>{key}</selector><result>pass</result></dkim>" if key else ""
    why = f"<reason><type>{reason}</type></reason>" if reason else ""
    return f"""<record><row><source_ip>{address}</source_ip><count>{many}</count><policy_evaluated><disposition>none</disposition>
<dkim>{words[signed]}</dkim><spf>{words[permitted]}</spf>{why}</policy_evaluated></row>
<identifiers><header_from>{DOMAIN}</header_from></identifiers>
<auth_results>{signature}<spf><domain>{envelope}</domain><result>{words[envelope != "forged.example"]}</result></spf>
</auth_results></record>
"""


def unproven_mail(today, address):
    """Return a mail with a report whose sender nothing proves."""
    xml = report(today - timedelta(days=1), "google.com", "google.com", [(UNPROVEN, 5000, True, True, "odoo", DOMAIN, "")])
    return (
        f"From: Reports <noreply-dmarc-support@google.com>\r\nTo: {address}\r\nSubject: Report domain: {DOMAIN}\r\n"
        "Message-Id: <unproven@google.com>\r\nMIME-Version: 1.0\r\nContent-Type: text/xml\r\n"
        "Content-Transfer-Encoding: base64\r\n\r\n").encode() + encodebytes(xml.encode()).replace(b"\n", b"\r\n")
