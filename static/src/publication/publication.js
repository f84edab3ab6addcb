import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { RecordText } from "../record_text/record_text";
import { RecordCopyButton } from "./copy_button";
import { wordDiff } from "./word_diff";

const ACTIONS = {
    create: _t("Add"),
    replace: _t("Replace, do not add"),
    delete: _t("Delete"),
};

/** A link from the catalogues, which administrators extend: nothing but http and https. */
export function webUrl(url) {
    return /^https?:\/\//i.test(url || "") ? url : null;
}

/** The records to publish, each part ready to be copied into a DNS panel. */
export class Publication extends Component {
    static template = "mail_domain_health.Publication";
    static components = { RecordCopyButton, RecordText };
    static props = { publication: Object }; // mail.domain.health: publication

    setup() {
        this.copied = _t("Copied");
        this.webUrl = webUrl;
    }

    /** The DNS host's guides for records to be copied from elsewhere; those below have a link each. */
    get providerGuides() {
        const { provider, to_copy } = this.props.publication;
        const guides = Object.entries(to_copy.length ? provider.guides : {});
        return guides.filter(
            ([, url], index) => webUrl(url) && guides.findIndex((guide) => guide[1] === url) === index
        );
    }

    get isEmpty() {
        const { changes, to_copy, sender_unknown } = this.props.publication;
        return !changes.length && !to_copy.length && !sender_unknown;
    }

    /** Without a proposal all is in order, or we know too little to make one: the verdicts say which. */
    get isComplete() {
        return this.isEmpty && this.props.publication.complete;
    }

    action(change) {
        return ACTIONS[change.action];
    }

    diff(change) {
        return wordDiff(change.old_value, change.value);
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
