"""How rejections are worded: patterns over one sentence of a server's own words, each with its source.

The first rule that matches a sentence counts, and the first sentence that one matches. What is said in passing by
receivers of every kind ("access denied", "mailbox unavailable") is in ``WEAK``, and read after the codes.
"""

from __future__ import annotations

import re

from ..value import dataclass
from .answers import Speaker
from .causes import Cause
from .status_codes import EXCHANGE_CODES, GMAIL_CODES

_POSTFIX = "https://www.postfix.org/postconf.5.html"
_YAHOO = "https://senders.yahooinc.com/smtp-error-codes/"
_SES = "https://docs.aws.amazon.com/ses/latest/dg/troubleshoot-error-messages.html"
_SENDGRID = "https://www.twilio.com/docs/sendgrid/for-developers/sending-email/sender-identity"

_OURS = frozenset({Speaker.RELAY, Speaker.UNKNOWN})
_SESSION = frozenset({Speaker.RELAY})


@dataclass(frozen=True)
class Rule:
    """One way to word a rejection; ``cause`` is ``None`` where it says nothing about anybody.

    ``said_by`` limits the rule to some speakers (empty: all); ``unless`` is a pattern that takes it back;
    ``of_sender`` is true for what only a sentence about the sending side means, false for what one about it never
    means, ``None`` where that is no matter.
    """

    cause: Cause | None
    source: str
    pattern: re.Pattern[str]
    said_by: frozenset[Speaker] = frozenset()
    unless: re.Pattern[str] | None = None
    of_sender: bool | None = None


def _rule(
    cause: Cause | None, source: str, *patterns: str, said_by: frozenset[Speaker] = frozenset(), unless: str | None = None,
    of_sender: bool | None = None,
) -> Rule:
    return Rule(
        cause, source, re.compile("|".join(patterns)), said_by, re.compile(unless) if unless else None, of_sender)


# Words for the one whom mail is for, in the languages that receivers speak.
_WHO = (
    r"(?:users?|recipients?|mail ?box(?:es)?|inbox|mbox|account|address(?:ee|es)?|alias|customer|person|local[ -]?part"
    r"|rcpt|gateway user"
    r"|destinataire|utilisateur|compte|bo.te|adresse|benutzer|empf.nger|e?konto|postfach|usuario|destinatario|buz.n"
    r"|cuenta|direcci.n"
    r"|utente|casella|indirizzo|usu.rio|destinat.rio|caixa|conta|gebruiker|ontvanger|u.ytkownik|odbiorca|adresat|skrzynka"
    r"|\u043f\u043e\u043b\u044c\u0437\u043e\u0432\u0430\u0442\u0435\u043b\w*|\u044f\u0449\u0438\u043a\w*"
    r"|\u043f\u043e\u043b\u0443\u0447\u0430\u0442\u0435\u043b\w*"
    r"|\u7528\u6237|\u6536\u4ef6\u4eba|\u90ae\u7bb1|\u5b9b\u5148)")
_GONE = (
    r"(?:unknown|not (?:be )?(?:found|exist\w*|known|valid|listed|active|present|recognized|registered|local)"
    r"|does ?n[o']?t (?:exist|have)"
    r"|do(?:es)? not (?:exist|have)|n[o']t exist|non-?exist\w*|no longer|invalid|disabled|inactive|deactivated|suspended"
    r"|expired|closed|locked"
    r"|frozen|blocked due to inactivity|unallocated|discontinued|misspelt|misspelled|undeliverable|unrout\w+"
    r"|over ?quota|over quota|quota (?:has been )?exceeded|is full|mailbox full|out of storage|size limit exceeded"
    r"|exceeded storage"
    r"|exceeds allowed size|extended quota|on server"
    r"|inconnue?|invalide|pleine?|archiv.e|bloqu.e?|n'existe pas|unbekannt|existiert nicht|voll|gesperrt|deaktiviert"
    r"|.berschritten|ueberschritten"
    r"|desconocid[oa]|no existe|llen[oa]|sconosciut[oa]|inesistente|pien[oa]|non esiste|desconhecid[oa]|inexistente"
    r"|n.o existe|chei[oa]"
    r"|onbekend|bestaat niet|vol\b|nieznany|nie istnieje|pe.na"
    r"|\u043d\u0435 \u043d\u0430\u0439\u0434\w*|\u043d\u0435 \u0441\u0443\u0449\u0435\u0441\u0442\w*"
    r"|\u043f\u0435\u0440\u0435\u043f\u043e\u043b\u043d\w*"
    r"|\u4e0d\u5b58\u5728|\u5df2\u6ee1|\u4e0d\u660e)")
_NO_SUCH = (
    r"(?:no(?:n| )?such|no|unknown|invalid|bad|illegal|wrong|inactive|disabled|non-?existent|undeliverable|unroute?able"
    r"|suspended|not an? (?:valid|known|active)"
    r"|not our|no existe (?:dicha|ese)|nessun|nenhum|kein|aucun)")
_NOT_ALLOWED = (
    r"(?:not|n[o']t|isn't|never) (?:be )?(?:\w+ ){0,2}"
    r"(?:allowed|permitted|authori[sz]ed|owned|yours|accepted|valid|verified|configured|associated)")

FIRST: tuple[Rule, ...] = (
    # Put off without a reason that anybody has to end
    _rule(None, "RFC 6647", r"gr[ae]y-?list"),
    _rule(None, "RFC 7208 §2.6.6, RFC 6376 §3.9",
          r"\b(?:spf|dkim|dmarc|dns)\b.{0,80}\btemp-?(?:error|orary)",
          r"\btemp-?(?:error|orary).{0,80}\b(?:spf|dkim|dmarc|reverse dns|dns)\b(?! ?polic)",
          r"\b(?:spf|dkim|dmarc)\b.{0,40}\b(?:lookup|dns) (?:failure|error|timeout)"),
    _rule(None, "RFC 4954 §6 (454 4.7.0)",
          r"temporary authentication (?:failure|error)|connection lost to authentication server"),
    _rule(None, "RFC 5322 §3.6", r"(?:duplicate|multiple) (?:\S+ ){0,3}headers?\b"),
    _rule(None, "RFC 3463 §3.5", r"too many hops|hop count|(?:mail|routing|message) ?loop|loop detected"),
    # Only members, only their own people
    _rule(Cause.RECIPIENT, EXCHANGE_CODES,
          r"resolver\.(?:rst|adr)\.",
          r"authenticated (?:for|when sending to) (?:this |the )?(?:group|mailbox|public folder|user)",
          r"not authenticated for \w+|sender was not authenticated(?: by organi[sz]ation)?$", r"allowed[- ]senders? list",
          r"members[- ]only|not (?:a member|subscribed)|closed mailing list|only accept\w* mail from (?:specific"
          r"|internal|members)",
          r"(?:delivery|mail) to this (?:address|recipient|group|mailbox) is restricted"),
)
ACCOUNT: tuple[Rule, ...] = (
    # The outgoing server, before any receiver
    _rule(Cause.SENDER_NOT_PERMITTED, EXCHANGE_CODES,
          r"permissions? to send as", r"sendasdenied", r"not (?:allowed|authori[sz]ed|permitted) to send as"),
    _rule(Cause.SENDER_NOT_PERMITTED, _POSTFIX + "#reject_sender_login_mismatch",
          r"not owned by (?:the )?(?:auth(?:ori[sz]ed|enticated)? )?user", r"\bnot logged in\b",
          r"sender (?:\w+ )?is not (?:the )?same as",
          r"(?:must|has to|should) (?:be (?:the )?(?:same|equal|identical)|match|equal).{0,40}(?:auth|login|user"
          r"|account)",
          r"\bsender is not allowed to relay", r"relaying disallowed as", r"sender(?: address)? (?:is )?not allowed",
          r"sender address.{0,40} not (?:allowed|verified|authori[sz]ed)",
          r"not (?:allowed|authori[sz]ed|permitted) to (?:send|use).{0,20} (?:from )?(?:this|that) (?:sender"
          r"|e-?mail address|address|identity)",
          r"not one of your addresses", r"unconfigured sending domain|sending domain .{0,40}not (?:configured|verified)",
          r"(?:sender|from)\b.{0,60} do(?:es)?(?: not|n't) (?:belong|match)",
          r"(?:mail )?from not owned", r"unregistered (?:sender|from|domains)"),
    _rule(Cause.SENDER_NOT_PERMITTED, _SENDGRID, r"verified sender|sender signature|sender identity"),
    _rule(Cause.SENDER_NOT_PERMITTED, _SES,
          r"(?:address|domain|sender|identity) (?:is )?not (?:yet )?verified|identities failed the check"),
    _rule(Cause.OAUTH_REQUIRED, "https://aka.ms/smtp_auth_disabled",
          r"basic auth\w* is (?:disabled|not supported|no longer supported|turned off|deprecated)",
          r"(?:oauth|xoauth2|modern auth\w*)(?: 2\.0)? (?:is )?(?:required|must be used)|(?:use|requires?) (?:oauth"
          r"|modern auth)"),
    _rule(Cause.ACCOUNT_BLOCKED, EXCHANGE_CODES,
          r"outboundspamexception|bad outbound sender|tenant has exceeded threshold|traffic not accepted from this ip"
          r"|spam abuse detected|outgoing mail suspension"),
    _rule(Cause.ACCOUNT_BLOCKED, "RFC 4954 §6",
          r"(?:account|mail server|user|sending|sender|smtp)\b.{0,40} (?:disabled|suspended|blocked|deactivated|locked)"
          r"|outgoing mail\b.{0,60} (?:disabled|suspended|blocked)|account\b.{0,20} not (?:yet )?activated",
          said_by=_SESSION, unless=r"smtpclientauthentication|authentication is disabled|@ .{0,20}disabled|recipient|mailbox"),
    _rule(Cause.LIMIT_REACHED, GMAIL_CODES,
          r"(?:daily|hourly|monthly|sending|submission|smtp relay|message|throttling) (?:\w+ ){0,3}(?:limit"
          r"|quota)s?\b.{0,30}(?:exceed|reach)",
          r"(?:exceed|reach)\w*.{0,50}\b(?:daily|hourly|monthly|sending|submission) (?:\w+ ){0,2}(?:limit|quota|credits)",
          r"(?:max(?:imum)?|number) .{0,60}(?:per|past|in) (?:day|hour|24)",
          r"maximum (?:sending rate|credits) exceeded|e-?mail limit reached|daily (?:message )?quota",
          r"(?:daily|hourly) limit", unless=r"recipients? (?:domain|has|have|quota|is)|they can receive|for this re"),
)
SERVER_NAME: tuple[Rule, ...] = (
    # The server's name in DNS, before what asks for it in passing
    _rule(Cause.RDNS, "RFC 7372 §3.3",
          r"\bptr\b|\br-?dns\b|reverse[ -]?(?:dns|lookup|host ?name|record|name)|reverse \w+ (?:entry|record|validation)",
          r"cannot find your (?:reverse )?host ?name|ip name lookup failed|unresolvable relay host|unverif[iy]\w* sending ips?"
          r"|mismatches client ip|may not be mail exchanger|dns check failure|host ?name .{0,30}does not (?:match|resolve)"),
)
SENDER_DOMAIN: tuple[Rule, ...] = (
    _rule(Cause.SENDER_DOMAIN, "RFC 7505 §4.2, RFC 5321 §3.6",
          r"null ?mx|does not accept mail|cannot route to sender",
          r"sender (?:address )?verif\w+ fail",
          r"verification failed for @|as a valid sender",
          r"domain of (?:the )?sender|unresolvable rfc|\bunrout(?:e?able) sender",
          r"(?:sender|mail ?from|from|envelope|sending|return[- ]path)\b.{0,60}\b(?:not (?:found|exist|resolve"
          r"|have any mx|have)|not resolve\w*|doesn't (?:exist|resolve)|does not (?:exist|resolve|have)"
          r"|non-?exist\w*|must (?:exist|have|resolve)|unresolvable|no mx|has no|unverified|undeliverable"
          r"|cannot be (?:verified|resolved)|is invalid|invalid)",
          r"non-?existent (?:sender|domain)",
          r"dns (?:mx|a)(?: or a/aaaa)? (?:resource )?record",
          r"need fully-qualified address",
          unless=r"recipient|\bspf\b|\bdkim\b|\bdmarc\b|destinat|@ @|\brcpt\b"),
)
REST: tuple[Rule, ...] = (
    _rule(Cause.TLS, "RFC 3207 §4",
          r"(?:start)?tls\b.{0,30}\b(?:required|mandatory|needed|first|must|version|not met|conversation)|(?:must"
          r"|requires?|require|use|issue)\b.{0,20} (?:a )?(?:start)?tls"
          r"|encrypt(?:ion|ed)(?: connection)?.{0,20} (?:is )?(?:required|needed|mandatory)|requires? encryption"
          r"|encryption (?:required|needed)"
          r"|tls/ssl|over (?:a )?tls|without tls|unencrypted (?:connection|session)|\btls (?:encryption|conversation)"),
    # Lists, named or not
    _rule(Cause.BLOCKLISTED, "RFC 5782",
          r"black[- ]?list|block[- ]?list|deny[- ]?list|\bdnsbl|\brbl\b|\brbl[ _:+]|\bsbl\b|\bxbl\b|\bpbl\b",
          r"blocked using|blocked by (?:\w+ )?(?:~|rbl)|listed (?:at|in|on|by|as abusive)\b|is listed\b|ip\b.{0,20} listed",
          r"banned (?:sending ip|sender|ip)|permanently blocked|temporarily blocked on this server"
          r"|ip address .{0,40}block|bloqu\w+ pour",
          r"not authori[sz]ed to send e?mail directly|dynamic[ /](?:\w+ )?ip|dial-?up|transient ip|_is_blocked"
          r"|is blocked by|blocked for (?:abuse|spam)|block for spam",
          r"your (?:ip|server|network)\b.{0,60}\b(?:blocked|filtered|banned|refused|blacklisted|not allowed)",
          r"ip blocked|blocked ip",
          r"open (?:proxy|relay).{0,30}(?:block|reject)|abus d.tect",
          unless=r"frequency|rate|too many (?:connections|messages|sessions)|not (?:be )?listed|unlisted"),
    # Amounts
    _rule(Cause.TOO_FAST, _YAHOO,
          r"too many (?:recent )?(?:messages|e?mails|connections?|concurrent|sessions?|recipients|requests|errors"
          r"|commands|letters)|too (?:fast|quickly|frequent\w*|much mail)"
          r"|rate[- ]limit|exceed\w*.{0,30}\brate\b|\brate\b.{0,20}(?:exceeded|limited)|throttl|frequency limit"
          r"|slow down|excessive (?:volume|rate)|unusual (?:rate|volume)|at a rate"
          r"|user complaints|unexpected volume|permanently deferred|trop de (?:connexions|messages)|connection limit"
          r"|message threshold|quota exceeded for sending"
          r"|(?:messages?|emails?|recipients?) (?:they|you) can|messages per (?:session|connection)|send too many"),
    # Unwanted
    _rule(Cause.JUDGED_SPAM, GMAIL_CODES,
          r"likely unsolicited|unsolicited|very low reputation|(?:poor|bad|low|insufficient) (?:\w+ )?reputation"
          r"|suspicion (?:of|de) spam|likely suspicious",
          r"(?:identified|considered|detected|classified|flagged|scored|judged|recogni[sz]ed|rejected|eingestuft|looks?"
          r"|appears) (?:\w+ ){0,3}(?:as|like|to be|als)? ?(?:\w+ ){0,2}spam",
          r"too many spams|\bspam\b.{0,40}(?:reject|detect|refus|block|denied|classif|score|score|filter|not accepted"
          r"|message|suspect|engine|content)|(?:no|is|jest to|es|como) spam\b|- spam$|\bspam (?:or|und|ou)\b"
          r"|(?:rechazad|rifiutat|rejeitad|recusad|odrzucon|abgelehnt|rejet|refus|geweigerd"
          r"|\u043e\u0442\u043a\u043b\u043e\u043d)\w*.{0,60}\bspam|spam filter|anti-?spam|junk ?mail|\bube\b|\bphish"
          r"|bulk (?:e?mail|advertis)|mail rejet.|suspicion de contenu"
          r"|suspected spam|spam url",
          unless=r"protect our users|reduce the amount of spam"),
)
RECIPIENT: tuple[Rule, ...] = (
    _rule(Cause.RECIPIENT, "RFC 5321 §4.2.3, RFC 3463 §3.2, §3.3",
          rf"\b{_NO_SUCH} (?:\w+ ){{0,3}}{_WHO}",
          rf"(?<![a-z]){_WHO}(?![a-z]).{{0,60}}?(?<![a-z]){_GONE}",
          rf"\b{_GONE} (?:\w+ ){{0,2}}(?:user|recipient|mailbox|account)",
          rf"(?:^|@|>|~)[ .:'-]*{_GONE}$",
          r"exceeded storage allocation|storage quota|over ?quota\b|quota exceeded$",
          r"^(?:mailbox full|(?:user )?quota (?:limit )?exceeded|account disabled|recipient (?:unknown|rejected)"
          r"|not found)",
          r"mailbox (?:has been |temporarily )?(?:not found|full|disabled)|not (?:in|on) (?:the )?(?:recipient"
          r"|validrcptto|domino) ?(?:list|directory)?"
          r"|trouble in home directory|not our (?:user|customer)|recipient preferences"
          r"|(?:refused|rejected|blocked) by (?:the |this )?(?:recipient|user)s?"
          r"|has moved|(?:find|found) the recipient|(?:couldn't|could not|wasn't|unable to) find (?:the "
          r"|any )?(?:recipient|host|user|mailbox)|host unknown|over storage quota",
          of_sender=False, unless=r"\bspf\b|\bdkim\b|\bdmarc\b"),
)
STRONG = (*SERVER_NAME, *SENDER_DOMAIN, *REST, *RECIPIENT)

# Spoken in the own session it is about the login; a remote server that asks strangers to log in is the recipient's matter.
LOGIN = (
    _rule(Cause.LOGIN_REFUSED, "RFC 4954 §6",
          r"username and password not accepted|authentication (?:unsuccessful|failed|failure|required"
          r"|credentials invalid)|credentials? (?:are )?(?:invalid|incorrect)",
          r"(?:invalid|incorrect|bad|wrong) (?:\w+ )?(?:authentication data|credentials?|user/pass|user ?name|password"
          r"|login)|smtpclientauthentication"
          r"|client was not authenticated|application-specific password|log ?in via|log ?in (?:through|with) your"
          r"|login fail|(?:must|please) (?:be )?(?:authenticate|log in)"
          r"|authentication (?:is )?(?:required|not allowed)|authentification|unauthenticated senders? not"
          r"|smtp auth(?:entication)? (?:is )?required|turn on smtp authentication|an auth command first"
          r"|local user only|no authentication type succeeded|not authenticated|must authenticate|bad user|\bauth required",
          unless=r"for relay"),
)
RELAY = (
    _rule(Cause.RELAY_DENIED, _POSTFIX + "#reject_unauth_destination",
          r"relay(?:ing)?\b.{0,30}\b(?:denied|disallowed|not (?:permitted|allowed)|prohibited|disabled|rejected"
          r"|forbidden)|(?:unable|not (?:permitted|allowed|configured)|try\w*) (?:\w+ ){0,6}(?:to )?relay"
          r"|as a relay|do not relay|no relaying|credentials for relay|tenant ?attribution|mail relay denied|open relay"
          r"|list of allowed rcpthosts"
          r"|not an? relay|relay mail"),
)

WEAK: tuple[Rule, ...] = (
    _rule(Cause.SENDER_NOT_PERMITTED, "RFC 6409 §6.1",
          rf"(?:sender|from|domain|return path|mail ?from|header from)\b.{{0,60}}{_NOT_ALLOWED}",
          r"unknown sender",
          rf"{_NOT_ALLOWED}.{{0,40}}\b(?:from|sender)\b",
          said_by=_OURS),
    _rule(Cause.SENDER_DOMAIN, "RFC 3463 §3.2",
          r"sender(?: address)? (?:was )?(?:rejected|refused|invalid|denied)|invalid sender|.metteur invalide"
          r"|emetteur invalide|sender's mx"),
    _rule(Cause.JUDGED_SPAM, "RFC 3463 §3.8",
          r"\bspam\b|content (?:rejected|denied|filter)|(?:mail|message) content|message (?:filtered|blocked)|reputation"
          r"|suspicious|not accepted for policy reasons"
          r"|due to local policy|security policies|\bvirus\b|\[cs01\]|problem occurred"),
    _rule(Cause.BLOCKLISTED, EXCHANGE_CODES,
          r"not allowed to (?:send mail here|connect)|access to (?:this|submit)|connection refused\b.{0,20}reject|^blocked\b"),
    _rule(Cause.RECIPIENT, "RFC 5321 §4.2.3",
          r"mailbox unavailable|recipient (?:address(?:es)? )?(?:rejected|refused|denied|unavailable)|address rejected"
          r"|mailbox delivery|target address|destination domain|rejected by recipients?"
          r"|recipient temporarily", of_sender=False),
    _rule(Cause.RECIPIENT, "RFC 3463 §3.5",
          r"(?:domain|host)(?: name)? not found|no mx records?\b|name service error|nxdomain"
          r"|couldn't find (?:a mail exchanger|any host)",
          of_sender=False),
)


# Of an address and a domain, without a word for what compares them (RFC 7208 §8.4).
SPF_MEANT = re.compile(
    r"not (?:allowed|permitted|authori[sz]ed) to send (?:e?-?mails? )?(?:from|for|on behalf of) (?:the )?(?:[\[(<~@\d]|domain)"
    r"|(?:invalid|unauthori[sz]ed) ip for (?:sending|domain)|does(?: not|n't) designate|not designated"
    r"|let [\[(]?[\d.:]+.{0,20} send its mail")
# Words that make the mention of a list a listing, rather than an advertisement under a mail.
LISTED = re.compile(
    r"list|block|black|reject|refus|den(?:y|ied)|not (?:be )?accept|banned|reputation|found|\b[io]n ~?(?:the )?spamhaus")


def match(
    rules: tuple[Rule, ...], sentence: str, speaker: Speaker, of_sender: bool, never_theirs: bool,
) -> tuple[Rule, str] | None:
    """Return the first rule that ``sentence`` meets and the words that met it, or ``None``.

    ``of_sender``: whether the sentence speaks of the sending side; ``never_theirs``: whether a restriction did, after
    which nothing is the recipient's trouble.
    """
    for rule in rules:
        if rule.said_by and speaker not in rule.said_by:
            continue
        if rule.of_sender is False and (of_sender or never_theirs):
            continue
        found = rule.pattern.search(sentence)
        if found and not (rule.unless and rule.unless.search(sentence)):
            return rule, found[0]
    return None
