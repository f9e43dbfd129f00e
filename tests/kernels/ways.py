"""A fixture that runs every test of a module twice: with numpy's kernels, and with compiled loops."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from engine.kernels import compilation


@pytest.fixture(autouse=True, scope="module", params=["never", "always"])
def kernels(request: pytest.FixtureRequest) -> Iterator[str]:
    """Which kernels work: ``never`` and ``always`` speak of compiled ones."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compilation, "wish", request.param)
        if request.param == "always" and compilation.compiled("hashing", 0) is None:
            pytest.skip("numba is not installed")
        yield request.param
