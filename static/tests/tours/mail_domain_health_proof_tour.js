import { rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";

const call = (model, method, ...args) => rpc(`/web/dataset/call_kw/${model}/${method}`, { model, method, args, kwargs: {} });
const ROW = ".o_list_view .o_data_row:contains(Notifications)";

/** Hand Odoo the mail as its own mail gateway gets it, and have it read. */
async function arrive() {
    const mail = await (await fetch("http://proof.test/mail")).text();
    await call("mail.thread", "message_process", false, mail);
    const [, cron] = await call("ir.model.data", "check_object_reference", "mail_domain_health", "ir_cron_mail_domain_health_incoming");
    await call("ir.cron", "method_direct_trigger", [cron]);
}

registry.category("web_tour.tours").add("mail_domain_health_proof", {
    steps: () => [
        { content: "In the report of a domain", trigger: ".o_form_view button[name=action_send_proof]", run: "click" },
        {
            content: "No mailbox is known yet",
            trigger: ".modal .o_field_widget[name=address] input",
            run: "edit proofs@receiver.example",
        },
        { trigger: ".modal .modal-footer button[name=action_send]", run: "click" },
        { content: "Each path has a row, and waits", trigger: `${ROW}:contains(Under Way):contains(Waiting)` },
        { content: "It arrives", trigger: "body", run: arrive },
        { content: "The list looks by itself", trigger: `${ROW}:contains(Arrived):contains(192.0.2.10)`, timeout: 20000 },
        { trigger: `${ROW} .o_data_cell[name=who]`, run: "click" },
        { trigger: ".o_form_view .alert-success:contains(Proven)" },
        { trigger: ".o_form_view .o_field_widget[name=table]:contains(192.0.2.10):contains(mx1.receiver.example):contains(verified)" },
        { trigger: ".o_form_view button[name=action_keep]", run: "click" },
        { content: "What it showed can be kept", trigger: ".modal .o_field_widget[name=keep_egress] input:checked" },
        { trigger: ".modal button[name=action_keep]", run: "click" },
        {
            content: "In the report of the domain",
            trigger: ".o_form_view .nav-link[name=learned]",
            run: "click",
        },
        { trigger: ".o_form_view .o_field_widget[name=observation_ids]:contains(192.0.2.10)" },
    ],
});
