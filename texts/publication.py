"""What is said about records to publish: why, what is left out, and what became of one that was published."""

from datetime import timedelta

from odoo.tools.translate import LazyTranslate

from ..mailauth import in_one_line
from .durations import at_most
from .filling import fill, say
from .verdicts import UNSEEN

_lt = LazyTranslate(__name__)

# Why a record is to be published: the reasons of mailauth.advice.
REASONS = {
    'spf.create': _lt("Receivers learn that %(services)s may send your mail."),
    'spf.replace': _lt(
        "Your mail through %(services)s is only accepted as yours if your record permits it too. Replace only the line "
        "that starts with v=spf1, do not add a second one; leave other TXT lines alone."),
    'spf.merge': _lt(
        "Receivers accept only one list of your servers (SPF record), and now ignore them all. Replace this line with "
        "the merged one; do not add a second one, and leave other TXT lines alone."),
    'spf.repair': _lt(
        "The record has an error that makes receivers ignore it, so nothing confirms your mail. Replace only the line "
        "that starts with v=spf1; do not add a second one, and leave other TXT lines alone."),
    'spf.trim': _lt(
        "Receivers look up at most 10 names for your mail; beyond that they ignore the whole record. To make room for "
        "%(services)s, this one leaves out what is listed below. Replace only the line that starts with v=spf1; leave "
        "other TXT lines alone."),
    'spf.mend': _lt(
        "Receivers give up on your record because some of its entries lead nowhere, so nothing confirms your mail. "
        "This one leaves them out, as listed below. Replace only the line that starts with v=spf1; leave other TXT "
        "lines alone."),
    'spf.delete_extra': _lt("The merged record above already says what this line says: delete it."),
    'dkim.create': _lt("Receivers find the key that your mail through %(services)s is signed with."),
    'dkim.replace': _lt(
        "Receivers look for the key of your mail here, but this name does not point to the key that mail through "
        "%(services)s is signed with."),
    'dkim.delete_txt': _lt("A CNAME must be the only record at its name: delete this line first."),
    'dmarc.create': _lt(
        "Large providers require such a record from every sender. This one only asks them to monitor."),
    'dmarc.repair': _lt(
        "Receivers cannot read the existing record, so nothing protects your domain. Replace it with this one."),
    'dmarc.merge': _lt(
        "Receivers ignore your instructions because there are several records. Replace this line with the one that "
        "combines them all."),
    'dmarc.delete_extra': _lt("Receivers accept only one record with instructions: delete this line."),
    'dmarc.add_reports': _lt(
        "All your mail from Odoo passes. Before you ask for more, have receivers report to you who sends as your "
        "domain: that reveals services that Odoo does not know about."),
    'dmarc.receive_reports': _lt(
        "Receivers then report to this Odoo, too, who sends mail as your domain. Nothing else about the record changes."),
    'dmarc.authorize_reports': _lt(
        "This record belongs in the DNS of %(host)s, not of this domain: with it, %(host)s agrees to receive reports about "
        "%(domain)s. Without it, receivers send none there."),
    'dmarc.next_quarantine': _lt(
        "All your mail from Odoo passes. If the reports of the last month show no other service of yours that fails, "
        "ask receivers to file mail that pretends to be from you as spam."),
    'dmarc.next_quarantine_blind': _lt(
        "All your mail from Odoo passes, so receivers could be asked to file mail that pretends to be from you as "
        "spam. But no reports reach you, so nobody sees whether other services of yours pass: enter an address for "
        "reports first."),
    'dmarc.next_reject': _lt(
        "All your mail from Odoo passes. If the reports show no mail of yours that fails after a month of "
        "“quarantine”, ask receivers to reject mail that pretends to be from you. People who write to mailing lists "
        "from this domain may then be rejected there too."),
    'dmarc.next_reject_blind': _lt(
        "All your mail from Odoo passes, so receivers could be asked to reject mail that pretends to be from you. But "
        "no reports reach you, so nobody sees whether other services of yours pass: enter an address for reports "
        "first."),
    'dmarc.next_untested': _lt(
        "All your mail from Odoo passes. The record still says that it is a test (t=y), which makes receivers do less "
        "than it asks for: remove that."),
    'dmarc.step_back': _lt(
        "Your own record tells receivers to reject mail that cannot be verified, and part of your mail from Odoo "
        "cannot be yet. Until it can, ask them only to monitor; then change it back."),
    'spf.parked': _lt("This domain sends no mail: this record tells receivers that nobody may send from it."),
    'dmarc.parked': _lt("This domain sends no mail: tell receivers to reject mail that pretends to come from it."),
    'mx.create_null': _lt(
        "This domain sends no mail. If it should not receive any either, this record says so, and other servers do not "
        "try to deliver to it."),
    'mx.delete_null': _lt(
        "One line says that you accept no mail, another one where it goes: some senders follow the first, and replies "
        "to you bounce. Delete it."),
    'mx.delete_dangling': _lt(
        "This line directs your mail to %(host)s, which does not exist, so it arrives late. Delete it."),
    'tls_rpt.create': _lt(
        "Other servers tell you when they cannot encrypt mail on its way to you (TLS-RPT). Nothing changes for the "
        "mail that you send."),
    'mta_sts.create': _lt(
        "Other servers learn that mail to you should be encrypted (MTA-STS); as “testing” it changes nothing yet. It "
        "needs a web server with a valid certificate at %(host)s that serves the file below at %(url)s: put the file "
        "there first, then publish the record."),
}

# Why a term is left out of an SPF record, or could be: mailauth.advice.TermCost.
TERM_REASONS = {
    'needed': _lt("your mail is sent through %(services)s"),
    'broken': _lt("leads to a record that is missing or broken, which makes receivers ignore your whole record"),
    'void': _lt("names nothing that exists"),
    'covered': _lt("another entry already includes it"),
    'unused': _lt("%(services)s: none of your mail is sent through it now"),
    'unknown': _lt("we do not know who sends through it: ask before you remove it"),
    'unknown_service': _lt(
        "%(services)s: Odoo sends nothing through it, but others may use it: ask before you remove it"),
}

# What is to be done with a record.
ACTIONS = {
    'create': _lt("Add this record:"),
    'replace': _lt("Replace this record (do not add a second one):"),
    'delete': _lt("Delete this record:"),
}

# What became of a record: mailauth.advice.outcome.Outcome.
OUTCOMES = {
    'published': _lt("Published. Receivers can see it."),
    'published_until': _lt("Published. Some receivers may not see it for up to %(time)s."),
    'spreading': _lt("Published. Receivers may still see the old record for up to %(time)s."),
    'spreading_new': _lt(
        "Published. Receivers may still believe that there is no such record for up to %(time)s."),
    'seen': _lt(
        "Published, as far as we can see. We could not ask your domain's own name servers, because this server cannot "
        "reach other DNS servers on the internet (port 53 seems to be closed)."),
    'seen_unreachable': _lt(
        "Published, as far as we can see, but your domain's own name servers are not answering now."),
    'seen_untold': _lt(
        "Published, as far as we can see. We could not ask your domain's own name servers: it is not known where they are, or "
        "they do not answer for this domain."),
    'published_padded': _lt("Published, with a space at its end that does no harm."),
    'not_yet': _lt(
        "Not there yet. The DNS of your domain is at %(current)s: was it entered there? Some panels take a few minutes, or "
        "require the change to be confirmed."),
    'old': _lt(
        "The old record is still there. The DNS of your domain is at %(current)s: was the change saved there?"),
    'differs': _lt(
        "Something else is published there. Compare it with the record to publish, character by character:"),
    'not_seen': _lt(
        "We do not see it yet. The DNS of your domain is at %(current)s: was it entered there? We could not ask its name "
        "servers (port 53 seems to be closed), so an old answer may hide the record for up to %(time)s."),
    'not_seen_unreachable': _lt(
        "We do not see it yet, and your domain's own name servers do not answer. The DNS of your domain is at %(current)s: "
        "was it entered there?"),
    'not_seen_untold': _lt(
        "We do not see it yet. The DNS of your domain is at %(current)s: was it entered there? We could not ask your domain's "
        "own name servers: it is not known where they are, or they do not answer for this domain."),
    'solved': _lt("Not needed any more: what is published now is enough."),
    'doubled': _lt(
        "Found at %(name)s: the host field adds your domain by itself. Enter only %(host)s there, and delete the other "
        "record."),
    'doubled_blank': _lt(
        "Found at %(name)s: the host field adds your domain by itself. Leave it empty, and delete the other record."),
    'misplaced': _lt(
        "Found at %(name)s, where nobody looks for it. Enter %(host)s as the host, and delete the other record."),
    'undotted': _lt(
        "It points to %(name)s: your DNS panel added your domain to the target. Enter the target with a dot at the end."),
    'quoted': _lt(
        "The value was published with quotation marks around it. Edit the record, and remove them from the value."),
    'curly': _lt(
        "The value was published with typographic quotation marks around it, which another program added. Edit the "
        "record, and paste the value as it is here."),
    'padded': _lt("The value was published with a space before it. Edit the record, and remove the space."),
    'second': _lt(
        "It is published, but beside another record of its kind, so receivers ignore both. Delete this one:"),
    'spaced': _lt(
        "Found at a name that ends with a space. Enter %(host)s as the host, without the space, and delete the other "
        "record."),
    'wrong_type': _lt(
        "It was published as a %(found)s record. Choose %(type)s as the type, and delete the other record."),
    'proxied': _lt(
        "There is an address in its place (%(found)s). Choose CNAME as the type, and switch off the proxy of the record if "
        "there is one."),
    'proxied_here': _lt(
        "A proxy answers in its place (%(found)s). Switch off the proxy of this record at %(current)s."),
    'wrong_zone': _lt(
        "Found at %(name)s: that is another domain of yours. Enter it among the records of %(zone)s, and delete the other "
        "record."),
    'former_host': _lt(
        "It was entered at %(former)s, where nobody looks any more: the DNS of your domain is at %(current)s now. Enter it "
        "there."),
    'disagree': _lt(
        "Your domain's name servers do not agree. Servers that have it: %(with)s, that do not: %(without)s. That is normal for a "
        "few minutes after a change; if it continues, tell your DNS administrator."),
    'split': _lt(
        "The name servers that this Odoo asks show a different zone for this domain than the internet does. What "
        "receivers see: the record is published."),
    'deleted': _lt("Deleted. Receivers do not see it any more."),
    'deleted_until': _lt("Deleted. Some receivers may still see it for up to %(time)s."),
    'deleted_seen': _lt("Deleted, as far as we can see: we could not ask your domain's own name servers."),
    'deleted_split': _lt(
        "The name servers that this Odoo asks show a different zone for this domain than the internet does. What "
        "receivers see: the record is deleted."),
    'still_there': _lt("It is still there. The DNS of your domain is at %(current)s: was it deleted there?"),
    'still_seen': _lt(
        "We still see it. The DNS of your domain is at %(current)s: was it deleted there? We could not ask its name servers, "
        "so this may be an old answer."),
    'still_at_some': _lt(
        "Your domain's name servers do not agree. Servers that still have it: %(without)s, that do not: %(with)s. That is normal "
        "for a few minutes after a change; if it continues, tell your DNS administrator."),
    'unknown': _lt("Could not check: %(server)s did not answer about %(name)s."),
    'deadline': _lt("DNS took too long to answer."),
}

# What else is said of a record that is to be deleted.
OUTCOMES_OF_DELETED = {
    'published': 'deleted', 'published_until': 'deleted_until', 'published_padded': 'deleted', 'spreading': 'deleted_until',
    'spreading_new': 'deleted_until', 'seen': 'deleted_seen', 'seen_unreachable': 'deleted_seen', 'split': 'deleted_split',
    'old': 'still_there', 'not_yet': 'still_there', 'not_seen': 'still_seen', 'not_seen_unreachable': 'still_seen',
    'disagree': 'still_at_some',
}

NEXT_STEPS = {
    'dmarc': _lt("The next step, whenever you are ready: ask receivers for more protection against forged mail."),
    'evidence': _lt(
        "The next step of DMARC waits for what receivers report: “Sending Paths” shows what it still needs."),
    'test_mail': _lt("To see it with your own eyes, send yourself an email from Odoo and let us read how it arrived."),
}


def reason(env, code, params):
    """Return why a record is to be published."""
    return fill(env, REASONS[code], params)


def term_reason(env, why, params):
    """Return why a term stays in an SPF record, or may go."""
    return fill(env, TERM_REASONS[why], params)


def hostmaster(env, domain_name, changes):
    """Return the changes of a domain as a text for whoever runs its DNS."""
    lines = [
        env._("Hello,"),
        '',
        env._(
            "please change the DNS of %(domain)s as follows, so that receivers can verify the mail that our "
            "Odoo sends:", domain=domain_name),
    ]
    for change in changes:
        lines += ['', say(env, ACTIONS[change['action']])]
        if change['action'] == 'replace':
            lines.append(env._("  old: %s", in_one_line(change['old_value'] or '')))
        lines.append('  ' + in_one_line(change['zone_line']))
        lines += [
            env._("  removed on purpose: %(term)s (%(why)s)", term=in_one_line(drop['term']),
                  why=term_reason(env, drop['why'], drop))
            for drop in change['params'].get('drops', ())
        ]
    lines += ['', env._("Please leave all other records as they are. Thank you!")]
    return '\n'.join(lines)


# Where a thing to do is, in place of the type of a record.
_PLACES = {
    'path': _lt("In Odoo"), 'proof': _lt("Proofs"), 'receivers': _lt("Receivers"), 'sources': _lt("Reports"),
    'observed': _lt("Reports"),
}
_IN_DNS = _lt("In DNS")


def place(env, area):
    """Return where a finding of ``area`` is mended, or was seen, in two words."""
    return env._(_PLACES.get(area, _IN_DNS))


def progress(env, is_copy, publication, is_done, has_problems, rows, published, is_unseen, has_dangers, has_notices):
    """Return how far it is with all that is to be done for a domain's mail.

    :param publication: display.publication.get_publication, or ``None`` before the first check
    :param rows: display.fix_it.get_fix_it, ``published`` of them
    :param is_unseen: whether DNS said nothing at all at the last check
    :param has_dangers: whether the domain is about to be lost
    :param has_notices: whether there is something else to do, of which mail does not depend today
    """
    if is_copy:
        return env._("This is a copy of your database: it checks nothing and notifies nobody.")
    if not publication:
        return env._("Not checked yet: press “Check now”.")
    if has_dangers and (publication['complete'] or not rows):
        return env._("Somebody else may be able to use your domain: see what to do.")
    if is_done and has_notices and (has_problems or not rows):
        return env._("Receivers can verify your mail. See what is left to do.")
    if is_done and has_problems:
        return env._("Receivers can verify your mail. What is left to do is inside Odoo.")
    if is_done:
        return env._("Done. Receivers can verify your mail.") if rows else env._(
            "There is nothing to do: receivers can verify your mail.")
    if not rows and publication['complete']:
        return env._("There is nothing to change in your DNS.")
    if is_unseen:
        return env._(UNSEEN)
    if not rows:
        return env._("There is no record to propose right now: see the verdicts and the findings.")
    if all(row['state'] == 'unknown' for row in rows):
        return env._(UNSEEN)
    if published < len(rows) == 1:
        return env._("%s of 1 record published", published)
    if published < len(rows):
        return env._("%(published)s of %(count)s records published", published=published, count=len(rows))
    if any(row['state'] == 'spreading' for row in rows):
        return env._("All records are published. Some receivers may still see the old ones for a while.")
    return env._("All records are published.")


def silent(env):
    return env._("DNS is not answering now: this is what had to be changed then.")


def next_step(env, kind):
    """Return what to do when all is in order."""
    return env._(NEXT_STEPS[kind])


def outcome(env, outcome, minutes, place):
    """Return what became of a record that was to be published (mailauth.advice.outcome.Outcome.to_dict).

    ``minutes`` is for how long receivers may still hold what was before. ``place`` is where the record belongs: ``host``
    (as its DNS host wants it), ``type``, ``action``, ``zone``, the DNS host or name servers in use (``current``), those that were
    (``former``), and whether that host has a proxy (``has_proxy``).
    """
    code, seen = outcome['code'], outcome.get('seen') or []
    found = ', '.join(seen)
    params = {
        **place, 'current': place.get('current') or env._("your DNS host"), 'host': place.get('host') or '@',
        'time': at_most(env, timedelta(minutes=minutes)), 'name': found, 'found': found, **(outcome.get('failed') or {})}
    if code == 'published' and minutes:
        code = 'published_until'
    elif code == 'published' and outcome.get('padded'):
        code = 'published_padded'
    elif code == 'spreading' and not outcome['was_there']:
        code = 'spreading_new'
    elif code in ('seen', 'not_seen') and outcome['why'] != 'blocked':
        code = f'{code}_unreachable' if outcome['why'] == 'unreachable' else f'{code}_untold'
    elif code == 'not_seen':
        params['time'] = at_most(env, timedelta(seconds=outcome['seconds']))
    elif code == 'unknown' and outcome['deadline_passed']:
        code = 'deadline'
    elif code == 'disagree':
        params.update({'with': outcome['servers_with'], 'without': outcome['servers_without']})
    elif code == 'doubled' and not place.get('host'):
        code = 'doubled_blank'
    elif code == 'proxied' and place.get('has_proxy'):
        code = 'proxied_here'
    if place.get('action') == 'delete':
        code = OUTCOMES_OF_DELETED.get(code, code)
    return fill(env, OUTCOMES[code], params)
