import {
    Component,
    onMounted,
    onWillDestroy,
    onWillStart,
    onWillUpdateProps,
    useExternalListener,
    useRef,
    useState,
} from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { ConnectionLostError, RPCError } from "@web/core/network/rpc";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { useCheckNow } from "../overview/check_now";
import { RecordCopyButton } from "../publication/copy_button";
import { SpfBudget } from "../publication/spf_budget";
import { webUrl } from "../publication/web_url";
import { RecordText } from "../record_text/record_text";
import { Sentence } from "../sentence/sentence";
import { SEVERITIES } from "../state/state";
import { RecordTable } from "./record_table";

const MAX_MAILTO = 1900; // characters: some mail programs take no longer address
const LOOK_AGAIN_IN = 15; // seconds, until the server says how long
const WATCH_FOR = 20 * 60 * 1000; // milliseconds: whoever left the page open is not watching

/**
 * Everything that is to be done for a domain's mail, in one list, and how far each thing is.
 *
 * It looks by itself while somebody can see it. Whether DNS is asked, the server decides.
 */
export class FixIt extends Component {
    static template = "mail_domain_health.FixIt";
    static components = { RecordCopyButton, RecordTable, RecordText, Sentence, SpfBudget };
    static props = {
        domainId: Number,
        companyId: { type: [Number, { value: false }], optional: true }, // whose Settings are open
        onChanged: { type: Function, optional: true }, // takes what check_now answers
        attempt: { type: Number, optional: true }, // of the last check: once it is another one, all is read anew
        looksAtOnce: { type: Boolean, optional: true }, // somebody asked for it
        isComplete: { type: Boolean, optional: true }, // with what is good to have, too
    };

    setup() {
        this.copied = _t("Copied");
        this.webUrl = webUrl;
        this.severities = SEVERITIES;
        this.action = useService("action");
        this.orm = useService("orm");
        this.root = useRef("root");
        this.state = useState({ fixIt: null, isOver: false, trouble: "" });
        this.timer = null;
        const { state, checkNow } = useCheckNow(() => this.props.companyId);
        this.check = state;
        this.checkDomain = checkNow;
        onWillStart(() => this.read());
        onMounted(() => {
            this.watch();
            return this.props.looksAtOnce && this.look();
        });
        onWillUpdateProps(async ({ attempt }) => {
            if (attempt !== this.props.attempt) {
                await this.read();
                this.watch();
            }
        });
        onWillDestroy(() => browser.clearTimeout(this.timer));
        useExternalListener(document, "visibilitychange", () => this.isVisible && this.look());
    }

    get fixIt() {
        return this.state.fixIt;
    }

    get publication() {
        return this.fixIt.publication;
    }

    /** What is to be done without a record, in one list with the records. */
    get findings() {
        return [...this.fixIt.problems, ...this.fixIt.notices];
    }

    get providerName() {
        return this.publication?.provider?.name || null;
    }

    /** The DNS host's guides for records to be copied from elsewhere; those in the table have a link each. */
    get providerGuides() {
        const { provider, to_copy } = this.publication;
        const guides = Object.entries(to_copy.length ? provider.guides : {});
        return guides.filter(
            ([, url], index) => webUrl(url) && guides.findIndex((guide) => guide[1] === url) === index
        );
    }

    get mailto() {
        const { subject, text } = this.publication;
        const body = encodeURIComponent(text.replaceAll("\n", "\r\n"));
        const address = `mailto:?subject=${encodeURIComponent(subject || "")}&body=${body}`;
        return address.length <= MAX_MAILTO ? address : null;
    }

    get isVisible() {
        return document.visibilityState === "visible";
    }

    call(method, ...params) {
        const { domainId, companyId } = this.props;
        return this.orm.silent.call("mail.domain.health", method, [[domainId], companyId || false, ...params]);
    }

    /** Of the records that are not needed, those that are unfolded: they are looked at as long as they are. */
    get optionalKeys() {
        const parts = { extras: this.fixIt.extras, step: this.fixIt.next_step?.changes || [] };
        const unfolded = [...this.root.el.querySelectorAll(".o_mail_domain_health_optional[open]")];
        return unfolded.flatMap((details) => parts[details.dataset.part].map((row) => row.key));
    }

    async onToggleOptional({ target }) {
        if (target.open && !this.fixIt.is_copy) {
            await this.looking?.catch(() => {}); // it did not ask about them
            this.fixIt.look_again_in ??= LOOK_AGAIN_IN;
            this.watch();
            await this.look();
        }
    }

    async read() {
        this.state.fixIt = await this.call("read_fix_it");
    }

    /** Look again and again from now on, for a while. */
    watch() {
        this.watchedUntil = Date.now() + WATCH_FOR;
        this.state.isOver = false;
        this.lookLater();
    }

    lookLater() {
        browser.clearTimeout(this.timer);
        const { look_again_in } = this.fixIt;
        this.timer = look_again_in === null ? null : browser.setTimeout(() => this.look(), look_again_in * 1000);
    }

    /** Look at the records that are not there yet; what others saw meanwhile is shown as well. */
    async look() {
        if (this.timer === null || !this.isVisible || this.isLooking) {
            return; // once it is visible again, it goes on
        }
        if (Date.now() >= this.watchedUntil) {
            this.state.isOver = true;
            return;
        }
        browser.clearTimeout(this.timer);
        this.isLooking = true;
        this.looking = this.call("look_at_records", this.optionalKeys);
        try {
            this.state.fixIt = await this.looking;
            this.state.trouble = "";
        } catch (error) {
            if (!(error instanceof RPCError || error instanceof ConnectionLostError)) {
                throw error;
            }
            this.state.trouble = _t("The server did not answer. We try again by ourselves.");
        } finally {
            this.isLooking = false;
            this.lookLater();
        }
        if (this.fixIt.is_check_due) {
            await this.checkAll();
        }
    }

    /** Check the whole domain: its verdict turns, and what else is to be done is known. */
    async checkAll() {
        const box = await this.checkDomain(this.props.domainId);
        if (box) {
            await this.read();
            this.watch();
            await this.props.onChanged?.(box);
        }
    }

    async openRemedy(problem) {
        const action = await this.orm.call("mail.domain.health.finding", "action_remedy", [[problem.id]]);
        return this.action.doAction(action, { onClose: () => this.read() });
    }

    async writeMail() {
        return this.doActionOf("action_write_hostmaster");
    }

    async checkReceivedMail() {
        return this.doActionOf("action_check_received_mail");
    }

    async doActionOf(method) {
        return this.action.doAction(await this.orm.call("mail.domain.health", method, [[this.props.domainId]]));
    }
}
