import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { RPCError } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { StateIcon } from "../state/state";

/** Asks the name servers in the field beside, saved or not, and says what each answered. */
export class TestNameservers extends Component {
    static template = "mail_domain_health.TestNameservers";
    static components = { StateIcon };
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ busy: false, tried: null });
    }

    label(server) {
        return server.works ? _t("Works") : _t("Does not work");
    }

    async test() {
        if (this.state.busy) {
            return;
        }
        Object.assign(this.state, { busy: true, tried: null });
        const { mail_domain_health_nameservers: nameservers } = this.props.record.data;
        try {
            this.state.tried = await this.orm.silent.call("mail.domain.health", "test_nameservers", [nameservers || ""]);
        } catch (error) {
            if (!(error instanceof RPCError)) {
                throw error;
            }
            this.state.tried = { servers: [], works: false, sentence: error.data?.message || error.message };
        } finally {
            this.state.busy = false;
        }
    }
}

registry.category("view_widgets").add("mail_domain_health_test_nameservers", {
    component: TestNameservers,
    fieldDependencies: [{ name: "mail_domain_health_nameservers", type: "char" }],
});
