import { useSubEnv } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KanbanController } from "@web/views/kanban/kanban_controller";
import { KanbanRenderer } from "@web/views/kanban/kanban_renderer";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { ListController } from "@web/views/list/list_controller";
import { ListRenderer } from "@web/views/list/list_renderer";
import { listView } from "@web/views/list/list_view";
import { BulkCheckProgress, useBulkCheck } from "./bulk_check";
import { LettersDialog } from "./letters_dialog";
import { DomainsSearchModel, StateCards } from "./state_cards";

/** What can be done with many domains at once, in the list and on the phone. */
const manyDomains = (Controller) =>
    class extends Controller {
        setup() {
            super.setup();
            this.bulkCheck = useBulkCheck(() => this.model.load());
            useSubEnv({ bulkCheck: this.bulkCheck });
        }

        getStaticActionMenuItems() {
            return {
                ...super.getStaticActionMenuItems(),
                check_now: {
                    sequence: 1,
                    icon: "fa fa-refresh",
                    description: _t("Check Now"),
                    callback: () => this.checkSelected(),
                },
                letters: {
                    sequence: 2,
                    icon: "fa fa-envelope-o",
                    description: _t("Text for the DNS Administrator"),
                    callback: () => this.openLetters(),
                },
            };
        }

        async checkSelected() {
            await this.bulkCheck.start(await this.model.root.getResIds(true));
        }

        async openLetters() {
            const ids = await this.model.root.getResIds(true);
            const letters = await this.orm.call("mail.domain.health", "read_letters", [ids]);
            this.dialogService.add(LettersDialog, letters);
        }
    };

export class DomainsListController extends manyDomains(ListController) {
    static template = "mail_domain_health.DomainsListView";

    getStaticActionMenuItems() {
        const items = super.getStaticActionMenuItems();
        // Elsewhere it is a button of its own.
        return { ...items, check_now: { ...items.check_now, isAvailable: () => this.env.isSmall } };
    }
}

export class DomainsListRenderer extends ListRenderer {
    static template = "mail_domain_health.DomainsListRenderer";
    static components = { ...ListRenderer.components, StateCards, BulkCheckProgress };
}

export class DomainsKanbanController extends manyDomains(KanbanController) {}

export class DomainsKanbanRenderer extends KanbanRenderer {
    static template = "mail_domain_health.DomainsKanbanRenderer";
    static components = { ...KanbanRenderer.components, StateCards, BulkCheckProgress };
}

registry.category("views").add("mail_domain_health_list", {
    ...listView,
    Controller: DomainsListController,
    Renderer: DomainsListRenderer,
    SearchModel: DomainsSearchModel,
});

registry.category("views").add("mail_domain_health_kanban", {
    ...kanbanView,
    Controller: DomainsKanbanController,
    Renderer: DomainsKanbanRenderer,
    SearchModel: DomainsSearchModel,
});
