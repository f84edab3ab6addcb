import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { DomainOverview } from "../overview/overview";

/** The head of the report. Everything below it comes from the same check, so the record is read anew. */
export class OverviewField extends Component {
    static template = "mail_domain_health.OverviewField";
    static components = { DomainOverview };
    static props = { ...standardFieldProps };

    get overview() {
        return this.props.record.data[this.props.name];
    }

    /** Selectors and report address on the page are part of what is checked. */
    save() {
        return this.props.record.save();
    }

    onChecked() {
        return this.props.record.load();
    }
}

registry.category("fields").add("mail_domain_health_overview", {
    component: OverviewField,
    displayName: _t("Email Domain Overview"),
    supportedTypes: ["json"],
    additionalClasses: ["w-100"],
});
