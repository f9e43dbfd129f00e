"""The same people as tables of Hive, Iceberg and Delta: the settings of their catalogs, and how Spark fills them.

Run with the name of a folder, this module makes the tables in it, and the same rows as Parquet files.
"""

from __future__ import annotations

import datetime as dt
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from engine.execution.java import ensure_java
from tests.integration.maven import jars

PEOPLE = 500
ICEBERG = "org.apache.iceberg:iceberg-spark-runtime-3.5_2.12:1.9.2"
DELTA = "io.delta:delta-spark_2.12:3.3.2"
QUICK = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"  # short processes do not earn back what more threads of the JVM cost

STATEMENTS = """
create database shop
create table shop.people ({columns}) partitioned by (plan string) stored as orc
insert into shop.people select * from people
create table ice.shop.people using iceberg partitioned by (years(at)) tblproperties('write.delete.mode'='merge-on-read') as \
    select id, amount, at, day, score as points, home, tags, plan from early
alter table ice.shop.people rename column points to score
delete from ice.shop.people where id >= 1000
create table shop.delta_people using delta tblproperties('delta.enableDeletionVectors'='true') as select * from early
delete from shop.delta_people where id >= 1000
create table shop.delta_later using delta location '{folder}/delta_later' as select * from early
insert overwrite shop.delta_later select * from later
"""
COLUMNS = (
    "id bigint, amount decimal(9,2), at timestamp, day date, score double, "
    "home struct<city:string,geo:struct<lat:double>>, tags array<string>"
)


def hive(folder: Path) -> dict[str, str]:
    """Hive's own client with its metastore embedded."""
    return {
        "spark.sql.catalogImplementation": "hive",
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.driver.extraJavaOptions": f"{QUICK} -Dderby.system.home={folder / 'derby'}",
    }


def iceberg(folder: Path) -> dict[str, str]:
    """A catalog in a folder, in the place of Glue's."""
    return {
        "spark.jars": _paths("iceberg-1.9.2", ICEBERG),
        "spark.sql.catalog.ice": "org.apache.iceberg.spark.SparkCatalog",
        "spark.sql.catalog.ice.type": "hadoop",
        "spark.sql.catalog.ice.warehouse": str(folder / "ice"),
        "spark.driver.extraJavaOptions": QUICK,
    }


def delta(folder: Path) -> dict[str, str]:
    """Delta alone, for tables by path."""
    return {
        "spark.jars": _paths("delta-3.3.2", DELTA),
        "spark.sql.extensions": "io.delta.sql.DeltaSparkSessionExtension",
        "spark.sql.catalog.spark_catalog": "org.apache.spark.sql.delta.catalog.DeltaCatalog",
        "spark.databricks.delta.snapshotPartitions": "1",
        "spark.driver.extraJavaOptions": QUICK,
    }


def delta_in_hive(folder: Path) -> dict[str, str]:
    """Delta's catalog, which asks Hive's for the tables that it has by name."""
    return delta(folder) | hive(folder)


def _paths(name: str, packages: str) -> str:
    return ",".join(map(str, jars(name, packages)))


def people(first: int = 0, drifted: bool = False) -> pa.Table:
    """Rows with a column of every type that matters; the larger partition comes first, as Spark sorts files."""
    n = range(first, first + PEOPLE)
    new_year = dt.datetime(2026, 1, 1, tzinfo=dt.timezone.utc)
    columns: dict[str, Any] = {
        "id": pa.array(n, pa.int64()),
        "amount": pa.array([Decimal(i * 37 % 9000).scaleb(-2) if i % 7 else None for i in n], pa.decimal128(9, 2)),
        "at": pa.array([new_year + dt.timedelta(minutes=i % 50, microseconds=i % 3 * 500) for i in n]),
        "day": pa.array([None if drifted or not i % 11 else dt.date(2026, 1, 1 + i % 28) for i in n], pa.date32()),
        "score": [float("nan") if i == first else (i - first) * (3.0 if drifted else 0.1) for i in n],
        "home": [{"city": ("Bonn", "Köln", None)[i % 3], "geo": {"lat": i / 8}} if i % 13 else None for i in n],
        "tags": [["a"] * (i % 3) for i in n],
        "plan": ["basic" if i < first + PEOPLE * 4 // 5 else "plus" for i in n],
    }
    return pa.table(columns)


def make(folder: Path) -> None:
    """Write the rows as files, and from them the tables."""
    from pyspark.sql import SparkSession

    ensure_java()
    early = pa.concat_tables([people(1000), people()])  # those from 1000 on are deleted later
    settings = iceberg(folder) | delta_in_hive(folder) | {"hive.exec.dynamic.partition.mode": "nonstrict"}
    settings["spark.jars"] = ",".join(made(folder)["spark.jars"] for made in (iceberg, delta))
    settings |= {"spark.ui.enabled": "false", "spark.sql.shuffle.partitions": "1", "spark.sql.session.timeZone": "UTC"}
    builder = SparkSession.builder.master("local[1]")
    for key, value in settings.items():
        builder = builder.config(key, value)
    session = builder.getOrCreate()
    for name, rows in {"people": people(), "later": people(drifted=True), "early": early}.items():
        pq.write_table(rows, folder / f"{name}.parquet")
        session.read.parquet(str(folder / f"{name}.parquet")).createOrReplaceTempView(name)
    for statement in STATEMENTS.strip().splitlines():
        session.sql(statement.format(columns=COLUMNS, folder=folder))
    session.stop()


if __name__ == "__main__":
    make(Path(sys.argv[1]))
