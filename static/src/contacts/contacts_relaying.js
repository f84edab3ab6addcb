import { Component } from "@odoo/owl";
import { useService } from "@web/core/utils/hooks";
import { formatInteger } from "@web/views/fields/formatters";
import { pathAction } from "../path/path_action";
import { StateBadge } from "../state/state";

/** How messages of contacts fare that the current company passes on, and the way to what helps. */
export class ContactsRelaying extends Component {
    static template = "mail_domain_health.ContactsRelaying";
    static components = { StateBadge };
    static props = { card: Object, counts: Array };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
    }

    /** Those that a finding counted; else all contacts. */
    get facts() {
        const { card, counts } = this.props;
        return card.finding_id ? card.facts : [...counts, ...card.facts];
    }

    format(number) {
        return formatInteger(number);
    }

    async openRemedies() {
        const action = await this.orm.call("mail.domain.health.finding", "action_remedy", [[this.props.card.finding_id]]);
        return this.action.doAction(action);
    }

    openPath() {
        return this.action.doAction(pathAction(this.props.card.path_id));
    }
}
