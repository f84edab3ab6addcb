import { RecipientsInput } from "@mail/core/web/recipients_input";
import { Component, useEffect, useState } from "@odoo/owl";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";

/** What is to be known, before a message is sent, of the recipients shown above and of those who follow the record. */
export class RecipientNotices extends Component {
    static template = "mail_domain_health.RecipientNotices";
    static props = {
        threadModel: String,
        threadId: { type: [Number, Boolean], optional: true },
        recipients: Array,
    };

    setup() {
        this.orm = useService("orm");
        this.keepLast = new KeepLast();
        this.state = useState({ notices: [] });
        useEffect(
            (...asked) => {
                this.read(asked);
            },
            () => [this.partnerIds, this.emails, this.props.threadModel, this.props.threadId || false]
                .map((value) => JSON.stringify(value))
        );
    }

    get partnerIds() {
        return this.props.recipients.map((recipient) => recipient.partner_id).filter((id) => id);
    }

    get emails() {
        // Of contacts too: an address that was changed here is to be looked at anew.
        return this.props.recipients.map((recipient) => recipient.email).filter((email) => email);
    }

    async read(asked) {
        const args = asked.map((value) => JSON.parse(value));
        try {
            this.state.notices = await this.keepLast.add(
                this.orm.silent.call("res.partner", "read_recipient_notices", args)
            );
        } catch {
            this.state.notices = []; // nothing is known then, and nobody is kept from writing
        }
    }
}

RecipientsInput.components = { ...RecipientsInput.components, RecipientNotices };
