import { Component, useState } from "@odoo/owl";
import { toLocaleDateString } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { useFixIt } from "../fix_it/fix_it_dialog";
import { RecordText } from "../record_text/record_text";
import { Sentence } from "../sentence/sentence";
import { SEVERITIES } from "../state/state";

/** What was noticed about a domain: what lasts first, what was resolved in a fold. */
export class FindingsField extends Component {
    static template = "mail_domain_health.FindingsField";
    static components = { RecordText, Sentence };
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.openFixIt = useFixIt();
        this.state = useState({ busy: false });
    }

    get findings() {
        return this.props.record.data[this.props.name].records;
    }

    get lasting() {
        return this.findings.filter((finding) => !finding.data.resolved_on);
    }

    get resolved() {
        return this.findings.filter((finding) => finding.data.resolved_on);
    }

    severity(finding) {
        return SEVERITIES[finding.data.severity] || SEVERITIES.info;
    }

    day(datetime) {
        return datetime ? toLocaleDateString(datetime) : "";
    }

    /** Leads to the place where it is set right, or shows what would change there. */
    async openRemedy(finding) {
        await this.props.record.save();
        if (finding.data.shows_record) {
            // Its own page is this one already.
            return this.openFixIt(this.props.record.resId, { onClose: () => this.props.record.load() });
        }
        const action = await this.orm.call(finding.resModel, "action_remedy", [[finding.resId]]);
        return this.action.doAction(action);
    }

    /** Asks until when, and why. */
    mute(finding) {
        return this.once(async () => {
            const action = await this.orm.call(finding.resModel, "action_mute", [[finding.resId]]);
            await this.action.doAction(action, { onClose: () => this.props.record.load() });
        });
    }

    unmute(finding) {
        return this.once(async () => {
            await this.orm.call(finding.resModel, "action_unmute", [[finding.resId]]);
            await this.props.record.load();
        });
    }

    async once(act) {
        if (this.state.busy) {
            return;
        }
        this.state.busy = true;
        try {
            await this.props.record.save();
            await act();
        } finally {
            this.state.busy = false;
        }
    }
}

registry.category("fields").add("mail_domain_health_findings", {
    component: FindingsField,
    displayName: _t("Email Domain Findings"),
    supportedTypes: ["one2many", "many2many"],
    additionalClasses: ["w-100"],
    relatedFields: () => [
        { name: "title", type: "char" },
        { name: "explanation", type: "text" },
        { name: "remedy", type: "text" },
        { name: "remedy_label", type: "char" },
        { name: "shows_record", type: "boolean" },
        { name: "name", type: "char" },
        { name: "record", type: "text" },
        { name: "severity", type: "char" },
        { name: "security_mark", type: "char" },
        { name: "first_seen", type: "datetime" },
        { name: "resolved_on", type: "datetime" },
        { name: "mute_text", type: "char" },
        { name: "mute_reason", type: "char" },
        { name: "is_muted", type: "boolean" },
    ],
});
