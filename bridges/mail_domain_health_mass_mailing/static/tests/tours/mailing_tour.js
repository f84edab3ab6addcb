import { registry } from "@web/core/registry";

const LINE = ".o_mailing_unreachable";

registry.category("web_tour.tours").add("mail_domain_health_mass_mailing", {
    steps: () => [
        {
            content: "The line says how many cannot be reached",
            trigger: `${LINE}:contains(Addresses at domains that cannot receive mail: 2 of 3.)`,
        },
        {
            content: "Show them",
            trigger: `${LINE} button[name=action_view_unreachable]`,
            run: "click",
        },
        {
            content: "It is these two",
            trigger: ".o_list_view .o_data_row:contains(b@dead.example)",
        },
        {
            content: "and nobody else",
            trigger: ".o_list_view:not(:has(.o_data_row:contains(c@fine.example)))",
        },
        {
            content: "Back to the mailing",
            trigger: ".o_back_button, .breadcrumb-item a:contains(Tour News)",
            run: "click",
        },
        {
            content: "All are sent to, as long as nobody chooses otherwise",
            trigger: `${LINE} .o_radio_item:contains(Send to all anyway) input:checked`,
        },
        {
            content: "so the dialog says",
            trigger: "button[name=action_launch]",
            run: "click",
        },
        { trigger: ".modal-footer .btn-primary:contains(Send to all)" },
        { trigger: ".modal-footer .btn-secondary", run: "click" },
        {
            content: "Leave them out",
            trigger: `${LINE} .o_radio_item:contains(Leave them out) input`,
            run: "click",
        },
        {
            content: "Send: there is one such button",
            trigger: ".o_statusbar_buttons:not(:has(button[name=action_launch] ~ button[name=action_launch])) button[name=action_launch]",
            run: "click",
        },
        {
            content: "The dialog says that some are left out, and not that all are sent to",
            trigger: ".modal:contains(are left out, as you chose):not(:contains(Send to all)) .modal-footer .btn-primary:contains(Send to the others)",
            run: "click",
        },
        {
            content: "It is in the queue",
            trigger: ".o_arrow_button_current:contains(In Queue)",
        },
    ],
});

registry.category("web_tour.tours").add("mail_domain_health_mass_mailing_sent", {
    steps: () => [
        {
            content: "What was left out is said afterwards",
            trigger: ".o_mails_left_out:contains(2):contains(their domains cannot receive mail)",
        },
    ],
});
