import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { RecordTable } from "../fix_it/record_table";
import { Sentence } from "../sentence/sentence";

/** An SPF record that is too full: what each entry costs, and the record without those that a person takes out. */
export class SpfBudget extends Component {
    static template = "mail_domain_health.SpfBudget";
    static components = { RecordTable, Sentence };
    static props = {
        budget: Object, // mail.domain.health: publication.budget
        domainId: Number,
        providerName: { type: [String, { value: null }], optional: true },
    };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ out: {}, changes: null });
    }

    isOut(term) {
        return term.is_dropped || Boolean(this.state.out[term.term]);
    }

    get lookups() {
        const { terms, lookups } = this.props.budget;
        return terms.filter((term) => this.isOut(term)).reduce((left, term) => left - term.lookups, lookups);
    }

    get fits() {
        return this.lookups <= this.props.budget.limit;
    }

    get sum() {
        return _t("%(lookups)s of %(limit)s", { lookups: this.lookups, limit: this.props.budget.limit });
    }

    toggle(term) {
        this.state.out[term.term] = !this.state.out[term.term];
        this.state.changes = null;
    }

    async showRecord() {
        const out = Object.keys(this.state.out).filter((term) => this.state.out[term]);
        const { changes } = await this.orm.call("mail.domain.health", "propose_spf", [[this.props.domainId], out]);
        this.state.changes = changes;
    }
}
