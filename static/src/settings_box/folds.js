import { onMounted, onWillUnmount } from "@odoo/owl";

const FOLD = "details.o_mail_domain_health_fold";
// What Odoo marks in Settings: labels that a search found, and fields that hold what cannot be saved.
const FOUND = ".highlighter";
const INVALID = ".o_field_invalid";

/** Has `load` read, once, what a folded part shows that `root` stands in, when it is unfolded; where that fails it is folded again. */
export function useUnfolded(root, load) {
    let fold = null;
    let isAsked = false;

    async function onToggle() {
        if (!fold.open || isAsked) {
            return;
        }
        isAsked = true;
        try {
            await load();
        } catch (error) {
            isAsked = fold.open = false;
            throw error;
        }
    }

    onMounted(() => {
        fold = root.el.closest("details");
        fold.addEventListener("toggle", onToggle);
    });
    onWillUnmount(() => fold.removeEventListener("toggle", onToggle));
}

/**
 * The folded parts of the setting that `root` stands in. What is marked in one is shown, and folded again once the
 * marks are gone, unless a person had unfolded it. A part that holds what cannot be saved is not folded again.
 *
 * @returns {(name: string, field?: string) => void} unfolds a part, and puts the focus on its first field, or on `field`
 */
export function useFolds(root) {
    const unfoldedHere = new Set();
    let observer = null;
    const setting = () => root.el?.closest(".o_setting_box") || root.el?.closest(".o_form_view");

    function showMarked(mutations = []) {
        const isFolding = mutations.length && mutations.every(({ attributeName }) => attributeName === "open");
        for (const fold of setting()?.querySelectorAll(FOLD) || []) {
            const has = (mark) => Boolean(fold.querySelector(`:scope > :not(summary) ${mark}, :scope > ${mark}`));
            if (!fold.open && (has(INVALID) || (has(FOUND) && !isFolding))) {
                fold.open = true;
                unfoldedHere.add(fold);
            } else if (!has(INVALID) && !has(FOUND) && unfoldedHere.delete(fold)) {
                fold.open = false;
            }
        }
    }

    onMounted(() => {
        observer = new MutationObserver(showMarked);
        observer.observe(setting() || root.el, {
            attributeFilter: ["class", "open"],
            childList: true,
            subtree: true,
        });
        showMarked();
    });
    onWillUnmount(() => observer.disconnect());

    return (name, field = "") => {
        const fold = setting()?.querySelector(`${FOLD}[data-fold=${name}]`);
        if (fold) {
            fold.open = true;
            unfoldedHere.delete(fold);
            const inside = field ? `[name$=${field}] input` : ".o_field_widget input, .o_field_widget select, button";
            (fold.querySelector(inside) || fold.querySelector("summary")).focus();
        }
    };
}
