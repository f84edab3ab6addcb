/** The page without a login: copies values, and shows what was seen meanwhile. Without it the page can be read and selected. */
(() => {
    "use strict";
    const EVERY = 30; // seconds between two readings of this page; DNS is not asked by them
    const AT_MOST = 40; // readings, then whoever looks is gone
    let readings = 0;

    /** Select the text, so that it can be copied by hand where the browser does not let a page do it. */
    function select(element) {
        const range = document.createRange();
        range.selectNodeContents(element);
        const selection = window.getSelection();
        selection.removeAllRanges();
        selection.addRange(range);
    }

    async function copy(button) {
        const value = document.getElementById(button.dataset.copy);
        try {
            await navigator.clipboard.writeText(value.textContent); // absent without https
        } catch {
            select(value);
            if (!document.execCommand("copy")) {
                return; // selected: the rest is Ctrl+C
            }
        }
        const label = button.textContent;
        button.textContent = button.dataset.copied;
        button.classList.add("copied");
        button.disabled = true;
        document.getElementById("said").textContent = button.dataset.copied;
        setTimeout(() => {
            button.textContent = label;
            button.classList.remove("copied");
            button.disabled = false;
            button.focus({ preventScroll: true });
        }, 1500);
    }

    /** Say times as whoever looks has them. */
    function prepare(main) {
        for (const button of main.querySelectorAll("button[data-copy]")) {
            button.hidden = false;
        }
        for (const time of main.querySelectorAll("time")) {
            const date = new Date(time.dateTime);
            time.textContent = date.toLocaleString(document.documentElement.lang, {
                dateStyle: "medium",
                timeStyle: "short",
            });
        }
    }

    async function readAgain() {
        readings += 1;
        const response = await fetch(window.location.href, { cache: "no-store", credentials: "omit" });
        const page = new DOMParser().parseFromString(await response.text(), "text/html");
        const [now, then] = [document.querySelector("main"), page.querySelector("main")];
        if (!then || response.status === 429) {
            return;
        }
        prepare(then);
        if (then.outerHTML !== now.outerHTML && !now.querySelector("button.copied") && window.getSelection().isCollapsed) {
            const focused = document.activeElement && document.activeElement.id;
            now.replaceWith(then);
            if (focused && document.getElementById(focused)) {
                document.getElementById(focused).focus({ preventScroll: true });
            }
        }
        if (!response.ok) {
            readings = AT_MOST; // it has ended
        }
    }

    document.addEventListener("click", (ev) => {
        const button = ev.target.closest("button[data-copy]");
        if (button) {
            copy(button);
        }
    });
    prepare(document.querySelector("main"));
    setInterval(() => {
        if (!document.hidden && readings < AT_MOST) {
            readAgain().catch(() => {}); // the server is away: what is shown stays
        }
    }, EVERY * 1000);
})();
