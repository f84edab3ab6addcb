import { Component } from "@odoo/owl";

/**
 * The value of a DNS record: selectable, in words that are not torn apart ("-all") unless
 * one alone is too long for its line.
 */
export class RecordText extends Component {
    static template = "mail_domain_health.RecordText";
    static props = {
        text: { type: String, optional: true },
        words: { type: Array, optional: true }, // instead of text: one side of a wordDiff
        mark: { type: String, optional: true }, // "ins" or "del": what a changed word is
        className: { type: String, optional: true },
    };
    static defaultProps = { text: "", mark: "ins", className: "" };

    get words() {
        return (
            this.props.words ||
            this.props.text
                .split(/(\s+)/)
                .filter(Boolean)
                .map((text) => ({ text, changed: false }))
        );
    }
}
