import { Component } from "@odoo/owl";
import { deserializeDateTime, toLocaleDateTimeString } from "@web/core/l10n/dates";
import { useService } from "@web/core/utils/hooks";
import { StateBadge, StateIcon } from "../state/state";
import { useDomainCheck } from "./domain_check";

/** A domain at one glance: the verdict, one sentence per protocol, its age, and "Check now". */
export class DomainOverview extends Component {
    static template = "mail_domain_health.DomainOverview";
    static components = { StateBadge, StateIcon };
    static props = {
        overview: Object, // mail.domain.health: overview
        onChecked: Function, // takes what check_now answers
        beforeCheck: { type: Function, optional: true },
    };

    setup() {
        this.action = useService("action");
        this.check = useDomainCheck(() => this.props.overview, {
            getCompanyId: () => false,
            onChecked: (box) => this.props.onChecked(box),
            beforeCheck: () => !this.props.beforeCheck || this.props.beforeCheck(),
        });
    }

    knownSince(known) {
        return toLocaleDateTimeString(deserializeDateTime(known.date), { showSeconds: false });
    }

    /** Opens the wizard that learns from one mail what DNS cannot tell. */
    onCheckReceivedMail() {
        return this.action.doAction("mail_domain_health.mail_domain_health_arrival_action", {
            additionalContext: { default_domain_id: this.props.overview.id },
        });
    }
}
