/**
 * Goes to a screen and has axe-core look at it. Injected by tests/test_accessible.py, as axe-core is: it stands in no
 * bundle, and the page without a login has nothing of Odoo's.
 */
window.accessible = (function () {
    const PATIENCE = 60000; // milliseconds: machines that test are busy
    const GRAVE = ["serious", "critical"];
    // What Odoo's own widgets write inside of our screens, by axe-core's rule.
    const OF_ODOO = {
        "aria-allowed-attr": [".o-dropdown", ".o_tag", ".o-autocomplete--input"], // of a selection, of tags
        "aria-required-parent": [".o_notebook_headers .nav-link"],
        "autocomplete-valid": [".o_select_menu_input"],
        "button-name": [".o_optional_columns_dropdown > button"],
        label: [".o_list_record_selector input", ".o-checkbox > input:disabled"], // of a row, of what is only read
        "image-alt": [".o-mail-Avatar > img"],
    };
    const isShown = (element) => element.checkVisibility() && element.getClientRects().length;

    const describe = (element) => element.outerHTML.slice(0, 200);

    /** Answers with what `look` found once it has found something. */
    async function until(look, what) {
        const end = Date.now() + PATIENCE;
        while (Date.now() < end) {
            const found = look();
            if (found) {
                return found;
            }
            await new Promise((resolve) => setTimeout(resolve, 100));
        }
        throw new Error(`never seen: ${what}; the focus is on ${describe(document.activeElement)}`);
    }

    const find = (selector) => until(() => [...document.querySelectorAll(selector)].find(isShown), selector);

    /** As by the keyboard: what is pressed has the focus. */
    function press(element) {
        element.focus();
        element.click();
    }

    const walk = {
        see: async (selector) => (await find(selector)).scrollIntoView(),
        click: async (selector) => press(await find(selector)),
        /** Click the one of several that has these words. */
        choose: async ([selector, words]) => {
            const isIt = (element) => isShown(element) && element.textContent.includes(words);
            press(await until(() => [...document.querySelectorAll(selector)].find(isIt), words));
        },
        /** A dialog is closed by the keyboard, and what it was opened from has the focus again. */
        escape: async (selector) => {
            const dialog = await find(".modal:not(.o_inactive_modal)");
            const focused = document.activeElement;
            if (!dialog.contains(focused)) {
                throw new Error(`the focus is outside of the dialog: ${describe(focused)}`);
            }
            focused.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true, cancelable: true }));
            await until(() => !dialog.isConnected, "the dialog closed");
            await until(() => document.activeElement.matches(selector), `the focus on ${selector}`);
        },
        unfold: async (selector) => {
            await find(selector);
            document.querySelectorAll(selector).forEach((details) => (details.open = true));
        },
        enter: async ([selector, value]) => {
            const field = await find(selector);
            field.value = value;
            field.dispatchEvent(new Event("input", { bubbles: true }));
            field.dispatchEvent(new Event("change", { bubbles: true }));
        },
        empty: async (selector) => (await find(selector)).replaceChildren(),
        open: (action) => window.odoo.__WOWL_DEBUG__.root.env.services.action.doAction(action),
    };

    /** What is moving has colors in between. */
    async function settle() {
        await new Promise((resolve) => setTimeout(resolve, 300));
        const ending = document.getAnimations().filter((one) => one.effect.getComputedTiming().endTime !== Infinity);
        await Promise.all(ending.map((one) => one.finished.catch(() => {})));
    }

    const isOfOdoo = (rule, node) => (OF_ODOO[rule] || []).some((selector) => document.querySelector(node.target.join(" ")).matches(selector));

    /** Adds to `found` what is grave in what `own`, a selector, names. */
    async function look(own, found) {
        await find(own);
        await settle();
        const { violations, passes } = await window.axe.run(own, { resultTypes: ["violations"] });
        if (!passes.length && !violations.length) {
            throw new Error(`axe-core saw nothing in ${own}`);
        }
        for (const { id, impact, help, nodes } of violations) {
            if (GRAVE.includes(impact)) {
                for (const { target, html, any, all, none } of nodes.filter((node) => !isOfOdoo(id, node))) {
                    const why = [...any, ...all, ...none].map(({ message }) => message).join(" ");
                    found.push(`${id} (${impact}): ${help}\n  in ${own}: ${target.join(" ")}\n  ${html.slice(0, 300)}\n  ${why}`);
                }
            }
        }
    }

    /** @param {Array} steps pairs of what to do (a name in `walk`, or to "look") and of a selector or an action */
    return async function (steps) {
        const found = [];
        try {
            for (const [name, what] of steps) {
                await (name === "look" ? look(what, found) : walk[name](what));
            }
        } catch (error) {
            found.push(error.message);
        }
        if (found.length) {
            console.error(`${found.length} found by axe-core\n${found.join("\n")}`);
        } else {
            console.log("test successful");
        }
    };
})();
