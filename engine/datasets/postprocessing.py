"""The post-analytics script: ``postprocess_handler()``, called once after the documents are written."""

from __future__ import annotations

import os
import threading

from engine.datasets.user_scripts import RAISED, UserScript

_ENVIRONMENT = threading.Lock()
"""The handler is told its folder by a variable of the process, which windows of a backfill share."""


def run_postprocessor(path: str, output: str) -> None:
    """Call the handler of a script; its value is ignored.

    Args:
        path: The script.
        output: Folder of the documents, which the handler finds in the environment variable ``output_path``.

    Raises:
        UserScriptError: It has no handler, or the handler raised.
    """
    script = UserScript.read(path, "postprocessor")
    handler = script.function("postprocess_handler")
    with _ENVIRONMENT:
        before = os.environ.get("output_path")  # noqa: SIM112 - the name that scripts know
        os.environ["output_path"] = output  # noqa: SIM112
        try:
            handler()
        except RAISED as error:
            raise script.error(error) from error
        finally:
            del os.environ["output_path"]  # noqa: SIM112
            if before is not None:
                os.environ["output_path"] = before  # noqa: SIM112
