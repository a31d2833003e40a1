"""
Makes an Apache Iceberg table of the lake's files as they lie: no second consumer of the log, no copy, and the manifest stays the proof.

One commit takes in what the manifest has more and takes out what it has retired, so every snapshot of the table is a state that the lake was
in. Running it again, or after a crash, changes nothing.
"""

from pathlib import Path
from typing import NamedTuple

from pyspark.sql import SparkSession

from .manifest import LakeFile, LakeUnreadable, read_manifest


class Registered(NamedTuple):
    added: int
    removed: int
    files: int
    rows: int


def register(spark: SparkSession, table_name: str, lake: Path, base: str) -> Registered:
    """`base`: the URI under which the engines see the lake's folder, such as file:///lake or s3://bucket/lake."""
    wanted = read_manifest(lake)
    if not wanted:
        raise LakeUnreadable(f"the lake in {lake} has no files yet: run npm run lake -- export first")
    uri_of = {f"{base.rstrip('/')}/{path}": file for path, file in wanted.items()}
    iceberg = spark._jvm.org.apache.iceberg
    if not spark.catalog.tableExists(table_name):
        _create(spark, table_name, next(iter(uri_of)))
    table = iceberg.spark.Spark3Util.loadIcebergTable(spark._jsparkSession, table_name)
    held = _files_of(table)
    new = [uri for uri in uri_of if uri not in held]
    gone = [uri for uri in held if uri not in uri_of]
    if new or gone:
        # Two at the same time: the second sees that the table is no longer what it compared with, and is refused.
        commit = table.newOverwrite().conflictDetectionFilter(iceberg.expressions.Expressions.alwaysTrue())
        snapshot = table.currentSnapshot()
        if snapshot is not None:
            commit = commit.validateFromSnapshot(snapshot.snapshotId())
        commit = commit.validateNoConflictingData().validateNoConflictingDeletes()
        metrics = iceberg.MetricsConfig.forTable(table)
        mapping = iceberg.mapping.NameMappingParser.fromJson(table.properties()["schema.name-mapping.default"])
        for uri in new:
            commit.addFile(_data_file(iceberg, table, uri, uri_of[uri], metrics, mapping))
        for uri in gone:
            commit.deleteFile(held[uri])
        commit.set("instep.lake-files", str(len(wanted)))
        commit.commit()
        spark.catalog.refreshTable(table_name)
    return Registered(len(new), len(gone), len(wanted), sum(file.rows for file in wanted.values()))


def _create(spark: SparkSession, table_name: str, example: str) -> None:
    """As a file of the lake has its columns. Files carry no field ids, so Iceberg goes by the names of their columns."""
    namespace = table_name.rsplit(".", 1)[0]
    spark.sql(f"CREATE NAMESPACE IF NOT EXISTS {namespace}")
    columns = spark.read.parquet(example).schema
    spark.createDataFrame([], columns).writeTo(table_name).tableProperty("format-version", "2").create()
    iceberg = spark._jvm.org.apache.iceberg
    table = iceberg.spark.Spark3Util.loadIcebergTable(spark._jsparkSession, table_name)
    mapping = iceberg.mapping.NameMappingParser.toJson(iceberg.mapping.MappingUtil.create(table.schema()))
    table.updateProperties().set("schema.name-mapping.default", mapping).commit()


def _files_of(table) -> dict:
    """The table's data files by URI."""
    if table.currentSnapshot() is None:
        return {}
    tasks = table.newScan().planFiles()
    try:
        found = {}
        each = tasks.iterator()
        while each.hasNext():
            file = each.next().file()
            found[file.location()] = file
        return found
    finally:
        tasks.close()


def _data_file(iceberg, table, uri: str, file: LakeFile, metrics, mapping):
    source = table.io().newInputFile(uri)
    if not source.exists():
        raise LakeUnreadable(f"{uri} is missing: npm run lake -- verify says what is wrong")
    if source.getLength() != file.bytes:
        raise LakeUnreadable(f"{uri} has {source.getLength()} bytes, the manifest says {file.bytes}: npm run lake -- verify says what is wrong")
    found = iceberg.parquet.ParquetUtil.fileMetrics(source, metrics, mapping)
    # By path and length: asked for its status, the file would be known under another spelling of its URI.
    builder = iceberg.DataFiles.builder(table.spec()).withPath(uri).withFileSizeInBytes(file.bytes)
    return builder.withFormat("PARQUET").withMetrics(found).build()
