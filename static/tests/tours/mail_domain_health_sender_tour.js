import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");
const BOX = ".o_mail_domain_health_sender_box";
const unfold = { trigger: "details[data-fold=sender] > summary", run: "click" };
const example = (kind, address) =>
    `${BOX} .o_mail_domain_health_sender_example[data-kind=${kind}] .o_mail_domain_health_sender_from:contains(${address})`;

tours.add("mail_domain_health_sender", {
    steps: () => [
        unfold,
        { trigger: `${BOX}[data-mode=author]` },
        { content: "A customer's mail leaves as the customer", trigger: example("outsider", "customer.example") },
        { trigger: `${BOX} .o_mail_domain_health_sender_change`, run: "click" },
        { trigger: ".modal .o_radio_item:contains(All mail is sent from one address) input", run: "click" },
        { trigger: ".modal .o_field_widget[name=address] input", run: "edit desk@failing.example" },
        { trigger: ".modal button[name=action_preview]", run: "click" },
        {
            content: "The preview tells the address from before and the new one",
            trigger: ".modal .o_mail_domain_health_sender_setting[data-field=default_from]:contains(notifications):contains(desk)",
        },
        { trigger: ".modal .o_mail_domain_health_sender_setting:contains(mail.default.from_filter)" },
        { trigger: ".modal .o_mail_domain_health_sender_row[data-changed]:contains(desk@failing.example)" },
        {
            content: "Another choice hides what was shown of the first",
            trigger: ".modal .o_radio_item:contains(No change) input",
            run: "click",
        },
        { trigger: ".modal button[name=action_preview]" },
        { trigger: ".modal:not(:has(.o_mail_domain_health_sender_preview))" },
        { trigger: ".modal .o_radio_item:contains(All mail is sent from one address) input", run: "click" },
        { trigger: ".modal button[name=action_apply]", run: "click", expectUnloadPage: true },
        unfold,
        { trigger: `body:not(:has(.modal)) ${BOX}[data-mode=one]` },
        { trigger: example("outsider", "desk@failing.example") },
        { trigger: example("insider", "desk@failing.example") },
    ],
});

tours.add("mail_domain_health_legacy_sender", {
    steps: () => [
        unfold,
        { trigger: `${BOX} .o_mail_domain_health_legacy:contains(Odoo no longer reads it)` },
        { trigger: `${BOX} .o_mail_domain_health_honor`, run: "click" },
        {
            trigger: ".modal:contains(Bounces then go to that address) .btn-primary:contains(Honor them)",
            run: "click",
            expectUnloadPage: true,
        },
        unfold,
        { trigger: `${BOX}[data-mode=force]` },
        { trigger: example("outsider", "office@failing.example") },
        { trigger: `${BOX} .o_mail_domain_health_convert`, run: "click" },
        { trigger: ".modal .o_mail_domain_health_sender_setting:contains(mail.force.smtp.from)" },
        { trigger: ".modal button[name=action_apply]", run: "click", expectUnloadPage: true },
        unfold,
        { trigger: `body:not(:has(.modal)) ${BOX}[data-mode=one]:not(:has(.o_mail_domain_health_legacy))` },
        { trigger: example("outsider", "office@failing.example") },
    ],
});
