import { Component, onWillUpdateProps, useRef, useState } from "@odoo/owl";
import { deserializeDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { RPCError } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { useCheckNow } from "../overview/check_now";
import { RecordText } from "../record_text/record_text";
import { RecordCopyButton } from "./copy_button";
import { RecordChange } from "./record_change";
import { SpfBudget } from "./spf_budget";
import { webUrl } from "./web_url";

const MAX_MAILTO = 1900; // characters: some mail programs take no longer address

/** Whether there is anything in a publication that the domain's mail needs, or that was just published. */
export function hasPublication(publication) {
    const { changes, to_copy, published = [], budget, gate } = publication || { changes: [], to_copy: [] };
    return Boolean(gate || changes.length || to_copy.length || published.length || budget?.is_open);
}

/** The records to publish, each part ready to be copied into a DNS panel, and to be looked at once it is there. */
export class Publication extends Component {
    static template = "mail_domain_health.Publication";
    static components = { RecordChange, RecordCopyButton, RecordText, SpfBudget };
    static props = {
        publication: Object, // mail.domain.health: publication
        companyId: { type: [Number, { value: false }], optional: true }, // whose Settings are open
        onChecked: { type: Function, optional: true }, // takes what check_now answers
        isCompact: { type: Boolean, optional: true }, // without what is not needed
    };

    setup() {
        this.copied = _t("Copied");
        this.webUrl = webUrl;
        this.action = useService("action");
        this.orm = useService("orm");
        this.notification = useService("notification");
        this.state = useState({ checking: null, outcomes: {} });
        this.publishedRef = useRef("published");
        onWillUpdateProps(({ publication }) => {
            if (publication !== this.props.publication) {
                this.state.outcomes = {}; // a newer check says what became of each record
            }
        });
        const { state, checkNow } = useCheckNow(() => this.props.companyId);
        this.check = state;
        this.checkDomain = checkNow;
    }

    /** The DNS host's guides for records to be copied from elsewhere; those below have a link each. */
    get providerGuides() {
        const { provider, to_copy } = this.props.publication;
        const guides = Object.entries(to_copy.length ? provider.guides : {});
        return guides.filter(
            ([, url], index) => webUrl(url) && guides.findIndex((guide) => guide[1] === url) === index
        );
    }

    get providerName() {
        return this.props.publication.provider?.name || null;
    }

    get isEmpty() {
        const { changes, to_copy, sender_unknown, budget, gate } = this.props.publication;
        return !gate && !changes.length && !to_copy.length && !sender_unknown && !budget?.is_open;
    }

    /** Without a proposal all is in order, or we know too little to make one: the verdicts say which. */
    get isComplete() {
        return this.isEmpty && this.props.publication.complete;
    }

    /** What was published not long ago, with the time that caches may still take. */
    get published() {
        return this.props.publication.published || [];
    }

    outcome(change) {
        return this.state.outcomes[change.key] || change.outcome || undefined;
    }

    until(entry) {
        return deserializeDateTime(entry.until).toLocaleString(luxon.DateTime.TIME_SIMPLE);
    }

    get mailto() {
        const { subject, text } = this.props.publication;
        const body = encodeURIComponent(text.replaceAll("\n", "\r\n"));
        const address = `mailto:?subject=${encodeURIComponent(subject || "")}&body=${body}`;
        return address.length <= MAX_MAILTO ? address : null;
    }

    async writeMail() {
        const { domain_id } = this.props.publication;
        await this.action.doAction(
            await this.orm.call("mail.domain.health", "action_write_hostmaster", [[domain_id]])
        );
    }

    /** Look at one record alone; once receivers can see it, at the whole domain. */
    async checkRecord(change) {
        if (this.state.checking !== null || this.check.busy) {
            return;
        }
        this.state.checking = change.key;
        delete this.state.outcomes[change.key];
        const { domain_id } = this.props.publication;
        try {
            const { notice, outcome } = await this.orm.silent.call("mail.domain.health", "check_record", [
                [domain_id],
                change.key,
            ]);
            this.state.outcomes[change.key] = outcome || { sentence: notice, seen: [], done: false };
            if (outcome?.is_visible && this.props.onChecked) {
                const box = await this.checkDomain(domain_id);
                if (box) {
                    await this.props.onChecked(box);
                    this.publishedRef.el?.focus(); // its card, where the focus was, is gone
                }
            }
        } catch (error) {
            if (!(error instanceof RPCError)) {
                throw error;
            }
            this.notification.add(error.data?.message || error.message, {
                title: _t("The check did not run"),
                type: "danger",
            });
        } finally {
            this.state.checking = null;
        }
    }
}

export class PublicationField extends Component {
    static template = "mail_domain_health.PublicationField";
    static components = { Publication };
    static props = { ...standardFieldProps };

    get publication() {
        return this.props.record.data[this.props.name];
    }

    onChecked() {
        return this.props.record.load();
    }
}

export const publicationField = {
    component: PublicationField,
    displayName: _t("Records to Publish"),
    supportedTypes: ["json"],
    additionalClasses: ["w-100"],
};

registry.category("fields").add("mail_domain_health_publication", publicationField);
