"""What stands in the way of a record to publish, in words."""

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

FINDINGS = {
    'advice.merge_refused': (
        _lt("Your SPF record has to be changed by hand"),
        _lt("There is no safe way to work out the new list of permitted servers (the SPF record) of %(name)s "
            "from what is there, so no record is proposed."),
        _lt("Repair what the other findings name, in the line that starts with v=spf1, or ask whoever runs "
            "your DNS to; then check again."),
    ),
    'advice.lookup_limit': (
        _lt("No room for your sending service in the SPF record"),
        _lt("With %(services)s in it, receivers would have to ask DNS %(lookups)s times to read the list of "
            "permitted servers (the SPF record). They stop after 10 and ignore the whole record, so none is "
            "proposed."),
        _lt("The report shows under “What to Publish” what each entry costs. Take out those for services that you "
            "no longer use; then check again."),
    ),
    'advice.report_address': (
        _lt("Reports about your mail would not arrive"),
        _lt("You want the daily summaries of who sends as %(name)s at %(address)s, but %(host)s does not accept "
            "them: other servers would send none. The record to publish is shown without that address."),
        _lt("Enter a mailbox at your own domain. If you run that other domain too, let it say that it takes your "
            "reports: a TXT record at %(record_name)s with the text v=DMARC1."),
    ),
}
