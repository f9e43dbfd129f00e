"""Reads a report as users of SageMaker's SDK do, of version 2 or 3, and prints it. Runs in the SDK's own environment."""

from __future__ import annotations

import json
import sys

import boto3

try:
    from sagemaker.core.helper.session_helper import Session
    from sagemaker.core.model_monitor import Constraints, ConstraintViolations, MonitoringExecution, Statistics

    VERSION = 3
except ImportError:
    from sagemaker.model_monitor import Constraints, ConstraintViolations, MonitoringExecution, Statistics
    from sagemaker.session import Session

    VERSION = 2

session = Session(boto3.Session(region_name="us-east-1"), default_bucket="bucket")
with_report, without = (MonitoringExecution.from_processing_arn(session, arn) for arn in sys.argv[1:3])
report, saved = sys.argv[3:]
constraints = Constraints.from_s3_uri(f"{report}/constraints.json", sagemaker_session=session)
constraints.set_monitoring(False, "plan")
constraints.save(saved)
found = {
    "version": VERSION,
    "statistics": with_report.statistics().body_dict,
    "violations": with_report.constraint_violations().body_dict,
    "the same": [
        Statistics.from_s3_uri(f"{report}/statistics.json", sagemaker_session=session).body_dict,
        ConstraintViolations.from_s3_uri(f"{report}/constraint_violations.json", sagemaker_session=session).body_dict,
    ],
    "violations of a baseline": without.constraint_violations() and "there are some",
}
sys.stdout.write("\nFOUND " + json.dumps(found))
