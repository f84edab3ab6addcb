import { Component, onWillUpdateProps, useState } from "@odoo/owl";
import { deserializeDateTime, formatDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { useFixIt } from "../fix_it/fix_it_dialog";
import { DomainOverview } from "../overview/overview";
import { useOpenReport } from "../overview/report_action";
import { pathAction } from "../path/path_action";
import { SEVERITIES, StateBadge, StateIcon } from "../state/state";

/**
 * What Settings shows of the company's email domain. It is about the *saved* alias domain:
 * a check neither saves nor discards what else was changed on the page.
 */
export class SettingsBox extends Component {
    static template = "mail_domain_health.SettingsBox";
    static components = { DomainOverview, StateBadge, StateIcon };
    static props = { ...standardFieldProps };

    setup() {
        this.action = useService("action");
        this.openReport = useOpenReport();
        this.openFixIt = useFixIt();
        this.checked = useState({ box: null });
        onWillUpdateProps((nextProps) => {
            if (nextProps.record.data[nextProps.name] !== this.read) {
                this.checked.box = null;
            }
        });
    }

    /** res.company: _get_mail_domain_health_box, as the page was read */
    get read() {
        return this.props.record.data[this.props.name];
    }

    /** The same, as of the last check. */
    get box() {
        return this.checked.box || this.read;
    }

    get overview() {
        return this.box.domain;
    }

    /** Where other mail of the company fares worse than its domain, that is the headline. */
    get domainSentence() {
        const { headline, domain } = this.box;
        return headline && domain.state === "pass" ? _t("Mail sent from this domain can be verified.") : null;
    }

    get severityLabel() {
        return SEVERITIES[this.box.problems.severity].label;
    }

    get problems() {
        const { count } = this.box.problems;
        return count === 1 ? _t("1 problem inside Odoo") : _t("%s problems inside Odoo", count);
    }

    get isSenderUnknown() {
        return Boolean(this.box.sender && !this.box.sender.service);
    }

    get sender() {
        const { service, server, from_email } = this.box.sender;
        return _t("Your mail is sent from %(from_email)s, through %(service)s (%(server)s).", {
            from_email,
            service,
            server: server || _t("the server of Odoo's configuration file"),
        });
    }

    /** When the scheduled check last left nothing undone, in words, or an empty text. */
    get lastRun() {
        return this.box.last_run ? formatDateTime(deserializeDateTime(this.box.last_run)) : "";
    }

    /** The alias domain that is chosen on the page but not saved yet, or null if that is the saved one. */
    get unsavedDomain() {
        const chosen = this.props.record.data.alias_domain_id;
        if ((chosen?.id || false) === (this.box.alias_domain_id || false)) {
            return null;
        }
        return chosen?.display_name || "";
    }

    /** A check of the domain changes what is said of all the company's mail. */
    onChecked({ box, overview }) {
        this.checked.box = box || { ...this.box, domain: overview };
    }

    fixIt() {
        this.openFixIt(this.overview.id, {
            companyId: this.companyId,
            onClose: (box) => box && this.onChecked(box),
        });
    }

    get companyId() {
        return this.props.record.data.company_id?.id || false;
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
