import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { SearchModel } from "@web/search/search_model";
import { STATES } from "../state/state";

/** Worst first, each with the filter of the search that it stands for and the verdicts that it counts. */
const CARDS = [
    { filter: "state_fail", states: ["fail"], label: _t("Rejected"), look: "fail" },
    { filter: "state_warning", states: ["warning"], label: _t("Fragile"), look: "warning" },
    { filter: "state_unknown", states: ["unknown"], label: _t("Not known"), look: "unknown" },
    { filter: "state_pass", states: ["pass", "not_needed"], label: _t("In order"), look: "pass" },
];

export class DomainsSearchModel extends SearchModel {
    /** The filters that the cards stand for, by their names. */
    get stateFilters() {
        const names = CARDS.map((card) => card.filter);
        const items = this.getSearchItems((item) => names.includes(item.name));
        return Object.fromEntries(items.map((item) => [item.name, item]));
    }

    /** What is searched, whatever card is chosen. */
    get domainBesideStates() {
        const query = this.query;
        this.query = query.filter((element) => !this._isStateFilter(element));
        try {
            return this._getDomain();
        } finally {
            this.query = query;
        }
    }

    /** Show the domains of one card only, or of all where that one is chosen; the rest of the search stays. */
    toggleStateFilter(name) {
        const filter = this.stateFilters[name];
        const chosen = this.query.filter((element) => this._isStateFilter(element));
        if (chosen.length === 1 && chosen[0].searchItemId === filter.id) {
            return this.deactivateGroup(filter.groupId);
        }
        this.query = this.query.filter((element) => !this._isStateFilter(element));
        this.toggleSearchItem(filter.id);
    }

    _isStateFilter(element) {
        return Object.values(this.stateFilters).some((item) => item.id === element.searchItemId);
    }
}

/** How many domains are in which state; each count is a filter that keeps the rest of the search. */
export class StateCards extends Component {
    static template = "mail_domain_health.StateCards";
    static props = { list: Object };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ counts: {} });
        this.keepLast = new KeepLast();
        onWillStart(() => this.count());
        onWillUpdateProps(() => {
            this.count();
        });
    }

    get cards() {
        const { stateFilters } = this.env.searchModel;
        return CARDS.filter((card) => stateFilters[card.filter]).map((card) => ({
            ...card,
            icon: STATES[card.look].icon,
            isChosen: Boolean(stateFilters[card.filter].isActive),
            count: card.states.reduce((sum, state) => sum + (this.state.counts[state] || 0), 0),
        }));
    }

    async count() {
        const groups = await this.keepLast.add(
            this.orm.formattedReadGroup(
                this.props.list.resModel,
                this.env.searchModel.domainBesideStates,
                ["state"],
                ["__count"],
                { context: this.props.list.context }
            )
        );
        this.state.counts = Object.fromEntries(groups.map((group) => [group.state, group.__count]));
    }

    choose(card) {
        this.env.searchModel.toggleStateFilter(card.filter);
    }
}
