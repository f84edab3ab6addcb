import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");
const CARD = ".o_mail_domain_health_relaying";
const FACTS = "[data-fact=contacts]:contains(2)";

/** From the warning in Settings to the dialog that tells whom it concerns, and what helps. */
const openRemedies = [
    {
        content: "Contacts' messages are unsafe, and how many of them were really forwarded and rejected is counted",
        trigger: `${CARD}[data-verdict=unsafe]:has([data-fact=mails]:contains(3)):has([data-fact=refused]:contains(1))`,
    },
    { trigger: `${CARD} ${FACTS}` },
    { trigger: `${CARD} .o_mail_domain_health_relaying_remedies`, run: "click" },
    { trigger: ".modal .o_mail_contact_relaying .o_field_widget[name=domain_ids] .o_data_row:contains(rejects.example)" },
];

tours.add("mail_domain_health_contacts_sender", {
    steps: () => [
        ...openRemedies,
        {
            content: "The default sender and the server's filter, in one click",
            trigger: ".modal .o_field_widget[name=change_ids]:has(.o_data_row:contains(notifications)):has(.o_data_row:contains(Relay))",
        },
        { trigger: ".modal .o_field_widget[name=effect_ids] .o_data_row:contains(rejected):contains(notifications@ours.example)" },
        { trigger: ".modal button[name=action_replace_sender]", run: "click" },
        { trigger: `body:not(:has(.modal)) ${CARD}[data-verdict=safe]:contains(notifications@ours.example)` },
        { trigger: `${CARD}:not(:has(.o_mail_domain_health_relaying_remedies)) .o_mail_domain_health_relaying_path`, run: "click" },
        { trigger: ".o_mail_domain_health_path:contains(notifications@ours.example)" },
    ],
});

tours.add("mail_domain_health_contacts_inbox", {
    steps: () => [
        ...openRemedies,
        { trigger: ".modal .o_field_widget[name=user_line_ids] .o_data_row:contains(Sally):contains(By email):contains(In Odoo)" },
        { trigger: ".modal button[name=action_notify_in_odoo]", run: "click" },
        { trigger: `body:not(:has(.modal)) ${CARD}[data-verdict=in_odoo]:contains(read in Odoo)` },
    ],
});

tours.add("mail_domain_health_contacts_address", {
    steps: () => [
        ...openRemedies,
        { trigger: ".modal button[name=action_show_contacts]", run: "click" },
        { trigger: ".o_list_view .o_data_row:contains(Jane):contains(Cannot be forwarded) td[name=complete_name]", run: "click" },
        { trigger: ".o_form_view .o_mail_contact_notice:contains(asks receivers to reject)" },
        { trigger: ".o_mail_contact_notice button:contains(Use another address)", run: "click" },
        {
            content: "What it means is said before",
            trigger: ".modal .o_mail_contact_address:contains(invoices) .o_field_widget[name=email] input",
            run: "edit jane@rejects.example && press Tab",
        },
        {
            content: "An address at the same domain would help nothing",
            trigger: ".modal .o_field_widget[name=follows]:contains(rejected or filed as spam)",
        },
        {
            trigger: ".modal .o_field_widget[name=email] input",
            run: "edit jane@ours.example && press Tab",
        },
        { trigger: ".modal .o_field_widget[name=follows]:contains(your own domain)" },
        { trigger: ".modal button[name=action_apply]", run: "click" },
        { trigger: "body:not(:has(.modal)) .o_form_view:not(:has(.o_mail_contact_notice))" },
        { trigger: ".o-mail-Message:contains(jane@rejects.example)" },
    ],
});

tours.add("mail_domain_health_user_notice", {
    steps: () => [
        { trigger: ".o_mail_address_notice:contains(Policy of yahoo.com: Reject):contains(Most large providers will reject)" },
        { trigger: ".o_mail_address_notice button[name=action_mail_address_remedy]", run: "click" },
        { trigger: ".modal button[name=action_apply]", run: "click" },
        { trigger: "body:not(:has(.modal)) .o_form_view:not(:has(.o_mail_address_notice))" },
    ],
});
