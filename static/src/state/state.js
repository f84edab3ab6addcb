import { Component } from "@odoo/owl";

/** The colours of the verdicts: red for what happens to mail now, grey for what is not known or not needed. */
export const STATES = {
    pass: { badge: "text-bg-success", icon: "fa-check-circle text-success" },
    warning: { badge: "text-bg-warning", icon: "fa-exclamation-triangle text-warning" },
    fail: { badge: "text-bg-danger", icon: "fa-times-circle text-danger" },
    unknown: { badge: "text-bg-300", icon: "fa-question-circle text-muted" },
    not_needed: { badge: "text-bg-300", icon: "fa-minus-circle text-muted" },
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
