import { Component, onWillUpdateProps, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { DomainOverview } from "../overview/overview";
import { reportAction } from "../overview/report_action";
import { Publication, hasPublication } from "../publication/publication";
import { StateBadge } from "../state/state";

/**
 * What Settings shows of the company's email domain. It is about the *saved* alias domain:
 * a check neither saves nor discards what else was changed on the page.
 */
export class SettingsBox extends Component {
    static template = "mail_domain_health.SettingsBox";
    static components = { DomainOverview, Publication, StateBadge };
    static props = { ...standardFieldProps };

    setup() {
        this.action = useService("action");
        this.checked = useState({ overview: null, publication: null });
        onWillUpdateProps((nextProps) => {
            if (nextProps.record.data[nextProps.name] !== this.box) {
                Object.assign(this.checked, { overview: null, publication: null });
            }
        });
    }

    /** res.company: _get_mail_domain_health_box */
    get box() {
        return this.props.record.data[this.props.name];
    }

    get overview() {
        return this.checked.overview || this.box.domain;
    }

    get publication() {
        return this.checked.overview ? this.checked.publication : this.box.publication;
    }

    get showsPublication() {
        const { publication, isSenderUnknown } = this;
        return !isSenderUnknown && hasPublication(publication);
    }

    get isSenderUnknown() {
        return Boolean(this.box.sender && !this.box.sender.service);
    }

    get sender() {
        const { service, server, from_email } = this.box.sender;
        return _t("Your mail leaves as %(from_email)s, through %(service)s (%(server)s).", {
            from_email,
            service,
            server: server || _t("the server of Odoo's configuration file"),
        });
    }

    /** The alias domain that is chosen on the page but not saved yet, or null if that is the saved one. */
    get unsavedDomain() {
        const chosen = this.props.record.data.alias_domain_id;
        if ((chosen?.id || false) === (this.box.alias_domain_id || false)) {
            return null;
        }
        return chosen?.display_name || "";
    }

    onChecked({ overview, publication }) {
        Object.assign(this.checked, { overview, publication });
    }

    openReport(domainId) {
        return this.action.doAction(reportAction(domainId));
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
    fieldDependencies: [{ name: "alias_domain_id", type: "many2one" }],
};

registry.category("fields").add("mail_domain_health_box", settingsBox);
