import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { RecordCopyButton } from "./copy_button";
import { wordDiff } from "./word_diff";

const ACTIONS = {
    create: { label: _t("Add"), badge: "text-bg-primary" },
    replace: { label: _t("Replace"), badge: "text-bg-warning" },
    delete: { label: _t("Delete"), badge: "text-bg-danger" },
};

/** A link from the catalogues, which administrators extend: nothing but http and https. */
export function webUrl(url) {
    return /^https?:\/\//i.test(url || "") ? url : null;
}

/** The records to publish, each part ready to be copied into a DNS panel. */
export class Publication extends Component {
    static template = "mail_domain_health.Publication";
    static components = { RecordCopyButton };
    static props = { publication: Object }; // mail.domain.health: publication

    setup() {
        this.copied = _t("Copied");
        this.webUrl = webUrl;
    }

    get providerGuides() {
        const guides = this.props.publication.provider?.guides || {};
        const urls = new Set();
        return Object.entries(guides).filter(([, url]) => {
            const fresh = webUrl(url) && !urls.has(url);
            urls.add(url);
            return fresh;
        });
    }

    get isEmpty() {
        const { changes, to_copy, sender_unknown } = this.props.publication;
        return !changes.length && !to_copy.length && !sender_unknown;
    }

    action(change) {
        return ACTIONS[change.action];
    }

    /** The published and the proposed record in pieces, the difference marked. */
    diff(change) {
        if (change.action === "replace" && change.old_value) {
            return wordDiff(change.old_value, change.value);
        }
        return { old: [], new: [{ text: change.value, changed: false }] };
    }
}

export class PublicationField extends Component {
    static template = "mail_domain_health.PublicationField";
    static components = { Publication };
    static props = { ...standardFieldProps };

    get publication() {
        return this.props.record.data[this.props.name];
    }
}

export const publicationField = {
    component: PublicationField,
    displayName: _t("Records to Publish"),
    supportedTypes: ["json"],
    additionalClasses: ["w-100"],
};

registry.category("fields").add("mail_domain_health_publication", publicationField);
