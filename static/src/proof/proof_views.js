import { onMounted, onWillDestroy, useExternalListener } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { ConnectionLostError, RPCError } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { listView } from "@web/views/list/list_view";

export const LOOK_EVERY = 5000; // milliseconds
const WATCH_FOR = 30 * 60 * 1000; // milliseconds: whoever left the page open is not watching

/** Tests of sending paths that are looked at again by themselves, as long as one is under way and somebody can see it. */
const watching = (Controller) =>
    class extends Controller {
        setup() {
            super.setup();
            this.watchedUntil = Date.now() + WATCH_FOR;
            onMounted(() => this.lookLater());
            onWillDestroy(() => browser.clearTimeout(this.lookTimer));
            useExternalListener(document, "visibilitychange", () => this.lookLater());
        }

        get isWaiting() {
            return this.model.root.records.some((record) => record.data.state === "waiting");
        }

        lookLater() {
            browser.clearTimeout(this.lookTimer);
            if (document.visibilityState === "visible" && Date.now() < this.watchedUntil) {
                this.lookTimer = browser.setTimeout(() => this.look(), LOOK_EVERY);
            }
        }

        async look() {
            try {
                if (this.isWaiting && !this.model.root.selection?.length) {
                    await this.model.load();
                }
            } catch (error) {
                if (!(error instanceof RPCError || error instanceof ConnectionLostError)) {
                    throw error;
                }
            } finally {
                this.lookLater();
            }
        }
    };

registry.category("views").add("mail_domain_health_proof_list", { ...listView, Controller: watching(listView.Controller) });
registry.category("views").add("mail_domain_health_proof_kanban", { ...kanbanView, Controller: watching(kanbanView.Controller) });
