import { Component } from "@odoo/owl";
import { deserializeDateTime, toLocaleDateTimeString } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { RecordCopyButton } from "../publication/copy_button";
import { webUrl } from "../publication/web_url";
import { wordDiff } from "../publication/word_diff";
import { RecordText } from "../record_text/record_text";
import { Sentence } from "../sentence/sentence";
import { SEVERITIES, STATES } from "../state/state";

const ACTIONS = {
    create: _t("Add"),
    replace: _t("Replace, do not add"),
    delete: _t("Delete"),
};

/** How far a record is; what harms mail is said by the verdict, not here. */
const PROGRESS = {
    published: { label: _t("Published"), icon: STATES.pass.icon },
    spreading: { label: _t("Published, not everywhere yet"), icon: "fa-clock-o text-success" },
    mistaken: { label: _t("Needs a correction"), icon: STATES.warning.icon },
    not_seen: { label: _t("Not seen yet"), icon: "fa-circle-o text-muted" },
    unknown: { label: _t("Could not be checked"), icon: STATES.unknown.icon },
};

/** Of a record that is to be deleted. */
const PROGRESS_OF_DELETED = {
    published: { ...PROGRESS.published, label: _t("Deleted") },
    spreading: { ...PROGRESS.spreading, label: _t("Deleted, not everywhere yet") },
    not_seen: { ...PROGRESS.not_seen, label: _t("Still there") },
};

/** Records to publish, a row each: every part ready to be copied, and how far it is; beside them what was found and no record mends. */
export class RecordTable extends Component {
    static template = "mail_domain_health.RecordTable";
    static components = { RecordCopyButton, RecordText, Sentence };
    static props = {
        rows: Array, // mail.domain.health: read_fix_it
        problems: { type: Array, optional: true }, // of the same, and its notices
        providerName: { type: [String, { value: null }], optional: true },
        hasStates: { type: Boolean, optional: true },
        openRemedy: { type: Function, optional: true }, // takes a problem
    };
    static defaultProps = { problems: [] };

    setup() {
        this.copied = _t("Copied");
        this.webUrl = webUrl;
    }

    /** What Odoo itself refuses comes before every record, what may harm one day after them. */
    get problemsBefore() {
        return this.props.problems.filter((problem) => problem.severity === "error");
    }

    get problemsAfter() {
        return this.props.problems.filter((problem) => problem.severity !== "error");
    }

    severity(problem) {
        return SEVERITIES[problem.severity];
    }

    severityIcon(problem) {
        return { error: STATES.fail.icon, warning: STATES.warning.icon, info: "fa-info-circle text-muted" }[problem.severity];
    }

    action(row) {
        return ACTIONS[row.action];
    }

    diff(row) {
        return wordDiff(row.old_value, row.value);
    }

    progress(row) {
        return (row.action === "delete" && PROGRESS_OF_DELETED[row.state]) || PROGRESS[row.state] || PROGRESS.unknown;
    }

    time(text) {
        const moment = deserializeDateTime(text);
        return moment.hasSame(luxon.DateTime.now(), "day")
            ? moment.toLocaleString(luxon.DateTime.TIME_SIMPLE)
            : this.moment(text);
    }

    moment(text) {
        return toLocaleDateTimeString(deserializeDateTime(text), { showSeconds: false });
    }
}
