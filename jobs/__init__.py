"""Thin entry points: the command line, spark-submit, the SageMaker container and the demo."""
