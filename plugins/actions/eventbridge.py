"""Puts an event on a bus of Amazon EventBridge, for rules to act on."""

from __future__ import annotations

import json
from typing import ClassVar

from engine import Action, ViolationEvent
from engine.aws import called, client
from engine.errors import DeliveryError
from plugins.actions.settings import ActionSettings


class EventBridgeSettings(ActionSettings):
    """Settings of the action ``eventbridge``."""

    bus: str = "default"
    """Name or ARN of the event bus."""
    source: str = "open-model-monitor"
    """Source of the event, for the pattern of a rule."""
    detail_type: str = "Model Monitor Violations"
    """Its detail type."""
    region: str | None = None
    """Region of the bus; null takes the environment's."""


class EventBridge(Action):
    """An event on EventBridge; its detail is the event as JSON, with the idempotency key under ``key``."""

    name: ClassVar[str] = "eventbridge"
    Settings = EventBridgeSettings

    def __init__(self, settings: EventBridgeSettings) -> None:
        self._settings = settings

    def send(self, event: ViolationEvent) -> None:
        """Put the event.

        Raises:
            DeliveryError: The bus did not take it.
        """
        told = self._settings
        entry = {
            "EventBusName": told.bus,
            "Source": told.source,
            "DetailType": told.detail_type,
            "Detail": json.dumps(event.as_dict()),
            "Resources": [],
        }
        events = client("events", told.region)
        found = called(f"EventBridge bus {told.bus}", lambda: events.put_events(Entries=[entry]))
        if found.get("FailedEntryCount"):
            failed = found["Entries"][0]
            raise DeliveryError(f"EventBridge bus {told.bus}: {failed.get('ErrorCode')}: {failed.get('ErrorMessage')}")
