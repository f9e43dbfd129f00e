"""Publishes to a topic of Amazon SNS: mail, chat, queues, functions."""

from __future__ import annotations

import json
from typing import Any, ClassVar

from pydantic import Field

from engine import Action, ViolationEvent
from engine.aws import called, client
from plugins.actions.settings import ActionSettings


class SnsSettings(ActionSettings):
    """Settings of the action ``sns``."""

    topic_arn: str = Field(pattern=r"^arn:[\w-]+:sns:[\w-]+:\d+:[\w.-]+$")
    """ARN of the topic; a FIFO topic drops an event that comes twice within five minutes."""
    subject: str = Field("Model monitor: violations", max_length=99)
    """Subject of mails."""
    content: str = Field("json", pattern="^(json|text)$")
    """json: the event as JSON; text: a sentence for people."""


class Sns(Action):
    """A message to a topic, with the idempotency key, monitor and severity as attributes, for filters of subscriptions."""

    name: ClassVar[str] = "sns"
    Settings = SnsSettings

    def __init__(self, settings: SnsSettings) -> None:
        self._settings = settings

    def send(self, event: ViolationEvent) -> None:
        """Publish the event.

        Raises:
            DeliveryError: The topic did not take it.
        """
        told = self._settings
        attributes = {"idempotency_key": event.key, "monitor": event.monitor, "severity": event.severity}
        request: dict[str, Any] = {
            "TopicArn": told.topic_arn,
            "Subject": told.subject,
            "Message": json.dumps(event.as_dict()) if told.content == "json" else event.text,
            "MessageAttributes": {
                name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()
            },
        }
        if told.topic_arn.endswith(".fifo"):
            group = event.schedule or event.endpoint or event.monitor
            request |= {"MessageGroupId": group, "MessageDeduplicationId": event.key}
        topics = client("sns", told.topic_arn.split(":")[3])
        called(f"SNS topic {told.topic_arn}", lambda: topics.publish(**request))
