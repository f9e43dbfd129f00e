"""Plugins in a file: a Python module named by its path or URI, loaded under a name that the executors know, too."""

from __future__ import annotations

import hashlib
import re
import sys
from dataclasses import dataclass
from pathlib import PurePosixPath
from types import ModuleType

from engine.errors import PluginError
from engine.filesystems import read_text
from engine.foreign_code import ForeignError, call_foreign


@dataclass(frozen=True)
class PluginFile:
    """A file of a plugin.

    Attributes:
        uri: As the user named it.
        source: Its text.
        module: Name under which it is imported, here and on the executors.
    """

    uri: str
    source: str
    module: str

    @classmethod
    def read(cls, uri: str) -> PluginFile:
        """Read a file, local or ``s3://``.

        Raises:
            PluginError: It cannot be read, or is not Python.
        """
        try:
            source = read_text(uri)
        except (OSError, UnicodeDecodeError) as error:
            reason = "no such file" if isinstance(error, FileNotFoundError) else str(error)
            advice = "Name a Python file with --plugin, or under plugins.files."
            raise PluginError(f"plugin {uri}: it cannot be read: {reason}. {advice}") from None
        stem = re.sub(r"\W", "_", PurePosixPath(uri.replace("\\", "/")).stem)
        digest = hashlib.sha256(source.encode()).hexdigest()[:8]
        return cls(uri, source, f"plugin_{stem}_{digest}")

    def load(self) -> ModuleType:
        """Import the module.

        Raises:
            PluginError: It raises, with the place in the file.
        """
        if self.module in sys.modules:
            return sys.modules[self.module]
        module = ModuleType(self.module)
        module.__file__ = self.uri
        sys.modules[self.module] = module  # dataclasses look for their module there
        try:
            call_foreign(lambda: self._execute(module), through=(PluginError,))
        except (ForeignError, PluginError) as error:
            sys.modules.pop(self.module, None)
            cause = error.__cause__ if isinstance(error, ForeignError) else error
            line = _line(cause, self.uri) if cause else ""
            raise PluginError(f"plugin {self.uri}{line}: it fails to import: {error}") from error
        return module

    def _execute(self, module: ModuleType) -> None:
        exec(compile(self.source, self.uri, "exec"), module.__dict__)  # noqa: S102 - the user asked for this code


def _line(error: BaseException, uri: str) -> str:
    """The last line of the file that the error passed through."""
    if isinstance(error, SyntaxError) and error.lineno:
        return f", line {error.lineno}"
    trace, line = error.__traceback__, None
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == uri:
            line = trace.tb_lineno
        trace = trace.tb_next
    return f", line {line}" if line else ""
