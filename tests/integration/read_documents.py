"""Reads a report as users of SageMaker's SDK do, of version 2 or 3, and prints it. Runs in the SDK's own environment."""

from __future__ import annotations

import json
import sys
from typing import Any


def found(with_report: str, without: str, report: str, saved: str) -> dict[str, Any]:
    """What the readers say of two jobs, by their ARNs, and of a report; saves its constraints, edited."""
    import boto3

    try:
        from sagemaker.core.helper.session_helper import Session
        from sagemaker.core.model_monitor import Constraints, ConstraintViolations, MonitoringExecution, Statistics

        version = 3
    except ImportError:
        from sagemaker.model_monitor import Constraints, ConstraintViolations, MonitoringExecution, Statistics
        from sagemaker.session import Session

        version = 2

    session = Session(boto3.Session(region_name="us-east-1"), default_bucket="bucket")
    first, second = (MonitoringExecution.from_processing_arn(session, arn) for arn in (with_report, without))
    constraints = Constraints.from_s3_uri(f"{report}/constraints.json", sagemaker_session=session)
    constraints.set_monitoring(False, "plan")
    constraints.save(saved)
    violations = f"{report}/constraint_violations.json"
    return {
        "version": version,
        "statistics": first.statistics().body_dict,
        "violations": first.constraint_violations().body_dict,
        "the same": [
            Statistics.from_s3_uri(f"{report}/statistics.json", sagemaker_session=session).body_dict,
            ConstraintViolations.from_s3_uri(violations, sagemaker_session=session).body_dict,
        ],
        "violations of a baseline": second.constraint_violations() and "there are some",
    }


if __name__ == "__main__":
    sys.stdout.write("\nFOUND " + json.dumps(found(*sys.argv[1:])))
