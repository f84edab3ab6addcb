import { registry } from "@web/core/registry";

const FIX_IT = ".modal .o_mail_domain_health_fix_it";
const WIZARD = ".modal .o_mail_domain_health_letter_wizard";
const WITHDRAW = "button[name=action_withdraw]";
const open = [
    { trigger: ".o_mail_domain_health_box .o_mail_domain_health_fix_it_now", run: "click" },
    { trigger: `${FIX_IT} .o_mail_domain_health_write`, run: "click" },
];

registry.category("web_tour.tours").add("mail_domain_health_letter", {
    steps: () => [
        ...open,
        { trigger: `${WIZARD}:not(:has(${WITHDRAW}))` },
        { content: "An address that is none is refused", trigger: `${WIZARD} [name=email] input`, run: "edit dana" },
        { trigger: ".modal button[name=action_write]", run: "click" },
        { trigger: ".modal:contains(dns@example.com):not(:has(.o_form_view)) .modal-footer .btn-primary", run: "click" },
        { trigger: `${WIZARD} [name=email] input`, run: "edit dns@host.example" },
        { trigger: ".modal button[name=action_write]", run: "click" },
        {
            content: "The letter has the records",
            trigger: ".modal [name=body]:contains(v=spf1)",
        },
        { trigger: ".modal .o_mail_send", run: "click" },
        { trigger: "body:not(:has(.modal .o_mail_send))" },
        { content: "The link can be withdrawn", trigger: `${FIX_IT} .o_mail_domain_health_write`, run: "click" },
        { trigger: `${WIZARD} [name=links]:contains(dns@host.example)` },
        { trigger: `${WIZARD} ${WITHDRAW}`, run: "click" },
        { trigger: `${WIZARD}:not(:has(${WITHDRAW}))` },
    ],
});
