"""Actions on violations: an event for EventBridge, a message for SNS, the start of a SageMaker pipeline, a call of a webhook."""

from plugins.actions.eventbridge import EventBridge
from plugins.actions.sagemaker_pipeline import SageMakerPipeline
from plugins.actions.sns import Sns
from plugins.actions.webhook import Webhook

__all__ = ["EventBridge", "SageMakerPipeline", "Sns", "Webhook"]
