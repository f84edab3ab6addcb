"""Mistakes in the decision table, in merging SPF records and in what is proposed."""

from __future__ import annotations

from _mutation import Mutation

_VERDICT, _STATE = "mailauth/verdict/decision.py", "mailauth/verdict/state.py"
_VERDICT_TESTS = "mailauth/tests/test_verdict.py"
_MERGE, _MERGE_TESTS = "mailauth/spf/merge.py", "mailauth/tests/test_spf_merge.py"
_REPAIR = "mailauth/spf/repair.py"
_SPF, _BUDGET, _SPF_TESTS = "mailauth/advice/spf.py", "mailauth/advice/budget.py", "mailauth/tests/test_advice_spf.py"
_DMARC, _DMARC_TESTS = "mailauth/advice/dmarc.py", "mailauth/tests/test_advice_dmarc.py"
_EXTRAS, _EXTRAS_TESTS = "mailauth/advice/extras.py", "mailauth/tests/test_advice_extras.py"
_ALL, _DKIM, _DKIM_TESTS = "mailauth/advice/__init__.py", "mailauth/advice/dkim.py", "mailauth/tests/test_advice_dkim.py"

ROWS = [
    # The decision table
    *(Mutation(_VERDICT, old, new, _VERDICT_TESTS) for old, new in (
        ("_row(Spf.ALIGNED, Dkim.NO, (State.WARNING,", "_row(Spf.ALIGNED, Dkim.NO, (State.FAIL,"),
        ("_row(Spf.OWN, Dkim.KEY, (State.WARNING,", "_row(Spf.OWN, Dkim.KEY, (State.PASS,"),
        ("_row(Spf.NO, Dkim.SEEN, (State.WARNING,", "_row(Spf.NO, Dkim.SEEN, (State.FAIL,"),
        ('_row(Spf.PART, Dkim.SEEN, (State.WARNING,', '_row(Spf.PART, Dkim.SEEN, (State.PASS,'),
        ('    (State.FAIL, ("nothing_aligned",)),', '    (State.WARNING, ("nothing_aligned",)),'),
        ('    (State.FAIL, ("partly_authorised", "unsigned_enforcing", "policy_enforcing")),',
         '    (State.WARNING, ("partly_authorised", "unsigned_enforcing", "policy_enforcing")),'),
        ('    (State.UNKNOWN, ("not_authorised", "selector_unknown")),',
         '    (State.FAIL, ("not_authorised", "selector_unknown")),'),
        ('cls.NONE if policy == "none" else cls.ENFORCING', 'cls.ENFORCING if policy == "reject" else cls.NONE'),
        ("    if unmet:\n", "    if unmet and len(spf) > 1:\n"),
        ("for one in uncertain]", "for one in ()]"),
        ("frozenset(spf or Spf)", "frozenset(spf or (Spf.ALIGNED,))"),
        ("best if best is lowest else State.UNKNOWN", "best if best is lowest else lowest"),
        ("    if len(combinations) > 1:\n", "    if len(combinations) > 2:\n"),
        ("shared = set.intersection(", "shared = set.union("),
        ("[policy is Enforcement.ENFORCING]", "[policy is not Enforcement.NONE]"),
        ("return (State.WARNING if state is State.PASS else state), (*reasons, \"no_dmarc\")",
         "return state, (*reasons, \"no_dmarc\")"),
        ("if policy is Enforcement.NONE and state is State.PASS:", "if policy is Enforcement.NONE:"),
        ("        certain += [State.WARNING, State.FAIL]", "        certain += [State.WARNING]"),
    )),
    *(Mutation(_STATE, old, new, _VERDICT_TESTS) for old, new in (
        ("enumerate(State)", "enumerate(sorted(State))"),
        ("default=cls.NOT_NEEDED)", "default=cls.PASS)"),
        ("not self.is_fine and ", ""),
    )),
    # Merging SPF records
    *(Mutation(_MERGE, old, new, _MERGE_TESTS) for old, new in (
        ("part.final = part.final or term", "part.final = term"),
        ("            (part.terms if part.final is None else part.dead).append(term)",
         "            part.terms.append(term)"),
        ("(part.terms if part.final is None else part.behind).append(term)", "part.terms.append(term)"),
        ("if part.redirect is not None and part.redirect.body != term.body:", "if False:"),
        ("weak = [term.text for term in alls if term.qualifier in \"+?\"] + [None] * len(open_ended)",
         "weak = [term.text for term in alls if term.qualifier == \"+\"] + [None] * len(open_ended)"),
        ("+ [None] * len(open_ended)", ""),
        ("        return _SOFTFAIL, True\n", "        return _SOFTFAIL, False\n"),
        ("return (alls[0] if alls else _SOFTFAIL), False", "return _SOFTFAIL, False"),
        ("    if len({term.qualifier for term in alls}) > 1:", "    if False:"),
        ("        if part.redirect is not None and part.final is not None:", "        if False:"),
        ("    if len(live) > 1:", "    if len(live) > 2:"),
        ("    if not all_is_wanted and all(part.final is None for part in parts):",
         "    if all(part.final is None for part in parts):"),
        ("    if len(bodies) > 1:", "    if len(bodies) > 2:"),
        ("    if term.body not in drop:\n", "    if term.text not in drop:\n"),
        ("other.key == term.key and id(other) not in dead", "other.key == term.key"),
        ("for other in [other for other in terms if other.body == term.body]:",
         "for other in [other for other in terms if other.key == term.key]:"),
        ("firsts = [{term.body: term for term in reversed(terms)} for terms in kept]",
         "firsts = [{term.body: term for term in terms} for terms in kept]"),
        ("    several = len([terms for terms in kept if terms]) > 1", "    several = False"),
        ("        if term.body in seen:", "        if term.text in seen:"),
        ("for term in [*ours, *(term for terms in kept for term in terms)]:",
         "for term in [*(term for terms in kept for term in terms), *ours]:"),
        ("        if term.network is None:\n            return False", "        if term.network is None:\n            continue"),
        ("if term.qualifier == \"+\" and is_within(wanted, term.network):", "if is_within(wanted, term.network):"),
        ("        if term.qualifier != \"+\" and term.network.overlaps(wanted):", "        if False:"),
        ("if meant is not None and meant is not term and is_bold(meant):", "if False:"),
    )),
    *(Mutation(_REPAIR, old, new, _MERGE_TESTS) for old, new in (
        ("WIDEST = {4: 16, 6: 32}", "WIDEST = {4: 8, 6: 32}"),
        ("WIDEST = {4: 16, 6: 32}", "WIDEST = {4: 16, 6: 16}"),
        ("or bool(Networks.of([term.network]) & _NOT_GLOBAL)", ""),
        ("(fixed != (token,) or token not in written) and any(", "token not in written and any("),
        ("meant = _network(body) or names.get(body.lower())", "meant = _network(body)"),
        ("and not _network(before) or", "or"),
    )),
    # What is proposed: SPF
    *(Mutation(_SPF, old, new, _SPF_TESTS) for old, new in (
        ("service.spf_terms if service and service.keeps_envelope else ()", "service.spf_terms if service else ()"),
        ("    if any(path.authorisation and path.authorisation.failed for path in senders):", "    if False:"),
        ("    if not records and any(path.path.service is None for path in facts.envelope_paths):", "    if False:"),
        ("path.authorisation.status in (Authorised.NONE, Authorised.SOME)]", "path.authorisation.status == \"none\"]"),
        ("        if self._too_much(after):\n", "        if False:\n"),
        ("or self._raises_voids(after):", "or False:"),
        ("            new > max(MAX_VOIDS, old)", "            new > MAX_VOIDS"),
        ("        if not self._reaches_all(paths):", "        if False:"),
        ("return (changes, (), None) if self._is_no_worse(paths) else self._refused()", "return changes, (), None"),
        ("if after.status not in _SOUND", "if after.status not in (\"found\", \"unknown\", \"invalid\")"),
        ("names = (needed if path.path.in_use else unused)", "names = needed"),
        ("        if full.worst_lookups <= MAX_LOOKUPS:\n            return self._refused()",
         "        if False:\n            pass"),
        ("        absent = senders if facts.spf.status != RecordStatus.FOUND else missing", "        absent = missing"),
        ("if term not in passing or body_of(term) in present]", "if term not in passing]"),
        ("path.authorisation.status == Authorised.ALL and path.path.envelope_domain", "path.path.envelope_domain"),
    )),
    *(Mutation(_BUDGET, old, new, _SPF_TESTS) for old, new in (
        ("MAX_LOOKUPS = 10", "MAX_LOOKUPS = 11"),
        ("MAX_VOIDS = 2", "MAX_VOIDS = 3"),
        ("        if body in needed:\n            why = \"needed\"\n        elif _breaks(node):",
         "        if False:\n            why = \"needed\"\n        elif _breaks(node):"),
        ("sorted((term for term in terms if term.why == why), key=lambda term: -term.lookups)",
         "sorted((term for term in terms if term.why == why), key=lambda term: term.lookups)"),
        ("_DROPPABLE = (\"broken\", \"void\", \"covered\", \"unused\")",
         "_DROPPABLE = (\"broken\", \"void\", \"covered\", \"unused\", \"unknown\")"),
        ("any(term[\"why\"] == \"needed\" for term in dropped)", "False"),
        ("or voids > MAX_VOIDS\n", "\n"),
        ("        if child.term.kind == \"mechanism\" and child.term.qualifier != \"+\":\n            return False\n", ""),
    )),
    # What is proposed: DMARC
    *(Mutation(_DMARC, old, new, _DMARC_TESTS) for old, new in (
        ("policy = _agreed(facts, texts) if domain == facts.query.domain else \"none\"", "policy = _agreed(facts, texts)"),
        ("        if all(one.status == PreconditionStatus.OK for one in path.preconditions) else State.UNKNOWN", ""),
        ("    if policy.stricter != \"none\" and _state(used", "    if _state(used"),
        ("or not facts.query.subdomains_pass or", "or"),
        ("    if policy.record_name != name or _is_alias(facts, name):", "    if _is_alias(facts, name):"),
        ("    if policy.record_name != name or _is_alias(facts, name):", "    if policy.record_name != name:"),
        ("step = {\"none\": \"quarantine\", \"quarantine\": \"reject\"}",
         "step = {\"none\": \"reject\", \"quarantine\": \"reject\"}"),
        ("    if record.testing:\n", "    if False:\n"),
        ("return min(asked, key=POLICIES.index) if met else \"none\"",
         "return max(asked, key=POLICIES.index) if met else \"none\""),
        ("return min(asked, key=POLICIES.index) if met else \"none\"", "return min(asked, key=POLICIES.index)"),
        ("    if record.sp is None:\n", "    if False:\n"),
        ("or _state(used, Enforcement.NONE) is State.FAIL:", "or False:"),
        ("await gather_paths(resolver.overlay(needed), facts.query) if needed else facts.paths", "facts.paths"),
        ("    if not codes & _UNUSABLE:\n        return plain, (), False",
         "    if not codes & _UNUSABLE:\n        return changes, (), False"),
    )),
    # What is proposed: the rest
    *(Mutation(_EXTRAS, old, new, _EXTRAS_TESTS) for old, new in (
        ("    if not all(path.assumed for path in facts.paths):\n        return ()\n", ""),
        ("or \"mx.all_dangling\" in codes:", "or False:"),
        ("if facts.tls_rpt.status == RecordStatus.NONE and uri:", "if uri:"),
        ("kept = [uri.text for uri in parse(certain(policy.record)).rua if uri.valid]", "kept = []"),
        ("\"mode: testing\"", "\"mode: enforce\""),
    )),
    Mutation(_ALL, "if not any(path.path.service is not None and not path.assumed for path in facts.own_paths):",
             "if not facts.own_paths:", _EXTRAS_TESTS),
    Mutation(_ALL, "    needed = (*spf_changes, *dkim.advise(facts))", "    needed = spf_changes", _DKIM_TESTS),
    *(Mutation(file, old, new, _DKIM_TESTS) for file, old, new in (
        (_DKIM, "if not service or not target or key.status in (SelectorStatus.FOUND, SelectorStatus.UNKNOWN):",
         "if not service or not target or key.status == \"found\":"),
        (_DKIM, "                continue\n            for record in key.records:", "            for record in key.records:"),
        (_DKIM, "        if path.signature_aligned is False:", "        if False:"),
        (_ALL, "once.setdefault((change.action, change.rdtype, change.name, change.value),", "once.setdefault(len(once),"),
    )),
]
