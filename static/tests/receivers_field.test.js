import { ReceiversField } from "@mail_domain_health/receivers/receivers_field";
import { expect, test } from "@odoo/hoot";
import { click, queryAllTexts, queryOne, queryText } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { mockService, mountWithCleanup } from "@web/../tests/web_test_helpers";

defineMailModels();

const HOSTILE = `550 5.7.26 <img src=x onerror="document.title=1"><script>1</script>`;

function row(values = {}) {
    return {
        cause: "dmarc",
        title: "Rejected as the domain asks (DMARC)",
        count: 7,
        last: "2026-06-30",
        names: "Gmail",
        text: HOSTILE,
        paths: [{ id: 3, who: "Users of Ours", count: 7 }],
        ...values,
    };
}

async function mountSaid(said) {
    const record = { data: { receivers_said: { sentence: "Seven rejections.", rows: [], tips: [], ...said } } };
    await mountWithCleanup(ReceiversField, { props: { name: "receivers_said", record } });
}

test("a refusal shows how often, who, why and the newest text", async () => {
    await mountSaid({ rows: [row(), row({ cause: "unexplained", title: "Other", last: null, names: "", text: "", paths: [] })] });
    expect(".o_mail_domain_health_receivers > p").toHaveText("Seven rejections.");
    expect(queryAllTexts(".o_mail_domain_health_rejection .badge")).toEqual(["7", "7"]);
    expect(queryText(".o_mail_domain_health_rejection:first")).toInclude("Gmail");
    expect(".o_mail_domain_health_rejection:last .small").toHaveCount(0);
});

test("what a receiver wrote is text, whatever it looks like", async () => {
    await mountSaid({ rows: [row()] });
    expect(queryOne(".o_mail_domain_health_receivers").textContent).toInclude("<script>1</script>");
    expect(".o_mail_domain_health_receivers img, .o_mail_domain_health_receivers script").toHaveCount(0);
});

test("a sending path leads to its form", async () => {
    mockService("action", {
        doAction: (action) => expect.step(`${action.res_model} ${action.res_id}`),
    });
    await mountSaid({ rows: [row()] });
    await click(".o_mail_domain_health_rejection .btn-link");
    await animationFrame();
    expect.verifySteps(["mail.domain.health.path 3"]);
});

test("where all is green it points on", async () => {
    await mountSaid({ tips: [{ text: "Look at one mail.", url: "https://www.mail-tester.com/" }, { text: "Content.", url: null }] });
    expect(".o_mail_domain_health_tips li").toHaveCount(2);
    expect(".o_mail_domain_health_tips a").toHaveAttribute("rel", "noopener noreferrer");
});
