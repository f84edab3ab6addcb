import { registry } from "@web/core/registry";
import { REPORT, openPanel, publish } from "./dns_panel";

const tours = registry.category("web_tour.tours");
const WAY = `${REPORT} .o_mail_domain_health_path`;

const openPaths = [
    { trigger: ".o_mail_domain_health_box" },
    {
        trigger: ".o_menu_sections [data-menu-xmlid='mail_domain_health.mail_domain_health_menu_root']",
        run: "click",
    },
    {
        trigger: ".dropdown-item[data-menu-xmlid='mail_domain_health.mail_domain_health_path_menu']",
        run: "click",
    },
    { trigger: ".o_list_view .o_group_header" },
];

const checkNow = {
    trigger: `${REPORT} button[name=action_check]:enabled`,
    run: "click",
};

tours.add("mail_domain_health_path_remedy", {
    steps: () => [
        ...openPaths,
        {
            trigger: ".o_list_view .o_data_row:contains(admin@yahoo.com):contains(Rejected) td[name=who]",
            run: "click",
        },
        { trigger: `${WAY}[data-state=fail] .o_mail_domain_health_path_outcome:contains(Receivers will reject this mail)` },
        { trigger: `${WAY} .o_mail_domain_health_path_step[data-area=dmarc][data-state=fail]` },
        {
            trigger: ".o_mail_domain_health_finding:contains(yahoo.com) .o_mail_domain_health_remedy_button",
            run: "click",
        },
        { trigger: ".modal .o_field_widget[name=line_ids]:contains(mail.default.from_filter):contains(failing.example)" },
        {
            trigger: ".modal button[name=action_apply]",
            run: "click",
        },
        { trigger: `body:not(:has(.modal)) ${WAY}[data-state=unknown]:contains(notifications@failing.example)` },
        checkNow,
        { trigger: `${WAY}[data-state=pass] .o_mail_domain_health_path_outcome:contains(accept)` },
        { trigger: `${WAY} .o_mail_domain_health_path_fine:contains(Nothing is wrong)` },
    ],
});

tours.add("mail_domain_health_path_publish", {
    steps: () => [
        { trigger: ".o_mail_domain_health_box .o_mail_domain_health_report", run: "click" },
        { trigger: `${REPORT} .nav-link[name=uses]`, run: "click" },
        { trigger: ".o_mail_domain_health_use_open:contains(Notifications)", run: "click" },
        { trigger: `${WAY}[data-state=fail]` },
        { trigger: `${WAY} .o_mail_domain_health_path_publish`, run: "click" },
        { trigger: `${REPORT} .o_mail_domain_health_fix_it` },
        ...openPanel("failing.example"),
        ...publish(`${REPORT} .o_mail_domain_health_fix_it`, ["TXT", "replace", "@"], ["CNAME", "create"]),
        {
            content: "Back to the sending path",
            trigger: ".o_breadcrumb .breadcrumb-item:last, .o_breadcrumb .o_back_button",
            run: "click",
        },
        { trigger: `${WAY}[data-state=fail]` },
        checkNow,
        { trigger: `${WAY}[data-state=pass]` },
    ],
});
