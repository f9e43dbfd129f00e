"""Which jars a release of Deequ consists of, from ``jars.yaml``."""

from __future__ import annotations

import functools
import hashlib
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import yaml

CENTRAL = "https://repo1.maven.org/maven2"


@dataclass(frozen=True)
class Jar:
    """A published jar: its Maven coordinate ``group:name:version`` and the checksum of its bytes."""

    coordinate: str
    sha256: str

    @property
    def cached_name(self) -> str:
        """Name of the file in Spark's folder of downloaded jars."""
        group, name, version = self.coordinate.split(":")
        return f"{group}_{name}-{version}.jar"

    @property
    def url(self) -> str:
        """Where Maven Central has it.

        >>> Jar("org.x:y:1", "").url
        'https://repo1.maven.org/maven2/org/x/y/1/y-1.jar'
        """
        group, name, version = self.coordinate.split(":")
        return f"{CENTRAL}/{group.replace('.', '/')}/{name}/{version}/{name}-{version}.jar"

    def is_intact(self, path: Path) -> bool:
        """Whether a file is this jar, byte for byte."""
        return sha256_of(path) == self.sha256


@functools.cache
def releases() -> dict[str, tuple[Jar, ...]]:
    """The tested releases, oldest first."""
    body = yaml.safe_load(resources.files("engine.deequ").joinpath("jars.yaml").read_text(encoding="utf-8"))
    return {name: tuple(Jar(**entry) for entry in jars) for name, jars in body["releases"].items()}


def sha256_of(path: Path) -> str:
    """Checksum of a file, in hexadecimal."""
    with path.open("rb") as file:
        digest = hashlib.sha256()
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()
