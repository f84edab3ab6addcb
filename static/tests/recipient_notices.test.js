import { RecipientNotices } from "@mail_domain_health/recipients/recipient_notices";
import { describe, expect, test } from "@odoo/hoot";
import { queryAllTexts, queryOne } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import { Component, useState, xml } from "@odoo/owl";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { mountWithCleanup, onRpc } from "@web/../tests/web_test_helpers";

defineMailModels();
describe.current.tags("desktop");

const NOTICE = ".o_mail_recipient_notice";

/** Mount the notices of recipients; the object returned changes whom they are about. */
async function mountNotices(recipients) {
    let state;
    class Parent extends Component {
        static components = { RecipientNotices };
        static template = xml`<RecipientNotices threadModel="'res.partner'" threadId="3" recipients="[...state.recipients]"/>`;
        static props = ["*"];
        setup() {
            state = this.state = useState({ recipients });
        }
    }
    await mountWithCleanup(Parent);
    await animationFrame();
    return state;
}

test("recipients of whom nothing is to be said show nothing", async () => {
    onRpc("res.partner", "read_recipient_notices", ({ args }) => {
        expect(args).toEqual([[7], ["a@fine.example"], "res.partner", 3]);
        return [];
    });
    await mountNotices([{ partner_id: 7, email: "a@fine.example" }]);
    expect(NOTICE).toHaveCount(0);
});

test("what is said follows the recipients, and is asked once for each of them", async () => {
    onRpc("res.partner", "read_recipient_notices", ({ args: [ids, emails] }) => {
        expect.step(`${ids} ${emails}`);
        return emails.filter((email) => email.includes("dead")).map((email) => `${email} cannot be reached.`);
    });
    const state = await mountNotices([{ partner_id: 7, email: "a@dead.example" }]);
    expect(queryAllTexts(`${NOTICE} div div`)).toEqual(["a@dead.example cannot be reached."]);
    state.recipients = [{ partner_id: 7, email: "a@dead.example" }];
    await animationFrame();
    state.recipients.push({ partner_id: false, email: "b@dead.example" });
    await animationFrame();
    await animationFrame();
    expect(queryAllTexts(`${NOTICE} div div`)).toHaveLength(2);
    state.recipients = [];
    await animationFrame();
    await animationFrame();
    expect(NOTICE).toHaveCount(0);
    expect.verifySteps(["7 a@dead.example", "7 a@dead.example,b@dead.example", " "]);
});

test("what an address says is text, whatever it looks like", async () => {
    onRpc("res.partner", "read_recipient_notices", () => ["<img src=x onerror=1>@dead.example"]);
    await mountNotices([{ partner_id: 7, email: "a@dead.example" }]);
    expect(queryOne(NOTICE).textContent).toInclude("<img");
    expect(`${NOTICE} img`).toHaveCount(0);
});

test("a notice that cannot be read keeps nobody from writing", async () => {
    onRpc("res.partner", "read_recipient_notices", () => {
        throw new Error("no answer");
    });
    await mountNotices([{ partner_id: 7, email: "a@dead.example" }]);
    expect(NOTICE).toHaveCount(0);
});
