import { Component, onPatched, onWillPatch, onWillUpdateProps, useRef, useState } from "@odoo/owl";
import { deserializeDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { useFixIt } from "../fix_it/fix_it_dialog";
import { useDomainCheck } from "../overview/domain_check";
import { useOpenReport } from "../overview/report_action";
import { pathAction } from "../path/path_action";
import { Sentence } from "../sentence/sentence";
import { StateIcon } from "../state/state";
import { useFolds } from "./folds";

const QUIET = ["pass", "not_needed"];

/**
 * What Settings shows of the company's email domain. It is about the *saved* alias domain:
 * a check neither saves nor discards what else was changed on the page.
 */
export class SettingsBox extends Component {
    static template = "mail_domain_health.SettingsBox";
    static components = { Sentence, StateIcon };
    static props = { ...standardFieldProps };

    setup() {
        this.action = useService("action");
        this.openReport = useOpenReport();
        this.openFixIt = useFixIt();
        this.root = useRef("root");
        this.unfold = useFolds(this.root);
        this.state = useState({ box: null, area: null, said: "" });
        onWillUpdateProps((nextProps) => {
            if (nextProps.record.data[nextProps.name] !== this.read) {
                Object.assign(this.state, { box: null, area: null, said: "" });
            }
        });
        this.check = useDomainCheck(() => this.overview, {
            getCompanyId: () => this.companyId,
            onChecked: (box) => this.onChecked(box),
        });
        this.keepFocus();
    }

    /** Where the focus was on a button that is gone by now, it goes on from the one that always stays. */
    keepFocus() {
        let hadFocus = false;
        onWillPatch(() => {
            hadFocus = Boolean(this.root.el?.contains(document.activeElement));
        });
        onPatched(() => {
            if (hadFocus && !this.root.el?.contains(document.activeElement)) {
                this.root.el?.querySelector(".o_mail_domain_health_check_now")?.focus();
            }
        });
    }

    /** res.company: _get_mail_domain_health_box, as the page was read */
    get read() {
        return this.props.record.data[this.props.name];
    }

    /** The same, as of the last check. */
    get box() {
        return this.state.box || this.read;
    }

    get overview() {
        return this.box?.domain;
    }

    get headline() {
        return this.box.headline;
    }

    /** Nothing to do and nothing to tell: one line is enough. */
    get isQuiet() {
        const { headline, problems, records, other, danger } = this.box;
        return QUIET.includes(headline.state) && !problems && !other && !records?.is_open && !danger;
    }

    get isChecked() {
        return Boolean(this.overview?.last_check);
    }

    get isSenderUnknown() {
        return Boolean(this.box.sender && !this.box.sender.service);
    }

    /** The one thing to do next: what is not known yet comes before what depends on it. */
    get next() {
        if (this.isQuiet) {
            return null;
        }
        const { records, problems, is_unseen, domain } = this.box;
        if (this.isSenderUnknown && !this.headline.path_id) {
            return { name: "delivery", label: _t("Choose who delivers"), run: () => this.unfold("delivery") };
        }
        if (is_unseen && this.headline.state === "unknown") {
            return {
                name: "dns",
                label: _t("How to set name servers"),
                run: () => this.unfold("advanced", "nameservers"),
                isCalm: true,
            };
        }
        if (domain && !this.isChecked && this.headline.state === "unknown") {
            return { name: "check", label: _t("Check now"), run: () => this.check.checkNow() };
        }
        if (records?.is_open || problems || ["fail", "warning"].includes(this.headline.state)) {
            return {
                name: "fix",
                label: _t("Fix it now"),
                run: () => this.fixIt(),
                isCalm: QUIET.includes(this.headline.state),
            };
        }
        if (domain?.areas.some((area) => area.provable)) {
            return { name: "prove", label: _t("Check a received email"), run: () => this.checkReceivedMail(), isCalm: true };
        }
        return null;
    }

    get progress() {
        const { count, published, unknown } = this.box.records || { count: 0 };
        if (!count || unknown || this.isSenderUnknown) {
            return "";
        }
        return count === 1
            ? _t("%s of 1 record published", published)
            : _t("%(published)s of %(count)s records published", { published, count });
    }

    get problems() {
        const { count } = this.box.problems;
        return count === 1 ? _t("1 problem inside Odoo") : _t("%s problems inside Odoo", count);
    }

    /** Behind a domain that can have no mail, and of one that nobody has looked at, no protocol has a verdict. */
    get areas() {
        return this.isQuiet || !this.isChecked || this.box.is_gated ? [] : this.overview?.areas || [];
    }

    get shownArea() {
        return this.areas.find((area) => area.area === this.state.area);
    }

    /** What is to be done about a domain that somebody else may come to use. */
    fixDanger() {
        return this.openFixIt(this.box.danger.domain_id, {
            companyId: this.companyId,
            onClose: (box) => box && this.onChecked(box),
        });
    }

    /** What was known before DNS fell silent, in words; the areas of one state and day are told together. */
    get known() {
        const areas = this.areas.filter((area) => area.known);
        const told = new Map();
        for (const { short, known } of areas) {
            const date = deserializeDateTime(known.date).toLocaleString(luxon.DateTime.DATE_MED);
            const key = `${known.label} (${date})`;
            told.set(key, [...(told.get(key) || []), short]);
        }
        if (told.size === 1 && areas.length === this.areas.length) {
            return _t("Last known: %s", [...told.keys()][0]);
        }
        const each = [...told].map(([known, names]) => `${names.join(", ")}: ${known}`);
        return each.length ? _t("Last known: %s", each.join("; ")) : "";
    }

    get overdue() {
        const { is_run_overdue, last_run } = this.box;
        if (!is_run_overdue) {
            return "";
        }
        return last_run
            ? _t("The scheduled check is overdue, see Scheduled Actions. It last ran %s.", deserializeDateTime(last_run).toRelative())
            : _t("The scheduled check is overdue, see Scheduled Actions.");
    }

    /** The alias domain that is chosen on the page but not saved yet, or null if that is the saved one. */
    get unsavedDomain() {
        const chosen = this.props.record.data.alias_domain_id;
        if ((chosen?.id || false) === (this.box.alias_domain_id || false)) {
            return null;
        }
        return chosen?.display_name || "";
    }

    get companyId() {
        return this.props.record.data.company_id?.id || false;
    }

    /** A check of the domain changes what is said of all the company's mail. */
    onChecked({ box, overview, notice }) {
        this.state.box = box || { ...this.box, domain: overview };
        this.state.said = notice ? "" : this.headline?.sentence || "";
    }

    fixIt() {
        const id = this.headline.domain_id || this.overview?.id;
        if (!id) {
            return this.openProblems();
        }
        return this.openFixIt(id, {
            companyId: this.companyId,
            onClose: (box) => box && this.onChecked(box),
        });
    }

    toggleArea(area) {
        this.state.area = this.state.area === area ? null : area;
    }

    openPath(pathId) {
        return this.action.doAction(pathAction(pathId));
    }

    openProblems() {
        const { ids } = this.box.problems;
        return this.action.doAction({
            type: "ir.actions.act_window",
            name: _t("Problems inside Odoo"),
            res_model: "mail.domain.health.finding",
            domain: [["id", "in", ids]],
            views: [
                [false, "list"],
                [false, "form"],
            ],
            ...(ids.length === 1 && { res_id: ids[0], views: [[false, "form"]] }),
        });
    }

    openAdoption() {
        return this.action.doAction("mail_domain_health.mail_alias_domain_adopt_action");
    }

    /** Opens the wizard that learns from one mail what DNS cannot tell. */
    checkReceivedMail() {
        return this.action.doAction("mail_domain_health.mail_domain_health_arrival_action", {
            additionalContext: { default_domain_id: this.overview.id },
        });
    }
}

export const settingsBox = {
    component: SettingsBox,
    displayName: _t("Email Domain Health"),
    supportedTypes: ["json"],
    additionalClasses: ["w-100"],
    fieldDependencies: [
        { name: "alias_domain_id", type: "many2one" },
        { name: "company_id", type: "many2one" },
    ],
};

registry.category("fields").add("mail_domain_health_box", settingsBox);
