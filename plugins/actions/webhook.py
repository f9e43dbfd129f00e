"""Calls a webhook: the event as JSON in a POST request."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from typing import ClassVar
from urllib.parse import urlsplit

from pydantic import Field, model_validator
from typing_extensions import Self

from engine import Action, ViolationEvent
from engine.errors import ConfigurationError, DeliveryError, RefusedError
from plugins.actions.settings import ActionSettings

_PASSING = {408, 425, 429}
"""Answers of status 4xx that mean: not now."""


class WebhookSettings(ActionSettings):
    """Settings of the action ``webhook``."""

    url: str | None = Field(None, pattern=r"^https?://[^\s/]+")
    """Where to post."""
    url_variable: str | None = None
    """Environment variable that holds the URL instead, for URLs that are secrets."""
    secret_variable: str | None = None
    """Environment variable with a secret that signs the body: header X-Signature-256, sha256=HMAC in hex."""
    headers: dict[str, str] = Field({})
    """Further headers."""
    timeout: float = Field(10, gt=0, le=300)
    """Seconds to wait for an answer."""

    @model_validator(mode="after")
    def _one_url(self) -> Self:
        if (self.url is None) == (self.url_variable is None):
            raise ValueError("either url or url_variable must be given")
        return self


class Webhook(Action):
    """A POST request with the event as JSON, its sentence under ``text`` (as chats want it), and an ``Idempotency-Key``."""

    name: ClassVar[str] = "webhook"
    Settings = WebhookSettings

    def __init__(self, settings: WebhookSettings) -> None:
        self._settings = settings
        self._url = settings.url or _variable(settings.url_variable or "")
        self._secret = _variable(settings.secret_variable) if settings.secret_variable else None

    def send(self, event: ViolationEvent) -> None:
        """Post the event. Messages name the host alone: a path may be a secret.

        Raises:
            RefusedError: The receiver answers that it will not take it.
            DeliveryError: It cannot be reached, or not now.
        """
        import urllib3

        body = json.dumps(event.as_dict()).encode()
        headers = {"Content-Type": "application/json", "Idempotency-Key": event.key, **self._settings.headers}
        if self._secret is not None:
            digest = hmac.new(self._secret.encode(), body, hashlib.sha256).hexdigest()
            headers["X-Signature-256"] = f"sha256={digest}"
        host = urlsplit(self._url).hostname
        timeout = self._settings.timeout
        try:
            with urllib3.PoolManager(retries=False) as pool:
                status = pool.request("POST", self._url, body=body, headers=headers, timeout=timeout).status
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise DeliveryError(f"webhook at {host} cannot be reached: {type(error).__name__}") from None
        if not 200 <= status < 300:
            kind = DeliveryError if status >= 500 or status in _PASSING else RefusedError
            raise kind(f"webhook at {host} answers with status {status}")


def _variable(name: str) -> str:
    value = os.environ.get(name)
    if not value:
        raise ConfigurationError(f"action webhook: the environment variable {name} is not set.")
    return value
