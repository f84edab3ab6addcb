import { DmarcLadderField } from "@mail_domain_health/dmarc_ladder/dmarc_ladder";
import { expect, test } from "@odoo/hoot";
import { click, queryAllTexts } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { mockService, mountWithCleanup } from "@web/../tests/web_test_helpers";

defineMailModels();

async function mountLadder(values) {
    const dmarc_ladder = {
        steps: ["none", "quarantine", "reject"].map((policy) => ({
            policy, title: policy, sentence: "", place: policy === "quarantine" ? "You are here" : null,
        })),
        sentence: "There is a next step.",
        paths: [],
        change: null,
        ...values,
    };
    await mountWithCleanup(DmarcLadderField, { props: { name: "dmarc_ladder", record: { data: { dmarc_ladder } } } });
}

test("the step where the domain stands is marked in words", async () => {
    await mountLadder();
    expect(".o_mail_domain_health_step").toHaveCount(3);
    expect(".o_mail_domain_health_step[aria-current=step]").toHaveCount(1);
    expect("[data-policy=quarantine] .o_mail_domain_health_here").toHaveText("You are here");
});

test("what stands in the way leads to its sending path", async () => {
    mockService("action", {
        doAction: (action) => expect.step(`${action.res_model} ${action.res_id}`),
    });
    await mountLadder({ paths: [{ id: 4, who: "Newsletters", state: "warning", label: "Works, but fragile" }] });
    await click(".o_mail_domain_health_ladder .btn-link");
    await animationFrame();
    expect.verifySteps(["mail.domain.health.path 4"]);
});

test("the next record is shown beside the present one", async () => {
    await mountLadder({
        change: { name: "_dmarc.ours.example", type: "TXT", old_value: "v=DMARC1; p=quarantine", value: "v=DMARC1; p=reject" },
    });
    expect(queryAllTexts(".o_mail_domain_health_record")).toEqual(["v=DMARC1; p=quarantine", "v=DMARC1; p=reject"]);
});
