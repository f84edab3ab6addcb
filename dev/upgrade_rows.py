"""The rows that an update of the module must keep: all of its own tables, and what people wrote, set and were told."""

from __future__ import annotations

import json
from collections import Counter

from odoo_process import MODULE
from postgres import run_sql

# What the filling must have put something into, or the comparison would prove nothing.
FILLED = (
    "mail_domain_health", "mail_domain_health_check", "mail_domain_health_finding", "mail_domain_health_path",
    "mail_domain_health_sent", "mail_sending_observation", "mail_sending_service", "mail_dns_provider",
    "mail_message", "mail_activity", "ir_config_parameter", "ir_cron", "mail_followers",
)
# Columns that say when and by whom a row was written, which an update does.
ALWAYS = frozenset(("write_date", "write_uid"))
# What this version works out anew while it is updated: (table, column) -> why that loses nothing.
WORKED_OUT: dict[tuple[str, str], str] = {
    ("mail_domain_health", "next_check"): "every domain is looked at again at once, by this version",
    ("mail_domain_health", "outcomes"): "what became of a record that is asked for is seen again by the next look",
    ("mail_domain_health", "published"): "what was published was told for minutes, and is seen again by the next look",
}
# Columns that have another name by now, by (table, older name).
RENAMED = {("mail_domain_health", "memory"): "announced", ("mail_domain_health", "known"): "last_known"}
# Rows of the module's own data: what nobody changed follows the module.
CATALOGS = ("mail_sending_service", "mail_dns_provider")

_TABLES = """
    SELECT DISTINCT replace(model.model, '.', '_') FROM ir_model model
    JOIN ir_model_data known ON known.model = 'ir.model' AND known.res_id = model.id AND known.module = %s
    WHERE NOT model.transient AND NOT model.abstract
    UNION SELECT relation.name FROM ir_model_relation relation
    JOIN ir_module_module module ON module.id = relation.module AND module.name = %s
"""
_PEOPLE = {
    "mail_message": "model LIKE 'mail.domain.health%%'",
    "mail_activity": "res_model LIKE 'mail.domain.health%%'",
    "mail_followers": "res_model LIKE 'mail.domain.health%%'",
    "ir_config_parameter": "true",
    "ir_cron": "id IN (SELECT res_id FROM ir_model_data WHERE model = 'ir.cron' AND module = 'mail_domain_health')",
}


def snapshot(variables: dict[str, str], database: str) -> dict[str, list[dict]]:
    """{table: rows} of all that the module and its users stored."""
    tables = {table: "true" for (table,) in run_sql(variables, database, _TABLES, (MODULE, MODULE))}
    existing = {table for (table,) in run_sql(
        variables, database, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}
    rows = {}
    for table, which in {**tables, **_PEOPLE}.items():
        if table in existing:
            found = run_sql(variables, database, f'SELECT to_jsonb(kept) FROM "{table}" kept WHERE {which}')  # noqa: S608
            rows[table] = [row if isinstance(row, dict) else json.loads(row) for (row,) in found]
    return rows


def lost(before: dict[str, list[dict]], after: dict[str, list[dict]]) -> list[str]:
    """A line for each row that is gone and each value that is another one."""
    problems = []
    for table, rows in before.items():
        if table not in after:
            problems.append(f"{table}: the table is gone, with {len(rows)} rows")
        elif rows and "id" not in rows[0]:
            gone = Counter(map(_text, rows)) - Counter(map(_text, after[table]))
            problems += [f"{table}: {row} is gone" for row in gone]
        else:
            problems += _changed(table, rows, {row["id"]: row for row in after[table]})
    return problems


def _changed(table: str, rows: list[dict], after: dict[int, dict]) -> list[str]:
    problems = []
    for row in rows:
        now = after.get(row["id"])
        if now is None:
            problems.append(f"{table}: row {row['id']} is gone: {_text(row)[:300]}")
            continue
        for column, value in row.items():
            if column in ALWAYS or (table, column) in WORKED_OUT or not _is_kept(table, row, column):
                continue
            column = RENAMED.get((table, column), column)
            if column not in now and value not in (None, False, "", 0):
                problems.append(f"{table}: the column {column} is gone; row {row['id']} had {_text(value)[:200]}")
            elif column in now and now[column] not in (value, {"en_US": value}):  # it may be translated by now
                problems.append(f"{table}: {column} of row {row['id']} was {_text(value)[:300]}, is {_text(now[column])[:300]}")
    return problems


def _is_kept(table: str, row: dict, column: str) -> bool:
    """In a catalog, only what somebody changed or added stays as it is."""
    if table not in CATALOGS or not row.get("shipped"):
        return True
    if column == "shipped" or column not in row["shipped"]:
        return False
    value = row[column].get("en_US") if isinstance(row[column], dict) else row[column]
    return (value or False) != (row["shipped"][column] or False)


def _text(value) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)
