"""Which words of a refusal count: rules of RFC 3463 and of receivers, each with siblings of every kind."""

import unittest

from ..rejections import classify
from .corpus import FOLDER

# The right cause (several with |), and a text.
RULES = {
    "codes of the recipient's address stand, whatever else is said": """
recipient~550 5.1.1 <anna@theirs.example>: User unknown in virtual mailbox table; see our DMARC policy page
recipient~550 5.1.1 SPF pass, but no such user here
recipient~550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup
recipient~553 5.1.3 phishing@theirs.example is no address
recipient~550 5.1.6 moved; ask about reverse DNS elsewhere
recipient~556 5.1.10 Recipient address has null MX
""",
    "names of people and hosts are no words of the receiver": """
recipient~550 5.1.1 <spf@theirs.example>: Recipient address rejected: User unknown
recipient~550 5.1.1 <anna@dmarc.example>: user unknown
recipient~550 5.2.1 <dkim-failed@spf.example> mailbox disabled
recipient~550 No such user: spf@theirs.example
recipient~550 5.2.2 anna's mailbox is full (sender: dmarc@ours.example)
recipient~550 5.2.1 Mailbox dmarc disabled
recipient~552 5.2.2 user dkim is over quota
recipient~550 no such user dmarc
recipient~550 Mailbox 'spf' not found
""",
    "unless the receiver's own sentence names the sender": """
sender_domain~550 5.1.2 Sender Domain Not Found
sender_domain~550 5.1.1 <bounce@ours.example>: sender address does not exist
sender_domain~550 5.1.2 MAIL FROM domain does not exist
""",
    "X.1.7 and X.1.8 are the sender's": """
sender_domain~550 5.1.7 bad syntax
sender_domain~501 5.1.8 no
sender_domain~450 4.1.7 <bounce@ours.example>: Sender address rejected: unverified address: host mail.ours.example[192.0.2.5] said: 550 5.1.1 no mailbox (in reply to RCPT TO command)
account_blocked~550 5.1.8 Access denied, bad outbound sender AS(42004)
""",
    "X.1.0 is decided by the sentence": """
recipient~550 5.1.0 <anna@theirs.example> recipient rejected
recipient~550 5.1.0 Unknown address
recipient~550 #5.1.0 Address rejected.
sender_domain~550 5.1.0 sender domain does not exist
spf~550 5.1.0 192.0.2.25 is not allowed to send from <ours.example> per its SPF Record
""",
    "a rejected sender is never the recipient's trouble": """
sender_domain|none~550 5.7.1 <bounce@ours.example>: Sender address rejected: User unknown in virtual mailbox table
none|blocklisted|judged_spam~550 5.7.1 <bounce@ours.example>: Sender address rejected: Access denied
sender_domain|none~550 5.1.0 <bounce@ours.example>: Sender address rejected: mailbox full
rdns~450 4.7.1 <unknown[192.0.2.25]>: Client host rejected: cannot find your reverse hostname, [192.0.2.25]
""",
    "the protocol that the refusing sentence names decides, in any language": """
spf~550 5.7.1 Absender nicht berechtigt: SPF-Pr\u00fcfung fehlgeschlagen
dkim~550 5.7.1 Firma DKIM no v\u00e1lida
dmarc~550 5.7.1 Messaggio rifiutato: la verifica DMARC non \u00e8 stata superata
spf~550 5.7.1 Wiadomo\u015b\u0107 odrzucona: adres nie jest dozwolony przez SPF nadawcy
dmarc~550 5.7.1 \u30e1\u30fc\u30eb\u306fDMARC\u30dd\u30ea\u30b7\u30fc\u306b\u3088\u308a\u62d2\u5426\u3055\u308c\u307e\u3057\u305f
spf~550 5.7.1 \u043f\u0438\u0441\u044c\u043c\u043e \u043e\u0442\u043a\u043b\u043e\u043d\u0435\u043d\u043e: SPF \u0434\u043e\u043c\u0435\u043d\u0430 \u043d\u0435 \u0440\u0430\u0437\u0440\u0435\u0448\u0430\u0435\u0442 \u044d\u0442\u043e\u0442 \u0430\u0434\u0440\u0435\u0441
dkim~550 5.7.1 DKIM-Signatur ung\u00fcltig
dmarc~550 5.7.1 Message refus\u00e9, v\u00e9rification DMARC en \u00e9chec
spf~550 Message rejected because SPF check did not pass
authentication~550 5.7.1 neither SPF nor DKIM passed
dmarc~550 5.7.26 Unauthenticated email from ours.example is not accepted due to domain's DMARC policy
dkim~550 5.7.26 DKIM authentication failed
""",
    "what passed was not refused": """
judged_spam~550 5.7.1 Message rejected as spam (SPF=pass, DKIM=pass, DMARC=pass)
""",
    "a protocol that could not be looked up is nobody's trouble": """
none~451 4.3.0 temporary DMARC lookup failure
none~451 4.4.3 SPF temperror
""",
    "Gmail's codes keep their meaning when mail is slowed down": """
authentication~421 4.7.26 Your mail has been rate limited. - gsmtp
spf~421-4.7.27 Your mail has been rate limited. - gsmtp
tls~421 4.7.29 Your mail has been rate limited. - gsmtp
dkim~421 4.7.30 Your mail has been rate limited. - gsmtp
dmarc~421 4.7.31 Your mail has been rate limited. - gsmtp
dmarc~421 4.7.32 Your mail has been rate limited. - gsmtp
dmarc~421 4.7.40 Your mail has been rate limited because the sending domain has no policy. - gsmtp
too_fast~421 4.7.28 Your mail has been rate limited. - gsmtp
""",
    "groups and mailboxes for one's own people are the recipient's matter": """
recipient~550 5.7.124 RESOLVER.RST.RestrictedToGroupPermission; Sender not in allowed-senders list
recipient~550 5.7.129 RESOLVER.RST.RestrictedToRecipientsPermission; not authorized to send to the recipient
recipient~550 5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup; authentication required
recipient~550 5.7.134 RESOLVER.RST.SenderNotAuthenticatedForMailbox; authentication required
recipient~550 5.7.1 RESOLVER.RST.AuthRequired; authentication required
recipient~550 5.7.1 RESOLVER.RST.NotAuthorized; not authorized
""",
    "a password that is not wanted is no wrong password": """
oauth_required~SMTPAuthenticationError: (550, b'5.7.30 Basic authentication is not supported for Client Submission. [X.prod.outlook.com]')
oauth_required~535 5.7.139 Authentication unsuccessful, basic authentication is disabled. [X.PROD.OUTLOOK.COM]
login_refused~535 5.7.139 Authentication unsuccessful, the user credentials were incorrect. [X.PROD.OUTLOOK.COM]
login_refused~530 5.7.1 Client was not authenticated
""",
    "an answer to a login is the own server's, whoever tells of it": """
account_blocked~535 5.7.8 Your account has been suspended
login_refused~535 5.7.0 Invalid login or password
""",
    "relays that take the login's own address only": """
sender_not_permitted~SMTPSenderRefused: (553, b'5.7.1 Sender address rejected: not owned by auth user.', 'bounce@ours.example')
sender_not_permitted~SMTPSenderRefused: (501, b'Mail from address must be same as authorization user.')
sender_not_permitted~SMTPSenderRefused: (553, b'Mail from must equal authorized user')
sender_not_permitted~SMTPSenderRefused: (550, b'5.7.0 From address is not one of your addresses')
sender_not_permitted~SMTPDataError: (553, b'Sender is not allowed to relay emails')
sender_not_permitted~SMTPSenderRefused: (553, b'Relaying disallowed as bounce@ours.example')
sender_not_permitted~SMTPDataError: (550, b"The 'From' address you supplied (info@ours.example) is not a Sender Signature on your account.")
sender_not_permitted~SMTPSenderRefused: (451, b'4.0.0 backend: invalid return path: not owned by user')
sender_not_permitted~SMTPSenderRefused: (553, b'5.7.1 <info@ours.example>: Sender address rejected: not logged in')
sender_not_permitted~551 5.7.1 Not authorised to send from this header address
sender_not_permitted~553 Mail from must equal authorized user
sender_not_permitted~SMTPDataError: (551, b'5.7.1 Not authorised to send from this header address')
""",
    "who speaks decides what a login and a relay mean": """
relay_denied~SMTPRecipientsRefused: {'anna@theirs.example': (554, b'5.7.1 <anna@theirs.example>: Relay access denied')}
recipient~<anna@theirs.example>: host mx.theirs.example[192.0.2.9] said: 554 5.7.1 <anna@theirs.example>: Relay access denied (in reply to RCPT TO command)
login_refused~SMTPSenderRefused: (530, b'5.7.1 Client was not authenticated', 'info@ours.example')
recipient~<anna@theirs.example>: host mx.theirs.example[192.0.2.9] said: 530 5.7.1 Client was not authenticated (in reply to MAIL FROM command)
recipient~<anna@theirs.example>: host mx.theirs.example[192.0.2.9] said: 550 5.7.1 Authentication required (in reply to RCPT TO command)
""",
    "lists, reputation and names in DNS, in their receivers' words": """
blocklisted~554-gmx.net (mxgmx104) Nemesis ESMTP Service not available\\n554-No SMTP service\\n554-IP address is block listed.
rdns~554-web.de (mxweb005) Nemesis ESMTP Service not available\\n554-No SMTP service\\n554 invalid DNS PTR resource record, IP=192.0.2.25
blocklisted~553 https://www.spamhaus.org/query/ip/192.0.2.25
blocklisted~550 5.7.1 Email blocked by SPAMHAUS
blocklisted~550 5.7.1 Service unavailable; client [192.0.2.25] blocked using prs.proofpoint.com
blocklisted~550 5.7.1 SPFBL permanently blocked.
rdns~421 Temporarily rejected. Reverse DNS for 192.0.2.25 failed. IB108
too_fast~421 HL:IFC 163 mx1: too many connections
blocklisted|judged_spam~550 5.7.1 bad reputation of 192.0.2.25
""",
    "other ways to say the same": """
spf~550 5.7.1 <anna@theirs.example>: Recipient address rejected: Please see http://www.openspf.net/Why?s=mfrom;id=bounce%40ours.example;ip=192.0.2.25
spf~550 5.7.1 Sender ID (PRA) Not Permitted
spf~554 5.7.1 SPF fail
spf~550 [SPF] 192.0.2.25 is not allowed to send mail from ours.example.
spf~550 SPF: 192.0.2.25 is not allowed to send mail from ours.example
spf~550-[SPF] 192.0.2.25 is not allowed to send mail from ours.example. Please\\n550 see http://www.openspf.org/Why?scope=mfrom
spf~550 Rejected by SPF
spf~550 Message was blocked by server (SPF)
spf~550 5.7.0 Error: SPF hard fail, ours.example does not designate 192.0.2.25 as permitted sender
spf~550 Sender IP 192.0.2.25 is not authorized by SPF of ours.example
spf~550 5.7.1 Command rejected: SPF
spf~554 5.7.5 Permanent Error Evaluating SPF policy
dmarc~554 5.7.5 Permanent Error Evaluating DMARC Policy
dmarc~550 5.7.1 Message was rejected due to DMARC failing (p=reject)
dmarc~550 #5.7.1 DMARC unauthenticated mail is prohibited.
dmarc~550-5.7.1 DMARC: Mail from ours.example rejected by policy
dmarc~550 5.7.1 dmarc=fail (p=reject dis=reject) header.from=ours.example
dkim~554 5.7.7 DKIM signature invalid
dkim~550 DKIM: encountered the following problem validating ours.example: bodyhash_mismatch
dkim~550 5.7.1 Gateway rejected: domainkeys failure
dkim~550 5.7.1 Message failed DKIM test
dkim~550 5.7.1 bad DKIM signature data
authentication~550 5.7.1 Message failed SPF and DKIM checks
authentication~451 4.7.26 This mail is unauthenticated, which poses a security risk
authentication|sender_domain~550 5.7.26 This message does not pass authentication checks
rdns~550 5.7.1 Client host rejected: cannot find your reverse hostname, [192.0.2.25]
rdns~450 4.7.1 Client host rejected: cannot find your hostname, [192.0.2.25]
rdns~554 5.7.1 The server sending your mail [192.0.2.25] does not have a reverse DNS entry. Connection Rejected
rdns~550 IP address 192.0.2.25 has no PTR record
rdns~550 5.7.1 Reverse DNS lookup failed for host 192.0.2.25
rdns~554 Your IP address does not have a valid rDNS
rdns~421 4.7.0 The IP address sending this message does not have a PTR record
rdns|none~550 5.7.1 HELO name does not match reverse lookup
blocklisted~554 5.7.1 Your IP is listed on b.barracudacentral.org
blocklisted~550 5.7.1 Mail from 192.0.2.25 refused - see RBL bl.spamcop.net
blocklisted~554 5.7.1 Service unavailable; Client host [192.0.2.25] blocked using dnsbl-1.uceprotect.net; IP 192.0.2.25 is UCEPROTECT-Level 1 listed
blocklisted~550 5.7.1 Rejected - listed at truncate.gbudb.net
blocklisted~550 192.0.2.25 is in the black list
blocklisted~554 5.7.1 rejected: IP on abusix blocklist
blocklisted|judged_spam~550-Your IP address has been blocked due to poor reputation
blocklisted~550 5.7.1 [192.0.2.25] Our system has detected that your IP is on our deny list
blocklisted~521 5.2.1 : (HVU:B1) blocklisted
blocklisted|judged_spam~554-esa1.theirs.iphmx.com\\n554 Your access to this mail system has been rejected due to the sending MTA's poor reputation.
blocklisted~550 "JunkMail rejected - [192.0.2.25]:44 is in an RBL: https://www.spamhaus.org/sbl"
blocklisted~550 Dynamic/generic hostnames are not accepted; your IP is on a dynamic IP list
judged_spam~554 5.7.1 Message rejected because of spam
judged_spam~550 5.7.1 Message contains spam or virus.
judged_spam~571 5.7.1 [AS] Message refused, spam score 9.8
judged_spam~550 5.7.1 Spam Detected: score=12
judged_spam~550 High probability of spam
judged_spam~554 Transaction failed: Message rejected as spam
judged_spam~550 5.7.1 Diese Nachricht wurde als Spam eingestuft
judged_spam~550 5.2.1 Mensaje rechazado por considerarse spam
judged_spam~554 5.7.1 Message cannot be accepted, spam rejection
too_fast~450 4.7.1 Error: too many connections from 192.0.2.25
too_fast~452 Too many emails sent or too many recipients
too_fast~421 4.7.0 Too many messages from your IP, try later
too_fast~451 4.7.1 You've exceeded the sending limit for this receiver, slow down
too_fast~421 Throttled - try again later
recipient~550 No such user here
recipient~550 5.1.1 Mailbox not found
recipient~511 5.1.1 Benutzer unbekannt
recipient~550 Utilisateur inconnu
recipient~550 Usuario desconocido
recipient~550 El usuario no existe
recipient~550 5.2.1 Casella non attiva
recipient~550 Konto nie istnieje
recipient~550 5.1.1 \u6536\u4ef6\u4eba\u4e0d\u5b58\u5728
recipient~552 \u90ae\u7bb1\u5df2\u6ee1
recipient~550 \u043f\u043e\u043b\u044c\u0437\u043e\u0432\u0430\u0442\u0435\u043b\u044c \u043d\u0435 \u043d\u0430\u0439\u0434\u0435\u043d
recipient~553 5.3.0 <anna@theirs.example>... Addressee unknown, relay=[192.0.2.25]
recipient~550 5.1.1 RESOLVER.ADR.ExRecipNotFound; not found
recipient~550-Callout verification failed:\\n550 No such user
recipient~554 5.2.2 mailbox full
recipient~550 The email account that you tried to reach is over quota
recipient~550 invalid DNS MX... mailbox unavailable
recipient~550 Account has been suspended
recipient~550 5.7.1 Delivery not authorized, message refused: recipient only accepts mail from internal senders
recipient~550 5.7.1 <list@theirs.example>: Recipient address rejected: only members may post
sender_domain~550 5.1.8 <bounce@ours.example>: Sender address rejected: Domain not found
sender_domain~553 5.1.8 <b@ours.example>... Domain of sender address b@ours.example does not exist
sender_domain~550 Sender's domain does not have an MX record
sender_domain~550 cannot route to sender address
sender_domain~550-Sender verification failed for bounce@ours.example
sender_domain~450 4.1.8 Sender's domain does not resolve
sender_domain~501 5.1.7 Invalid address [X.prod.outlook.com]
sender_domain~550 5.7.27 Sender address has null MX
sender_domain~554 5.7.1 mail from domain must have an MX record
tls~530 5.7.0 Must issue a STARTTLS command first
tls~550 5.7.10 Encryption needed
tls~554 5.7.3 unable to initiate STARTTLS: TLS is required by recipient
relay_denied~SMTPRecipientsRefused: {'a@b.example': (550, b'5.7.1 Unable to relay')}
relay_denied~SMTPRecipientsRefused: {'a@b.example': (553, b"sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)")}
relay_denied~SMTPRecipientsRefused: {'a@b.example': (550, b'5.7.54 SMTP; Unable to relay recipient in non-accepted domain')}
relay_denied~SMTPRecipientsRefused: {'a@b.example': (454, b'4.7.1 <a@b.example>: Relay access denied')}
login_refused~SMTPAuthenticationError: (535, b'5.7.8 Error: authentication failed: (reason unavailable)')
login_refused~SMTPAuthenticationError: (535, b'5.7.3 Authentication unsuccessful')
login_refused~SMTPAuthenticationError: (535, b'Authentication failed')
login_refused~SMTPAuthenticationError: (535, b'5.7.0 authentication rejected')
login_refused~SMTPAuthenticationError: (534, b'5.7.9 https://support.google.com/mail/?p=InvalidSecondFactor application-specific password required')
login_refused~SMTPSenderRefused: (530, b'5.7.57 SMTP; Client was not authenticated to send anonymous mail during MAIL FROM')
login_refused~SMTPSenderRefused: (530, b'5.7.0 Authentication Required')
limit_reached~SMTPDataError: (550, b'5.4.5 Daily user sending quota exceeded')
limit_reached|too_fast~SMTPDataError: (454, b'Throttling failure: Maximum sending rate exceeded.')
limit_reached~SMTPDataError: (451, b'4.7.1 You have exceeded your hourly sending limit')
limit_reached~SMTPDataError: (550, b'Number of messages per hour exceeded for your account')
limit_reached|too_fast~SMTPDataError: (452, b'4.5.3 Too many recipients today')
account_blocked~SMTPDataError: (550, b'5.1.8 Access denied, bad outbound sender')
account_blocked~SMTPDataError: (525, b'5.7.1 Your SMTP account is not yet activated')
account_blocked~SMTPAuthenticationError: (535, b'5.7.8 Your account has been suspended')
account_blocked~SMTPDataError: (550, b'Outgoing mail from ours.example has been suspended')
sender_not_permitted~SMTPDataError: (554, b'5.2.252 SendAsDenied; jim@ours.example not allowed to send as x@ours.example')
sender_not_permitted~SMTPDataError: (550, b'5.7.1 Sender address rejected: not owned by user')
sender_not_permitted~SMTPSenderRefused: (550, b'Sender address does not belong to the authenticated user')
sender_not_permitted~SMTPSenderRefused: (553, b'5.5.4 sender address must match authenticated user')
sender_not_permitted~SMTPDataError: (554, b'5.7.1 The sender domain ours.example is not verified')
sender_not_permitted~SMTPDataError: (550, b'5.7.1 You are not authorized to send from this address')
sender_not_permitted~SMTPDataError: (554, b'Message rejected: Email address is not verified.')
sender_not_permitted~SMTPDataError: (550, b'Domain ours.example is not allowed to send: free accounts are for test purposes only')
sender_not_permitted~SMTPSenderRefused: (553, b'5.7.1 Access denied: from address not allowed for this login')
oauth_required~SMTPAuthenticationError: (535, b'5.7.3 Authentication unsuccessful: password login was disabled, use OAuth2')
none~421 4.3.2 Service not available
none~451 4.7.0 Temporary server error. Please try again later. PRX2
none~454 4.7.0 Temporary authentication failure: Connection lost to authentication server
none~SMTPAuthenticationError: (454, b'4.7.0 Temporary authentication failure')
sender_not_permitted~SMTPSenderRefused: (550, b'5.7.1 User jim@ours.example is not authorized to send as x@ours.example')
limit_reached~550 5.7.233 Message can not be submitted because the tenant has exceeded its limit for recipients
none~550 5.7.1 Access denied
none~554 5.6.0 Message malformed
""",
    "put off, or too large: nothing about anybody": """
none~451 4.7.1 Greylisting in action, please come back later
none~450 4.2.0 <anna@theirs.example>: Recipient address rejected: Greylisted
none~421 4.4.2 Connection timed out
none~552 5.3.4 Message size exceeds fixed limit
none~554 5.4.6 Too many hops
""",
    "a letter without a code can tell of the recipient only": """
recipient~Undelivered Mail\\nYour mail could not be delivered to anna@theirs.example, as their mailbox is full.
none~Your mail could not be delivered. Please look at your SPF, DKIM and DMARC.
none~I am on holiday; my mailbox is full of DMARC reports.
""",
}


class TestSentences(unittest.TestCase):
    def right(self, causes, text):
        refusal = classify(text.replace("\\n", "\n"))
        self.assertIn(refusal.cause.value if refusal else "none", causes.split("|"), refusal and refusal.words)

    def test_rules(self):
        for rule, rows in RULES.items():
            for row in rows.strip().split("\n"):
                causes, _mark, text = row.partition("~")
                with self.subTest(rule, text=text):
                    self.right(causes, text)

    def test_cases_that_administrators_reported(self):
        rows = (FOLDER / "cases.tsv").read_text("utf-8").splitlines()
        self.assertGreater(len(rows), 30)
        for row in rows:
            causes, _mark, text = row.partition("\t")
            with self.subTest(text=text):
                self.right(causes, text)
