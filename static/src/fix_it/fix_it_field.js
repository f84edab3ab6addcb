import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { FixIt } from "./fix_it";

/** The first page of a domain's report. What it shows is read by itself; that a check has ended, the overview tells. */
export class FixItField extends Component {
    static template = "mail_domain_health.FixItField";
    static components = { FixIt };
    static props = { ...standardFieldProps };

    get overview() {
        return this.props.record.data[this.props.name];
    }

    onChanged() {
        return this.props.record.load();
    }
}

registry.category("fields").add("mail_domain_health_fix_it", {
    component: FixItField,
    displayName: _t("To Do"),
    supportedTypes: ["json"],
    additionalClasses: ["w-100"],
});
