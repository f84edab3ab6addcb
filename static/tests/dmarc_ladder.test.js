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

test("own mail that fails shows what to mend before the step back", async () => {
    await mountLadder({
        failing: {
            sentence: "First publish the key.",
            back: { name: "_dmarc.ours.example", type: "TXT", value: "v=DMARC1; p=none", policy: "none", sentence: "Else step back." },
        },
    });
    expect(queryAllTexts(".o_mail_domain_health_failing p")).toEqual(["First publish the key.", "Else step back."]);
    expect(".o_mail_domain_health_failing .o_mail_domain_health_record").toHaveText("v=DMARC1; p=none");
});

test("the next step as a test stands below it", async () => {
    await mountLadder({
        change: { name: "_dmarc.ours.example", type: "TXT", old_value: "v=DMARC1; p=none", value: "v=DMARC1; p=quarantine" },
        trial: { sentence: "As a test.", value: "v=DMARC1; p=quarantine; t=y" },
    });
    expect(queryAllTexts(".o_mail_domain_health_record")).toEqual([
        "v=DMARC1; p=none", "v=DMARC1; p=quarantine", "v=DMARC1; p=quarantine; t=y",
    ]);
});
