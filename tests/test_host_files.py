from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import fs

from engine.filesystems import open_file, read_text, resolve
from engine.host_files import VARIABLE, write_listing
from jobs.hosts.servers import file_server, file_url
from tests.integration.ports import free_ports


@pytest.fixture
def shared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    """This host holds data/a, another one, which is served, data/b and data/deep/c; all are below ``data``."""
    here, there = tmp_path / "data", tmp_path / "other"
    (here).mkdir()
    (there / "deep").mkdir(parents=True)
    (here / "a").write_bytes(b"of this host")
    (there / "b").write_bytes(bytes(range(256)) * 8000)
    (there / "deep/c").write_bytes(b"deep")
    held = {str(path): path.stat().st_size for path in (there / "b", there / "deep/c")}
    port = free_ports(1)
    seen = {str(here / "a"): 12, **{path.replace("/other/", "/data/"): size for path, size in held.items()}}
    urls = {path.replace("/other/", "/data/"): file_url(f"http://127.0.0.1:{port}", path) for path in held}
    write_listing(tmp_path / "hosts.json", seen, urls)
    monkeypatch.setenv(VARIABLE, str(tmp_path / "hosts.json"))
    with file_server("127.0.0.1", port, held):
        yield here


def test_the_files_of_all_hosts_are_one_folder(shared: Path) -> None:
    system, place = resolve(str(shared))
    found = system.get_file_info(fs.FileSelector(place, recursive=True))
    assert sorted((info.path, info.size) for info in found) == [
        (f"{shared}/a", 12), (f"{shared}/b", 2_048_000), (f"{shared}/deep/c", 4),
    ]  # fmt: skip
    assert [info.path for info in system.get_file_info(fs.FileSelector(place))] == [f"{shared}/a", f"{shared}/b"]
    kinds = [system.get_file_info(f"{shared}/{name}").type for name in ("b", "deep", "none")]
    assert kinds == [fs.FileType.File, fs.FileType.Directory, fs.FileType.NotFound]
    assert [read_text(f"{shared}/{name}") for name in ("a", "deep/c")] == ["of this host", "deep"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(st.integers(0, 2_100_000), st.integers(0, 100_000))
def test_ranges_of_a_file_of_another_host(shared: Path, start: int, length: int) -> None:
    content = bytes(range(256)) * 8000
    with open_file(f"{shared}/b") as file:
        assert file.size() == len(content)
        if start <= len(content):
            assert file.read_at(length, start) == content[start : start + length]


def test_only_shared_files_are_served(shared: Path) -> None:
    import urllib3

    port = int((shared.parent / "hosts.json").read_text().split("127.0.0.1:")[1].split("/")[0])
    for path in ("/etc/hostname", f"{shared}/a"):
        headers = {"Range": "bytes=0-1"}
        assert urllib3.request("GET", file_url(f"http://127.0.0.1:{port}", path), headers=headers).status == 404
