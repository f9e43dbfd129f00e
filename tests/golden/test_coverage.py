"""Which test proves what of each data quality case, in one place; a case without a proof is a failure."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

HERE = "tests.golden.test_data_quality"
PRINTED = "tests.golden.test_printed_outputs"
PARTIAL = "tests.golden.test_headerless"
MONITOR = "tests.monitors.test_data_quality_golden"

PROOFS: dict[str, dict[str, str]] = {
    "cardio-aai540-2025": {
        "statistics from the rows of all columns that could be rebuilt": f"{HERE}::test_statistics_of_a_full_pair",
        "constraints from the rows": f"{HERE}::test_suggested_constraints",
        "constraints of all columns from their statistics": f"{MONITOR}::test_suggestion_from_their_statistics",
        "bytes of the document": f"{MONITOR}::test_statistics_have_the_newer_shape_byte_for_byte",
    },
    "sdk-quality-check-data": {
        "statistics from the rows": f"{HERE}::test_statistics_of_a_full_pair",
        "constraints from the rows": f"{HERE}::test_suggested_constraints",
        "constraints from their statistics": f"{MONITOR}::test_suggestion_from_their_statistics",
        "violations from the rows": f"{HERE}::test_quality_check",
        "violations from their statistics": f"{MONITOR}::test_quality_check_of_the_sdk",
    },
    "cookbook-data-quality": {
        "statistics of the monitoring run from the rows": f"{HERE}::test_a_run_over_two_capture_files",
        "constraints of the baseline from its statistics": f"{MONITOR}::test_suggestion_from_their_statistics",
        "violations from the rows, as CSV and as captures": f"{HERE}::test_violations_of_the_monitoring_run",
        "violations from their statistics": f"{MONITOR}::test_their_violations_of_a_run_without_drift",
    },
    "cifar-data-quality": {
        "statistics and constraints from the rows, to the six digits printed": f"{PRINTED}::test_a_baseline",
    },
    "churn-data-quality": {
        "statistics and constraints from the rows, of the ten columns printed": f"{PRINTED}::test_a_baseline",
        "violations from the requests sent, and their number": f"{PRINTED}::test_violations_of_the_churn_run",
        "share of a large run": f"{MONITOR}::test_their_share_of_a_large_run",
    },
    "abalone-data-drift": {
        "which checks fire at 35 rows": f"{PRINTED}::test_drift_at_35_rows_and_none_of_columns_of_another_type",
    },
    "fraud-dq-headerless": {
        "constraints from rows of the same types and signs": f"{PARTIAL}::test_constraints_of_the_headerless_case",
        "violations of a batch of one column": f"{PARTIAL}::test_violations_of_the_headerless_case",
    },
    "sdk-monitor-intro": {
        "constraints from their statistics": f"{PARTIAL}::test_suggestion_of_the_preprocessed_case",
        "statistics from rows with the script's value": f"{PARTIAL}::test_run_of_the_preprocessed_case",
        "captures": "tests.datasets.test_captures::test_reference_captures_of_the_sdk",
        "old spellings in constraints": "tests.documents.test_constraints::test_published_files_with_old_keys",
        "bytes of violations": "tests.documents.test_json_style::test_a_real_file_is_written_as_it_was_read",
    },
    "emotion-mq-multiclass": {
        "violations of the number of columns": f"{MONITOR}::test_their_violations_of_the_number_of_columns",
    },
}


def data_quality_cases(shared: Path) -> set[str]:
    """Cases that the index calls data quality, and those whose folder says so; shapes and extra columns are ours, too."""
    index = (shared / "golden" / "INDEX.md").read_text()
    cases = re.findall(r"^- \*\*(.+?)\*\* \| (.+?) \|", index, re.MULTILINE)
    ours = ("data-quality", "captured data", "missing columns")
    named = {name for name, kind in cases if any(word in kind for word in ours)}
    return named | {folder.name for folder in (shared / "golden").glob("*-data-quality")}


def test_every_data_quality_case_has_a_proof(shared: Path) -> None:
    assert data_quality_cases(shared) == PROOFS.keys()


@pytest.mark.parametrize("proof", sorted({proof for proofs in PROOFS.values() for proof in proofs.values()}))
def test_every_proof_exists_and_reads_the_reference(proof: str) -> None:
    module, name = proof.split("::")
    assert "shared" in getattr(importlib.import_module(module), name).__annotations__
