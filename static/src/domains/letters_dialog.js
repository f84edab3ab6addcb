import { Component } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";
import { downloadFile } from "@web/core/network/download";
import { RecordCopyButton } from "../publication/copy_button";

/** What to tell whoever runs the DNS of the chosen domains: a text to copy, or to save as a file. */
export class LettersDialog extends Component {
    static template = "mail_domain_health.LettersDialog";
    static components = { Dialog, RecordCopyButton };
    static props = { text: String, count: Number, nothing: String, unknown: String, close: Function };

    get title() {
        return _t("For Your DNS Administrator");
    }

    download() {
        downloadFile(new Blob([this.props.text]), "dns-changes.txt", "text/plain;charset=utf-8");
    }
}
