import { expect, test } from "@odoo/hoot";
import { animationFrame } from "@odoo/hoot-mock";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import {
    contains,
    defineModels,
    makeServerError,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";

class Settings extends models.Model {
    _name = "settings";

    _records = [{ id: 1 }];
}

defineMailModels();
defineModels([Settings]);

const BOX = ".o_mail_domain_health_sender_box";

test("what is folded is read when it is unfolded, once; where that fails it is folded again", async () => {
    expect.errors(1);
    let isDown = true;
    onRpc("mail.sender.address", "read_box", () => {
        expect.step("read");
        if (isDown) {
            throw makeServerError({ message: "Down" });
        }
        return { mode: "own", sentence: "As you.", examples: [], notes: [], can_change: true, parameters: null };
    });
    await mountView({
        type: "form",
        resModel: "settings",
        resId: 1,
        arch: `<form><details><summary>Sender</summary><widget name="mail_domain_health_sender_box"/></details></form>`,
    });
    await animationFrame();
    expect.verifySteps([]);
    expect(BOX).toHaveAttribute("aria-busy", "true");
    expect(`${BOX} [role=status]`).toHaveCount(1);
    await contains("summary").click();
    await expect.waitForSteps(["read"]);
    await expect.waitForErrors(["Down"]);
    expect("details[open]").toHaveCount(0);
    isDown = false;
    await contains("summary").click();
    await expect.waitForSteps(["read"]);
    await animationFrame();
    expect(BOX).toHaveAttribute("aria-busy", "false");
    expect(`${BOX} .o_mail_domain_health_sender_mode`).toHaveText("As you.");
    await contains("summary").click();
    await contains("summary").click();
    await animationFrame();
    expect.verifySteps([]);
});
