"""Classes of texts by the loop and by the expressions."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from engine.columns.data_types import text_classes
from engine.kernels import compilation

texts = (
    st.text(st.sampled_from("+- .0179eEx\n\uff11"), max_size=8)
    | st.text(st.sampled_from("./0123456789:"), min_size=7, max_size=20)
    | st.sampled_from(["true", "false", "True", "false "])
    | st.text()
)


def classes(cells: list[str], first: int, wish: str) -> list[int]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compilation, "wish", wish)
        return list(text_classes(pa.array(cells, pa.string())[first:]))


@given(st.lists(texts, max_size=20), st.integers(0, 3))
@example(["1", "-1", "+ 1.5", "1.", ".5", "1e5", "1.5E-3", "1e", "1e+", "1 ", "--1", "tru", "fals"], 0)
def test_loop_and_expressions_agree(cells: list[str], first: int) -> None:
    assert classes(cells, first, "always") == classes(cells, first, "never")
