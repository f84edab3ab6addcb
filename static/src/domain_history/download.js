import { download } from "@web/core/network/download";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";

/** Have a file downloaded that Odoo's own export makes (display/history_file.py). */
async function downloadExport(env, { params: { url, data } }) {
    await download({ url, data: { data: JSON.stringify({ ...data, context: user.context }) } });
}

registry.category("actions").add("mail_domain_health_download", downloadExport);
