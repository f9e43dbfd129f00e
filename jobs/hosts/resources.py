"""Which hosts a processing job has, as the platform says it."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.errors import ConfigurationError

_PORT = 7800
_SECONDS = 600


@dataclass(frozen=True)
class Hosts:
    """The hosts of a job.

    Attributes:
        current: Name of this host.
        names: Names of all, sorted; the first is the primary.
        port: Of the primary's status server; the next two are those of the hosts' files and of Spark's master.
        seconds: How long hosts wait for each other.
    """

    current: str
    names: tuple[str, ...]
    port: int = _PORT
    seconds: int = _SECONDS

    @property
    def primary(self) -> str:
        """The host that runs the job and writes its documents."""
        return self.names[0]

    @property
    def is_primary(self) -> bool:
        """Whether this host is the primary."""
        return self.current == self.primary

    @property
    def master(self) -> str:
        """URL of Spark's master."""
        return f"spark://{self.primary}:{self.port + 2}"

    def url(self, host: str, offset: int = 0) -> str:
        """Address of a server of a host."""
        return f"http://{host}:{self.port + offset}"


def hosts_of(root: Path, environ: Mapping[str, str]) -> Hosts | None:
    """The hosts of the job; None when there is only one.

    Args:
        root: What stands for ``/opt/ml``.
        environ: Environment variables: ``MONITOR_HOSTS_PORT`` and ``MONITOR_HOSTS_SECONDS`` are optional.

    Raises:
        ConfigurationError: The file, or a variable, does not say what it should.
    """
    path = root / "config" / "resourceconfig.json"
    if not path.exists():
        return None
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        names = tuple(sorted(str(name) for name in found["hosts"]))
        current = str(found["current_host"])
        port, seconds = (
            int(environ.get(name) or usual)
            for name, usual in (("MONITOR_HOSTS_PORT", _PORT), ("MONITOR_HOSTS_SECONDS", _SECONDS))
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ConfigurationError(
            f"{path} or MONITOR_HOSTS_PORT, MONITOR_HOSTS_SECONDS cannot be used: {error!r}. "
            'Allowed: {"current_host": "algo-1", "hosts": ["algo-1", "algo-2"]}, and whole numbers.'
        ) from error
    if current not in names:
        raise ConfigurationError(f"{path}: current_host {current!r} is not among the hosts {', '.join(names)}.")
    return Hosts(current, names, port, seconds) if len(names) > 1 else None


def sharded_folders(root: Path) -> list[Path]:
    """Folders of inputs of which each host has a share, by the description of the job."""
    path = root / "config" / "processingjobconfig.json"
    try:
        inputs = json.loads(path.read_text(encoding="utf-8")).get("ProcessingInputs") or []
    except (OSError, ValueError, AttributeError):
        return []
    found = [one.get("S3Input") or {} for one in inputs]
    places = [one["LocalPath"] for one in found if one.get("S3DataDistributionType") == "ShardedByS3Key"]
    return [
        root / place.removeprefix("/opt/ml").lstrip("/") if place.startswith("/opt/ml") else Path(place)
        for place in places
    ]


def shares_of_this_host(folders: list[Path]) -> dict[str, int]:
    """Size of each file of this host below the folders, by path."""
    found = {
        os.path.join(place, name)  # noqa: PTH118 - as it is walked
        for folder in folders
        for place, _, names in os.walk(folder)
        for name in names
    }
    return {path: os.path.getsize(path) for path in sorted(found) if os.path.isfile(path)}  # noqa: PTH202, PTH113
