import { registry } from "@web/core/registry";

const NOTICE = ".o_mail_recipient_notice:contains(a@dead.example cannot be reached: dead.example does not exist.)";
const SEND = ".o-mail-Chatter-sendMessage:not([disabled])";

registry.category("web_tour.tours").add("mail_domain_health_recipients", {
    steps: () => [
        { content: "Write a message", trigger: SEND, run: "click" },
        { content: "Who cannot be reached is said below the recipients", trigger: `.o-mail-RecipientsInput ${NOTICE}` },
        { content: "Take them out", trigger: ".o-mail-RecipientsInput .o_tag .o_delete", run: "click" },
        { content: "Nothing is left to say", trigger: ".o-mail-RecipientsInput:not(:has(.o_mail_recipient_notice))" },
        { content: "Put them in again", trigger: ".o-mail-RecipientsInput input", run: "edit a@dead.example" },
        { trigger: ".o-mail-RecipientsInput .dropdown-item:contains(a@dead.example)", run: "click" },
        { content: "It is said again", trigger: `.o-mail-RecipientsInput ${NOTICE}` },
        { trigger: ".o-mail-Composer-input", run: "edit Hello" },
        { content: "The full composer", trigger: "[name='open-full-composer']", run: "click" },
        { content: "It says the same", trigger: `.modal ${NOTICE}` },
        { content: "and keeps nobody from sending", trigger: ".modal .o_mail_send:not([disabled])", run: "click" },
        { trigger: "body:not(:has(.modal)) .o-mail-Message:contains(Hello)" },
    ],
});
