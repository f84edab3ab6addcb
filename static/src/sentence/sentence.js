import { Component } from "@odoo/owl";

/**
 * A whole sentence in a template, with what it is filled with in its place: translators see one text, and may put the
 * parts in the order of their language.
 *
 * <Sentence text.translate="Your DNS seems to be at %(host)s."><t t-set-slot="host"><b t-esc="host"/></t></Sentence>
 */
export class Sentence extends Component {
    static template = "mail_domain_health.Sentence";
    static props = {
        text: String, // with placeholders: %(name)s
        values: { type: Object, optional: true }, // by name: what is shown there as text
        slots: { type: Object, optional: true }, // by name: what is shown there with its markup
    };
    static defaultProps = { values: {} };

    /** Plain text and placeholders by turns. */
    get parts() {
        return this.props.text.split(/%\((\w+)\)s/).map((part, index) => {
            const isPlaceholder = index % 2 === 1;
            return isPlaceholder && this.props.slots?.[part]
                ? { slot: part }
                : { text: isPlaceholder ? this.props.values[part] : part };
        });
    }
}
