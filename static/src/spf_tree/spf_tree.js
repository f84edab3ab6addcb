import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { StateIcon } from "../state/state";

/** The terms of one record, each with those of the record that it includes below it. */
export class SpfRows extends Component {
    static template = "mail_domain_health.SpfRows";
    static components = { SpfRows, StateIcon };
    static props = { rows: Array, limit: Number };

    count(row) {
        return _t("%(count)s/%(limit)s", { count: row.count, limit: this.props.limit });
    }

    countTitle(row) {
        return _t("Question to DNS %(count)s of at most %(limit)s", { count: row.count, limit: this.props.limit });
    }
}

/** An SPF record term by term, with what it includes, and the lookups as receivers count them. */
export class SpfTree extends Component {
    static template = "mail_domain_health.SpfTree";
    static components = { SpfRows, StateIcon };
    static props = { tree: Object }; // display/spf_tree.py: get_spf_trees
}
