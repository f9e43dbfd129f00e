"""Clients of AWS, made when they are first needed, and their errors in plain words. Credentials come from the environment."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from engine.errors import ConfigurationError, DeliveryError, RefusedError

_T = TypeVar("_T")
_TRIES = 5


def client(service: str, region: str | None = None) -> Any:
    """A client of a service, which repeats requests that were throttled or lost.

    Args:
        service: Name by boto3, for example ``sns``.
        region: Its region; None takes the environment's.

    Raises:
        ConfigurationError: boto3 is not installed, or no region is known.
    """
    try:
        import boto3
        from botocore.config import Config
        from botocore.exceptions import BotoCoreError
    except ImportError as error:
        raise ConfigurationError(f"AWS's service {service} needs the package boto3: pip install boto3.") from error
    retries = {"mode": "standard", "total_max_attempts": _TRIES}
    try:
        return boto3.client(service, region_name=region, config=Config(retries=retries, connect_timeout=10))
    except BotoCoreError as error:
        raise ConfigurationError(f"AWS's service {service}: {error} Set AWS_REGION.") from error


def called(what: str, call: Callable[[], _T]) -> _T:
    """Make a call to AWS.

    Args:
        what: Name of the thing that is called, for messages.
        call: The call.

    Raises:
        RefusedError: AWS answers that it will not do this, now or later.
        DeliveryError: It did not answer, or not yet.
    """
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        return call()
    except ClientError as error:
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 500)
        code = error.response.get("Error", {}).get("Code", "")
        kind = RefusedError if 400 <= status < 429 and "Throttl" not in code else DeliveryError
        raise kind(f"{what}: {error}") from error
    except BotoCoreError as error:
        raise DeliveryError(f"{what}: {error}") from error
