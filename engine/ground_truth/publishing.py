"""Merged records appear in their places all together or not at all.

Tasks write below a hidden folder of each place. When all is complete the files are moved; what they replace is kept until
the last move, and is put back if one fails.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from pyarrow import fs

from engine.errors import MonitorError, StoreError
from engine.filesystems import make_folder, resolve

_WRITTEN, _BEFORE = "written", "before"


class NotRestoredError(MonitorError):
    """A move failed, and what had been replaced could not be put back."""


@dataclass(frozen=True)
class Place:
    """A folder that gets files, and the hidden folder below it where they are written first.

    Attributes:
        folder: Path or URI of the folder.
        run: Name of the run, which tells hidden folders apart.
    """

    folder: str
    run: str

    @property
    def written(self) -> str:
        """Where the tasks write."""
        return f"{self._hidden}/{_WRITTEN}"

    @property
    def _hidden(self) -> str:
        return f"{self.folder.rstrip('/')}/.merge-{self.run}"

    def discard(self) -> None:
        """Remove the hidden folder and what is left in it."""
        system, path = resolve(self._hidden)
        if system.get_file_info(path).type == fs.FileType.Directory:
            system.delete_dir(path)

    def prepare(self) -> None:
        """Clear what an earlier run left, and find out whether the place can be written.

        Raises:
            OSError: It cannot.
        """
        self.discard()
        system, path = resolve(self._hidden)
        make_folder(system, path)

    def moves(self) -> Iterator[Move]:
        """Yield a move for each file that was written, in the order of their paths."""
        system, hidden = resolve(self._hidden)
        _, target = resolve(self.folder)
        source = f"{hidden}/{_WRITTEN}"
        infos = system.get_file_info(fs.FileSelector(source, recursive=True, allow_not_found=True))
        for path in sorted(str(info.path) for info in infos if info.type == fs.FileType.File):
            inner = path.removeprefix(source).lstrip("/")
            yield Move(system, path, f"{target}/{inner}", f"{hidden}/{_BEFORE}/{inner}")


@dataclass(frozen=True)
class Move:
    """One file: from where it was written to its place; ``before`` keeps what was there."""

    system: fs.FileSystem
    source: str
    place: str
    before: str

    def check(self) -> None:
        """Make the folder of the place.

        Raises:
            OSError: It cannot be made, or a folder lies where the file belongs.
        """
        make_folder(self.system, self.place.rpartition("/")[0])
        if self.system.get_file_info(self.place).type == fs.FileType.Directory:
            raise IsADirectoryError(f"{self.place} is a folder; a file of merged records belongs there")

    def make(self) -> None:
        """Move the file into its place."""
        if self.system.get_file_info(self.place).type == fs.FileType.File:
            make_folder(self.system, self.before.rpartition("/")[0])
            self.system.move(self.place, self.before)
        self.system.move(self.source, self.place)

    def undo(self) -> None:
        """Put back what was there, however far the move came."""
        replaced = self.system.get_file_info(self.before).type == fs.FileType.File
        if self.system.get_file_info(self.source).type != fs.FileType.File:
            self.system.delete_file(self.place)
        if replaced:
            self.system.move(self.before, self.place)


def publish(places: Sequence[Place]) -> list[list[str]]:
    """Move all that was written into its places.

    Returns:
        For each place the files that it got.

    Raises:
        OSError: A file cannot be moved; all is as it was before.
        NotRestoredError: That, and something could not be put back.
    """
    moves = [list(place.moves()) for place in places]
    ordered = [move for of_place in moves for move in of_place]
    for move in ordered:
        move.check()
    started: list[Move] = []
    try:
        for move in ordered:
            started.append(move)
            move.make()
    except (OSError, StoreError) as error:
        _undo(started, error)
        raise
    return [[move.place for move in of_place] for of_place in moves]


def _undo(moves: Sequence[Move], reason: Exception) -> None:
    stuck = []
    for move in reversed(moves):
        try:
            move.undo()
        except (OSError, StoreError):
            stuck.append(move)
    if stuck:
        listed = "; ".join(f"{move.place} (what was there before, if anything: {move.before})" for move in stuck[:10])
        raise NotRestoredError(
            f"The merge failed ({reason}), and {len(stuck)} of the {len(moves)} files that it had moved could not be put back: "
            f"{listed}. Put them back by hand, or run the merge again."
        ) from reason


def discard_all(places: Sequence[Place]) -> None:
    """Remove the hidden folders, as far as that can be done."""
    for place in places:
        with suppress(OSError, StoreError):
            place.discard()
