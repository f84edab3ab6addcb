import { registry } from "@web/core/registry";
import { ListRenderer } from "@web/views/list/list_renderer";
import { listView } from "@web/views/list/list_view";
import { ContactsProgress } from "./contacts_progress";

export class ContactsListRenderer extends ListRenderer {
    static template = "mail_domain_health.ContactsListRenderer";
    static components = { ...ListRenderer.components, ContactsProgress };
}

registry.category("views").add("mail_partner_domain_list", { ...listView, Renderer: ContactsListRenderer });
