"""See --help."""

import argparse
import json
import sys
from pathlib import Path

from .dialect import DIALECTS, translated, views
from .manifest import LakeUnreadable

EXAMPLES = """\
The catalog and its storage are Spark's configuration, see deploy/spark-defaults.conf.

Examples
  python -m lake_tables register --lake /lake
  python -m lake_tables register --lake /lake --base s3://company-lake
  python -m lake_tables kpi --description views.json gross-margin
  python -m lake_tables sql --description views.json --dialect trino --out trino/
"""


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="lake_tables",
        description="The lake as an Apache Iceberg table, and its views and figures in the SQL of Spark and Trino.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    verbs = parser.add_subparsers(dest="verb", required=True)
    register_verb = verbs.add_parser("register", help="takes the files of the lake's manifest into the table, in one commit")
    register_verb.add_argument("--lake", type=Path, required=True, help="folder of the lake")
    register_verb.add_argument("--base", help="URI of that folder for the engines; default file://<lake>")
    kpi_verb = verbs.add_parser("kpi", help="answers figures with Spark, as JSON")
    kpi_verb.add_argument("names", nargs="*", help="default: all")
    sql_verb = verbs.add_parser("sql", help="writes views.sql and one file for each figure")
    sql_verb.add_argument("--dialect", choices=DIALECTS, required=True)
    sql_verb.add_argument("--out", type=Path, required=True)
    for verb in (kpi_verb, sql_verb):
        verb.add_argument("--description", type=Path, required=True, help="what npm run lake -- views --json printed")
    for verb in (register_verb, kpi_verb, sql_verb):
        verb.add_argument("--table", default="instep.lake.records", help="catalog.namespace.table; default %(default)s")
    options = parser.parse_args(arguments)
    try:
        return {"register": _register, "kpi": _kpi, "sql": _sql}[options.verb](options)
    except LakeUnreadable as fault:
        print(fault, file=sys.stderr)
        return 1


def _session():
    from pyspark.sql import SparkSession  # only here: the text of a dialect needs no Spark

    spark = SparkSession.builder.appName("instep-lake").config("spark.sql.session.timeZone", "UTC").getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    return spark


def _register(options) -> int:
    from .register import register

    lake = options.lake.resolve()
    done = register(_session(), options.table, lake, options.base or lake.as_uri())
    print(f"{done.added} files added, {done.removed} taken out: {options.table} has {done.files} files, {done.rows:,} records")
    return 0


def _kpi(options) -> int:
    description = json.loads(options.description.read_text("utf8"))
    spark = _session()
    for name, query in views(description, options.table, "spark"):
        spark.sql(f"CREATE OR REPLACE TEMPORARY VIEW {name} AS {query}")
    known = {kpi["name"]: kpi["sql"] for kpi in description["kpis"]}
    unknown = [name for name in options.names if name not in known]
    if unknown:
        raise LakeUnreadable(f"there is no figure {unknown[0]}: {', '.join(known)}")
    for name in options.names or known:
        rows = spark.sql(translated(known[name], "spark"))
        cells = [[None if cell is None else str(cell) for cell in row] for row in rows.collect()]
        print(json.dumps({"kpi": name, "columns": rows.columns, "rows": cells}), flush=True)
    return 0


def _sql(options) -> int:
    description = json.loads(options.description.read_text("utf8"))
    options.out.mkdir(parents=True, exist_ok=True)
    script = [f"CREATE OR REPLACE VIEW {name} AS\n{query};\n" for name, query in views(description, options.table, options.dialect)]
    (options.out / "views.sql").write_text("\n".join(script), "utf8")
    for kpi in description["kpis"]:
        (options.out / f"{kpi['name']}.sql").write_text(translated(kpi["sql"], options.dialect) + "\n", "utf8")
    print(f"{len(script)} views and {len(description['kpis'])} figures for {options.dialect} in {options.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
