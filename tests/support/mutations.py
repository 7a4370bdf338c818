"""Broken copies of a file: cut off, doubled, shuffled, with wrong types, huge numbers and deep nesting.

``of`` gives the same copies for the same seed.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from typing import Any

Mutation = Callable[[bytes, random.Random], bytes]
ODD: tuple[Any, ...] = (
    None, True, "", " ", "\0", "x" * 5_000, 0, -1, 1e308, 10**30, -0.0, [], {}, [[]], [{}], [None], {"": None}, "NaN",
    "1e999", "PT1M", "2026-03-02T09:00:00Z", "99:99:99", ["x"] * 50, {"a": {"b": {"c": []}}}, "\ud83d", "<b>x</b>",
)  # fmt: skip
SEPARATORS = (b"\n", b"\r\n", b"\t", b",", b";", b":", b" ")


def of(data: bytes, count: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """Give so many broken copies of a file's bytes, each with the name of what was done."""
    rng = random.Random(seed)
    known = (*OF_BYTES, *(OF_JSON if data.lstrip()[:1] in (b"{", b"[") else ()))
    for _ in range(count):
        mutation = rng.choice(known)
        yield mutation.__name__, mutation(data, rng)


def cut_off(data: bytes, rng: random.Random) -> bytes:
    return data[: rng.randrange(len(data) + 1)]


def part_missing(data: bytes, rng: random.Random) -> bytes:
    start = rng.randrange(len(data) + 1)
    return data[:start] + data[start + rng.randrange(1, 200) :]


def part_doubled(data: bytes, rng: random.Random) -> bytes:
    start, length = rng.randrange(len(data) + 1), rng.randrange(1, 400)
    return data[: start + length] + data[start : start + length] * rng.randrange(1, 20) + data[start + length :]


def bytes_changed(data: bytes, rng: random.Random) -> bytes:
    out = bytearray(data)
    for _ in range(rng.randrange(1, 20)):
        if out:
            out[rng.randrange(len(out))] = rng.randrange(256)
    return bytes(out)


def lines_shuffled(data: bytes, rng: random.Random) -> bytes:
    lines = data.split(b"\n")
    rng.shuffle(lines)
    return b"\n".join(lines)


def separators_changed(data: bytes, rng: random.Random) -> bytes:
    return data.replace(rng.choice(SEPARATORS), rng.choice(SEPARATORS))


def other_encoding(data: bytes, rng: random.Random) -> bytes:
    return data.decode("utf-8", "replace").encode(rng.choice(("utf-16", "utf-32", "utf-16-le", "cp1252")), "replace")


def nested_deeply(data: bytes, rng: random.Random) -> bytes:
    depth = rng.choice((50, 900, 100_000))
    opening = rng.choice((b"[", b'{"a":', b'{"turns":[', b'{"results":'))
    return opening * depth + data[:200]


def value_changed(data: bytes, rng: random.Random) -> bytes:
    return _changed(data, rng, lambda _: rng.choice(ODD))


def value_doubled(data: bytes, rng: random.Random) -> bytes:
    return _changed(data, rng, lambda value: [value] * 3 if not isinstance(value, list) else value * 30)


def keys_shuffled(data: bytes, rng: random.Random) -> bytes:
    return _changed(data, rng, lambda value: _shuffled(value, rng), objects_only=True)


def key_missing(data: bytes, rng: random.Random) -> bytes:
    def without(value: dict[str, Any]) -> dict[str, Any]:
        gone = rng.choice(list(value)) if value else ""
        return {key: one for key, one in value.items() if key != gone}

    return _changed(data, rng, without, objects_only=True)


OF_BYTES: tuple[Mutation, ...] = (
    cut_off, part_missing, part_doubled, bytes_changed, lines_shuffled, separators_changed, other_encoding,
    nested_deeply,
)  # fmt: skip
OF_JSON: tuple[Mutation, ...] = (value_changed, value_changed, value_doubled, keys_shuffled, key_missing, key_missing)


def _shuffled(value: dict[str, Any], rng: random.Random) -> dict[str, Any]:
    keys = list(value)
    rng.shuffle(keys)
    return {key: value[key] for key in keys}


def _changed(data: bytes, rng: random.Random, change: Callable[[Any], Any], objects_only: bool = False) -> bytes:
    """Change one to three of the values, wherever they stand; what isn't JSON is cut instead."""
    try:
        document = json.loads(data)
    except ValueError:
        return cut_off(data, rng)
    for _ in range(rng.randrange(1, 4)):
        places = list(_places(document, objects_only))
        if not places:
            break
        holder, key = rng.choice(places)
        holder[key] = change(holder[key])
    return json.dumps(document).encode()


def _places(document: Any, objects_only: bool) -> Iterator[tuple[Any, Any]]:
    waiting = [document]
    while waiting:
        holder = waiting.pop()
        pairs = holder.items() if isinstance(holder, dict) else enumerate(holder) if isinstance(holder, list) else ()
        for key, value in pairs:
            if not objects_only or isinstance(value, dict):
                yield holder, key
            if isinstance(value, dict | list):
                waiting.append(value)
