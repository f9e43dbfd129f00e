"""How S3 is reached. One set of settings holds for a whole job: its driver, its executors and all that it starts."""

from __future__ import annotations

import os
from typing import Literal

from pydantic import Field, ValidationError

from engine.config_sections import Section
from engine.errors import ConfigurationError
from engine.validation import faults_of

VARIABLE = "MODEL_MONITOR_S3"
"""Environment variable that holds the settings as JSON, so that every process that a job starts has them."""


class S3Settings(Section):
    """How S3 is reached. Credentials are not set here: they come from the environment, as AWS tools read them."""

    endpoint_url: str | None = Field(None, pattern=r"^https?://[^/@\s]+/?$")
    """Another endpoint, for example https://s3.example.com:9000; null takes AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL, else AWS."""
    region: str | None = Field(None, pattern=r"^[a-z0-9-]+$")
    """Region of the buckets; null asks each bucket, and takes AWS_REGION where that is not possible."""
    tries: int = Field(5, ge=1, le=20)
    """Tries of a request, with growing pauses, when S3 is busy (503) or a connection breaks."""
    requester_pays: bool = False
    """Pay for reading from buckets of others that ask for it. Needs the extra s3."""
    encryption: Literal["AES256", "aws:kms", "aws:kms:dsse"] | None = None
    """Encryption of what is written; null leaves it to the bucket. Needs the extra s3."""
    kms_key_id: str | None = Field(None, min_length=1)
    """KMS key (id, ARN or alias) to encrypt with; means encryption aws:kms. Needs the extra s3."""
    acl: (
        Literal[
            "private", "public-read", "public-read-write", "authenticated-read", "aws-exec-read", "bucket-owner-read",
            "bucket-owner-full-control",
        ]
        | None
    ) = None  # fmt: skip
    """Canned ACL of what is written, for example bucket-owner-full-control; null sets none. Needs the extra s3."""

    @property
    def write_options(self) -> dict[str, str]:
        """What requests that write carry beside the object, by the names of S3's API."""
        encryption = self.encryption or ("aws:kms" if self.kms_key_id else None)
        given = {"ServerSideEncryption": encryption, "SSEKMSKeyId": self.kms_key_id, "ACL": self.acl}
        return {name: value for name, value in given.items() if value is not None}


def use_s3(settings: S3Settings) -> None:
    """Let this process, and those that it starts, reach S3 in this way. Defaults leave what the environment says."""
    if settings != S3Settings():
        os.environ[VARIABLE] = settings.model_dump_json(exclude_defaults=True)


def current_s3() -> S3Settings:
    """The settings of this process.

    Raises:
        ConfigurationError: The environment variable does not hold them.
    """
    text = os.environ.get(VARIABLE)
    try:
        return S3Settings.model_validate_json(text) if text else S3Settings()
    except ValidationError as error:
        raise ConfigurationError(
            f"The environment variable {VARIABLE} does not hold S3 settings: {faults_of(error)[0].sentence}. "
            f"Allowed is a JSON object with the keys {', '.join(S3Settings.model_fields)}."
        ) from None
