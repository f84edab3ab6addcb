import { browser } from "@web/core/browser/browser";
import { CopyButton } from "@web/core/copy_button/copy_button";

/** Core's copy button with a name for screen readers; it works on plain http too, where there is no clipboard API. */
export class RecordCopyButton extends CopyButton {
    static template = "mail_domain_health.RecordCopyButton";
    static props = {
        ...CopyButton.props,
        content: String,
        label: String,
    };

    async onClick() {
        if (browser.navigator.clipboard) {
            return super.onClick();
        }
        if (copyBySelection(this.props.content)) {
            this.showTooltip();
        }
    }
}

/**
 * @param {string} text
 * @returns {boolean} whether the browser copied it
 */
function copyBySelection(text) {
    const area = document.createElement("textarea");
    area.value = text;
    area.readOnly = true;
    area.style.position = "fixed";
    area.style.opacity = "0";
    document.body.append(area);
    area.select();
    try {
        return document.execCommand("copy");
    } finally {
        area.remove();
    }
}
