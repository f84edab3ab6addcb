import { onWillUnmount } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { formView } from "@web/views/form/form_view";

// A button that is disabled while its action is looked up loses the focus, before there is a dialog that could note it.
let lastFocused = null;
document.addEventListener("focusin", (ev) => {
    if (!ev.target.closest(".modal")) {
        lastFocused = ev.target;
    }
});

/**
 * A form in a dialog that gives the focus back to what opened it.
 *
 * Odoo's dialogs do, unless the form has put the focus into its first field before the dialog notes where it was.
 */
class DialogFormController extends formView.Controller {
    setup() {
        const opener = lastFocused;
        super.setup();
        onWillUnmount(() =>
            setTimeout(() => {
                if (document.activeElement === document.body && opener?.isConnected) {
                    opener.focus();
                }
            })
        );
    }
}

registry.category("views").add("mail_domain_health_dialog_form", { ...formView, Controller: DialogFormController });
