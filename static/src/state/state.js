import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** The colors of the verdicts: red for what happens to mail now, gray for what is not known or not needed. */
export const STATES = {
    pass: { badge: "text-bg-success", icon: "fa-check-circle text-success" },
    warning: { badge: "text-bg-warning", icon: "fa-exclamation-triangle text-warning" },
    fail: { badge: "text-bg-danger", icon: "fa-times-circle text-danger" },
    unknown: { badge: "text-bg-300", icon: "fa-question-circle text-muted" },
    not_needed: { badge: "text-bg-300", icon: "fa-minus-circle text-muted" },
};

/** The same scale for findings: what harms mail now, what may, and what is good to know. */
export const SEVERITIES = {
    error: { label: _t("Error"), badge: STATES.fail.badge },
    warning: { label: _t("Warning"), badge: STATES.warning.badge },
    info: { label: _t("Hint"), badge: STATES.unknown.badge },
};

class State extends Component {
    static props = { state: String, label: String };

    get look() {
        return STATES[this.props.state] || STATES.unknown;
    }
}

export class StateBadge extends State {
    static template = "mail_domain_health.StateBadge";
}

export class StateIcon extends State {
    static template = "mail_domain_health.StateIcon";
}

/** A verdict in a column of a list: the icon alone, the words on hovering. */
export class StateField extends Component {
    static template = "mail_domain_health.StateField";
    static components = { StateIcon };
    static props = { ...standardFieldProps };

    get state() {
        return this.props.record.data[this.props.name];
    }

    get label() {
        const { selection } = this.props.record.fields[this.props.name];
        return selection.find(([value]) => value === this.state)?.[1] || "";
    }
}

registry.category("fields").add("mail_domain_health_state", {
    component: StateField,
    displayName: _t("Verdict"),
    supportedTypes: ["selection"],
    listViewWidth: [70, 90],
});
