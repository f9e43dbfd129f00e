"""A quality gate for SageMaker Pipelines (SDK 2): monitors a dataset, then goes on or stops by what was found.

Copy it into your pipeline. AWS's own QualityCheckStep has no argument for another image; a ProcessingStep with the same variables,
paths and outputs does the same. The gate looks at the exit message, one line whatever was found. Single violations can be read
beside it, in steps that only run when there are some: ``JsonGet("MonitorData", "Violations", "violations[0].feature_name")``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sagemaker.processing import ProcessingInput, ProcessingOutput, Processor
from sagemaker.workflow.condition_step import ConditionStep
from sagemaker.workflow.conditions import ConditionEquals
from sagemaker.workflow.fail_step import FailStep
from sagemaker.workflow.properties import PropertyFile
from sagemaker.workflow.steps import ProcessingStep

NO_VIOLATIONS = "Completed: Job completed successfully with no violations."
DATA, STATISTICS, CONSTRAINTS, REPORT = (
    f"/opt/ml/processing/{name}" for name in ("input", "baseline/stats", "baseline/constraints", "output")
)


@dataclass(frozen=True)
class Check:
    """What is compared with what: S3 URIs, and the dataset's format in the words of Model Monitor."""

    data: str
    baseline: str
    output: str
    dataset_format: str = '{"csv": {"header": true}}'


def quality_gate(processor: Processor, check: Check, then: list[Any], name: str = "MonitorData") -> list[Any]:
    """The steps: the monitoring job, and a condition that runs the steps ``then``, or fails the pipeline.

    Args:
        processor: With the image of Open Model Monitor, role and instances, in the pipeline's session.
        check: What to compare.
        then: Steps that wait for a dataset without violations.
        name: Of the monitoring step.
    """
    processor.env = {
        **(processor.env or {}),
        "dataset_source": DATA,
        "dataset_format": check.dataset_format,
        "baseline_statistics": f"{STATISTICS}/statistics.json",
        "baseline_constraints": f"{CONSTRAINTS}/constraints.json",
        "output_path": REPORT,
        "publish_cloudwatch_metrics": "Disabled",
    }
    inputs = {
        "data": (check.data, DATA),
        "baseline": (f"{check.baseline}/statistics.json", STATISTICS),
        "constraints": (f"{check.baseline}/constraints.json", CONSTRAINTS),
    }
    report = PropertyFile("Violations", output_name="result", path="constraint_violations.json")
    monitor = ProcessingStep(
        name=name,
        step_args=processor.run(
            inputs=[ProcessingInput(uri, place, input_name=key) for key, (uri, place) in inputs.items()],
            outputs=[ProcessingOutput(REPORT, check.output, output_name="result")],
        ),
        property_files=[report],
    )
    message = monitor.properties.ExitMessage
    stop = FailStep(f"{name}Violations", error_message=f"{name} found violations. See {check.output}")
    gate = ConditionStep(
        f"{name}Gate", conditions=[ConditionEquals(message, NO_VIOLATIONS)], if_steps=then, else_steps=[stop]
    )
    return [monitor, gate]
