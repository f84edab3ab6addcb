import { Component } from "@odoo/owl";
import { deserializeDateTime, toLocaleDateTimeString } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { RecordText } from "../record_text/record_text";
import { RecordCopyButton } from "./copy_button";
import { webUrl } from "./web_url";
import { wordDiff } from "./word_diff";

const ACTIONS = {
    create: _t("Add"),
    replace: _t("Replace, do not add"),
    delete: _t("Delete"),
};

/** One record to publish: each part ready to be copied, and a look at what became of it. */
export class RecordChange extends Component {
    static template = "mail_domain_health.RecordChange";
    static components = { RecordCopyButton, RecordText };
    static props = {
        change: Object, // mail.domain.health: publication.changes
        providerName: { type: [String, { value: null }], optional: true },
        check: { type: Function, optional: true }, // takes the change
        isChecking: { type: Boolean, optional: true },
        outcome: { type: Object, optional: true }, // mail.domain.health: check_record
    };

    setup() {
        this.copied = _t("Copied");
        this.webUrl = webUrl;
    }

    get action() {
        return ACTIONS[this.props.change.action];
    }

    get diff() {
        return wordDiff(this.props.change.old_value, this.props.change.value);
    }

    get asOf() {
        return toLocaleDateTimeString(deserializeDateTime(this.props.change.as_of), { showSeconds: false });
    }
}
