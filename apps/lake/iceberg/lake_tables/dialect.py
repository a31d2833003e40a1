"""
The lake's views and figures in the SQL of other engines. The text that DuckDB runs is the only one that people write; sqlglot turns it into
Spark's or Trino's, and what it leaves over is turned here. Views of events are made from the shapes that the contracts give.
"""

from collections.abc import Iterator

import sqlglot
from sqlglot import exp

DIALECTS = ("spark", "trino")

_SUM_OF_LIST = {
    "spark": "AGGREGATE(list, CAST(0 AS DECIMAL(38, 6)), (sum, one) -> CAST(sum + COALESCE(one, 0) AS DECIMAL(38, 6)))",
    "trino": "REDUCE(list, CAST(0 AS DECIMAL(38, 6)), (sum, one) -> sum + COALESCE(one, 0), sum -> sum)",
}
_PERCENTILE = {"spark": "PERCENTILE", "trino": "APPROX_PERCENTILE"}
_NAMES = {
    "spark": {"VARCHAR": "STRING", "TIMESTAMPTZ": "TIMESTAMP", "JSON": "STRING"},
    "trino": {"TIMESTAMPTZ": "TIMESTAMP(6) WITH TIME ZONE"},
}


def translated(sql: str, dialect: str) -> str:
    """One query of DuckDB in another dialect. Raises sqlglot's ParseError where the text is no SQL."""

    def other(node: exp.Expression) -> exp.Expression:
        if isinstance(node, exp.Length):  # only lists are measured in our views
            return exp.ArraySize(this=node.this)
        if isinstance(node, exp.Anonymous) and node.name.upper() == "LIST_SUM":
            sum_of = sqlglot.parse_one(_SUM_OF_LIST[dialect], read=dialect)
            return sum_of.transform(lambda part: node.expressions[0] if part == exp.column("list") else part)
        if isinstance(node, exp.PercentileCont) and node.expression is not None:
            return exp.Anonymous(this=_PERCENTILE[dialect], expressions=[node.this, node.expression])
        return node

    return sqlglot.parse_one(sql, read="duckdb").transform(other).sql(dialect, pretty=True)


def views(description: dict, records: str, dialect: str) -> Iterator[tuple[str, str]]:
    """Name and query of every view, each after those it uses. `description`: what `npm run lake -- views --json` prints."""
    whole = "NOT repeated AND fault IS NULL"
    # Not `data` and `value`: people are in there. Grant analysts the views and not the table.
    yield "events", f"SELECT {', '.join(['type', 'type_version', *description['envelope']])} FROM {records} WHERE {whole}"
    for event in description["events"]:
        yield event["view"], _event_view(event, description["envelope"], f"{records} WHERE {whole}", dialect)
    for view in description["views"]:
        yield view["name"], translated(view["sql"], dialect)


def _event_view(event: dict, envelope: list[str], source: str, dialect: str) -> str:
    if event["upcasts"]:
        raise NotImplementedError(f"{event['name']} has older versions in the log, which are read by DuckDB only so far")
    quote = '"' if dialect == "trino" else "`"
    fields = [f"d.{quote}{field['name']}{quote} AS {field['column']}" for field in event["fields"]]
    shape = {field["name"]: field["shape"] for field in event["fields"]}
    read = f"CAST(json_parse(data) AS {_type(shape, dialect)})" if dialect == "trino" else f"from_json(data, '{_type(shape, dialect)}')"
    columns = ",\n  ".join([*envelope, "type_version AS written_as", *fields])
    of_it = f"type = '{event['name']}' AND type_version <= {event['version']}"
    return f"SELECT\n  {columns}\nFROM (SELECT *, {read} AS d FROM {source} AND {of_it})"


def _type(shape, dialect: str) -> str:
    if isinstance(shape, str):
        return _NAMES[dialect].get(shape, shape)
    if isinstance(shape, list):
        return f"ARRAY<{_type(shape[0], dialect)}>" if dialect == "spark" else f"ARRAY({_type(shape[0], dialect)})"
    if dialect == "spark":
        return "STRUCT<" + ", ".join(f"`{name}`: {_type(of, dialect)}" for name, of in shape.items()) + ">"
    return "ROW(" + ", ".join(f'"{name}" {_type(of, dialect)}' for name, of in shape.items()) + ")"
