"""What stands in the way of a record to publish, in words."""

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

FINDINGS = {
    'advice.merge_refused': (
        _lt("Your SPF record must be changed by hand"),
        _lt("The new list of permitted servers (the SPF record) of %(name)s cannot be derived safely from the existing "
            "one, so no record is proposed."),
        _lt("Fix what the other findings name, in the line that starts with v=spf1, or ask your DNS administrator to "
            "do so; then check again."),
    ),
    'advice.lookup_limit': (
        _lt("No room for your sending service in the SPF record"),
        _lt("With %(services)s in it, receivers would have to ask DNS %(lookups)s times to read the list of "
            "permitted servers (the SPF record). They stop after 10 and ignore the whole record, so none is "
            "proposed."),
        _lt("The report shows what each entry costs under “To Do”. Remove those for services that you no "
            "longer use; then check again."),
    ),
    'advice.report_address': (
        _lt("Reports about your mail would not arrive"),
        _lt("You want the daily summaries of who sends as %(name)s to go to %(address)s, but %(host)s has not agreed "
            "to accept them, so other servers would not send any. The record to publish is shown without that "
            "address."),
        _lt("Enter a mailbox at your own domain. If you manage that other domain too, allow your reports there: "
            "publish a TXT record at %(record_name)s with the text v=DMARC1."),
    ),
}
