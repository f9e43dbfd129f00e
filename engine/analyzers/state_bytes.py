"""How encoded states become bytes: as JSON for files, and as JSON with the arrays behind it for the way from a task to the driver.

Neither form can run code. In the JSON an array is an object with the one key ``$array``: its type, its little-endian bytes in
base64 (or only how many stand behind the JSON), and its shape unless it has one dimension. Keys of data that begin with ``$`` get
one more, so no value looks like an array.
"""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

_KEY = "$array"
_HEAD = 8
"""Bytes that say how long the JSON of a packed state is."""


def dumps(state: Any) -> bytes:
    """JSON bytes of an encoded state. Floats keep every bit, NaN and infinities included.

    >>> dumps({"registers": np.array([1, 2], np.uint8)})
    b'{"registers":{"$array":["|u1","AQI="]}}'
    """
    return _json(state, lambda data: base64.b64encode(data).decode("ascii"))[0]


def loads(data: bytes) -> Any:
    """The inverse of :func:`dumps`.

    Raises:
        ValueError: The bytes are no JSON of a state.
    """
    return json.loads(data, object_hook=lambda found: _restored(found, base64.b64decode))


def pack(state: Any) -> bytes:
    """The form that costs less time and room, as arrays do not become text.

    >>> unpack(pack({"count": 2, "items": np.array([0.5])}))
    {'count': 2, 'items': array([0.5])}
    """
    text, arrays = _json(state, len)
    return b"".join([len(text).to_bytes(_HEAD, "little"), text, *arrays])


def unpack(data: bytes) -> Any:
    """The inverse of :func:`pack`."""
    stream = io.BytesIO(data)
    text = stream.read(int.from_bytes(stream.read(_HEAD), "little"))
    # Arrays are met in the order in which they were written, so each is the next in the stream.
    return json.loads(text, object_hook=lambda found: _restored(found, stream.read))


def _json(state: Any, put: Callable[[bytes], Any]) -> tuple[bytes, list[bytes]]:
    """The JSON, and the bytes of the arrays in the order in which it names them; ``put`` gives what it says of each."""
    arrays: list[bytes] = []

    def of_array(value: Any) -> Any:
        if not isinstance(value, np.ndarray):
            raise TypeError(f"state holds plain values, lists, mappings and arrays; found {type(value).__name__}")
        kind = value.dtype.newbyteorder("<")
        arrays.append(value.astype(kind, copy=False).tobytes())  # in C's order, whatever the array's is
        shape = [] if value.ndim == 1 else [list(value.shape)]
        return {_KEY: [kind.str, put(arrays[-1]), *shape]}

    text = json.dumps(state, separators=(",", ":"), default=of_array)
    if text.count('"$') > len(arrays):
        arrays.clear()
        text = json.dumps(_escaped(state), separators=(",", ":"), default=of_array)
    return text.encode(), arrays


def _escaped(value: Any) -> Any:
    if isinstance(value, dict):
        return {f"${key}" if str(key).startswith("$") else key: _escaped(item) for key, item in value.items()}
    return [_escaped(item) for item in value] if isinstance(value, list | tuple) else value


def _restored(found: dict[str, Any], take: Callable[[Any], bytes]) -> dict[str, Any] | npt.NDArray[Any]:
    if len(found) == 1 and _KEY in found:
        kind, place, *shape = found[_KEY]
        array: npt.NDArray[Any] = np.frombuffer(take(place), np.dtype(kind)).copy()
        return array.reshape(shape[0]) if shape else array
    return {key.removeprefix("$"): value for key, value in found.items()}
