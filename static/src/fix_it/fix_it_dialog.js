import { Component } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { FixIt } from "./fix_it";

export { FixIt };

/** “Fix it now” over whatever page it was called from. */
export class FixItDialog extends Component {
    static template = "mail_domain_health.FixItDialog";
    static components = { Dialog, FixIt };
    static props = {
        ...FixIt.props,
        close: Function,
    };

    get title() {
        return _t("Fix it now");
    }

    get fixItProps() {
        const { close, ...props } = this.props;
        return { ...props, looksAtOnce: true };
    }
}

/**
 * @returns {(domainId: number, options?: { companyId?: number|false, onClose?: (box: Object|null) => void }) => void}
 *  opens the dialog; when it is closed, `onClose` takes what the last check of the whole domain answered, if there was one
 */
export function useFixIt() {
    const dialog = useService("dialog");
    return (domainId, { companyId = false, onClose } = {}) => {
        let last = null;
        dialog.add(
            FixItDialog,
            { domainId, companyId, onChanged: (box) => void (last = box) },
            { onClose: () => onClose?.(last) }
        );
    };
}
