"""Broken copies of a file: cut off, doubled, shuffled, with wrong types, huge numbers, deep nesting, XML entities.

``of`` gives the same copies for the same seed.
"""

from __future__ import annotations

import copy
import json
import random
import re
from collections.abc import Callable, Iterator
from typing import Any

from tests.support.broken_archives import ARCHIVE, OF_ARCHIVES, one_part_changed

Mutation = Callable[[bytes, random.Random], bytes]
ODD: tuple[Any, ...] = (
    None, True, "", " ", "\0", "x" * 5_000, 0, -1, 1e308, 10**30, -0.0, [], {}, [[]], [{}], [None], {"": None}, "NaN",
    "1e999", "PT1M", "2026-03-02T09:00:00Z", "99:99:99", ["x"] * 50, {"a": {"b": {"c": []}}}, "\ud83d", "<b>x</b>",
    "=1+1", "<" * 5_000, "<p " * 2_000, "&" * 5_000, "9" * 4_000,
)  # fmt: skip
SEPARATORS = (b"\n", b"\r\n", b"\t", b",", b";", b":", b" ")
LARGE = 50_000  # bytes that take long to read
HUGE = (
    b"9" * 400,
    b"9" * 5_000,
    b"1e308",
    b"-1e309",
    b"9007199254740993",
    b"00000000000000000000",
    b"0x7fffffff",
    b"NaN",
)
FORMULAS = (b'=HYPERLINK("http://x.invalid","y")', b"=1+1", b"@SUM(A1:A9)", b"+1-1", b"=cmd|' /C calc'!A0", b"#REF!")
LAUGHS = b"<!DOCTYPE a [<!ENTITY a0 'ha'>%s]>" % b"".join(
    b"<!ENTITY a%d '%s'>" % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 12)
)
OUTSIDE = b"<!DOCTYPE a [<!ENTITY a11 SYSTEM 'file:///etc/passwd'>]>"
_NUMBER = re.compile(rb"\d+(?:\.\d+)?")
_WORD = re.compile(rb"[A-Za-z]{4,}")
_TAG = re.compile(rb"<[a-zA-Z][^<>]*>")


def of(data: bytes, count: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """Give up to so many broken copies of a file's bytes, none of them large, each with the name of what was done."""
    rng = random.Random(seed)
    known = [one for one in for_(data) if one not in OF_ARCHIVES]
    for _ in range(count):
        mutation = rng.choice(known)
        broken = mutation(data, rng)
        if len(broken) <= LARGE:
            yield mutation.__name__, broken


def for_(data: bytes) -> tuple[Mutation, ...]:
    """Return the mutations that make sense for a file."""
    if data.startswith(ARCHIVE):
        return (*OF_BYTES, *(_of_part(one) for one in (*OF_BYTES, entities_put, entities_put)), *OF_ARCHIVES)
    markup = (entities_put, tags_broken) if b"</" in data else ()
    return (*OF_BYTES, *(OF_JSON if data.lstrip()[:1] in (b"{", b"[") else ()), *markup)


def cut_off(data: bytes, rng: random.Random) -> bytes:
    return data[: rng.randrange(len(data) + 1)]


def part_missing(data: bytes, rng: random.Random) -> bytes:
    start = rng.randrange(len(data) + 1)
    return data[:start] + data[start + rng.randrange(1, 200) :]


def part_doubled(data: bytes, rng: random.Random) -> bytes:
    start, length = rng.randrange(len(data) + 1), rng.randrange(1, 400)
    return data[: start + length] + data[start : start + length] * rng.randrange(1, 20) + data[start + length :]


def all_doubled(data: bytes, rng: random.Random) -> bytes:
    return data * rng.choice((2, 30, max(2, 500_000 // max(len(data), 1))))


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
    opening = rng.choice((b"[", b'{"a":', b'{"turns":[', b'{"results":', b"<a>", b"<div>", b"> ", b"("))
    return opening * depth + data[:200]


def sign_repeated(data: bytes, rng: random.Random) -> bytes:
    start = rng.randrange(len(data) + 1)
    sign = rng.choice((data[start : start + 1] or b" ", b"<", b'"', b"\\", b" ", b"\n", b"[", b"&", b":", b"-", b"\0"))
    return data[:start] + sign * rng.choice((3_000, 300_000)) + data[start:]


def numbers_grown(data: bytes, rng: random.Random) -> bytes:
    share, huge = rng.choice((0.02, 0.3, 1.0)), rng.choice(HUGE)
    return _NUMBER.sub(lambda found: huge if rng.random() < share else found[0], data[:50_000])


def formulas_put(data: bytes, rng: random.Random) -> bytes:
    share = rng.choice((0.02, 0.3, 1.0))
    return _WORD.sub(lambda found: rng.choice(FORMULAS) if rng.random() < share else found[0], data)


def entities_put(data: bytes, rng: random.Random) -> bytes:
    """Declare entities that multiply, or that name a file, and use one of them in a text."""
    start = data.find(b"?>") + 2 if data.startswith(b"<?xml") else 0
    told = rng.choice((LAUGHS, OUTSIDE))
    tags = list(_TAG.finditer(data, start))
    at = rng.choice(tags).end() if tags else len(data)
    return data[:start] + told + data[start:at] + b"&a11;" + data[at:]


def tags_broken(data: bytes, rng: random.Random) -> bytes:
    opening = rng.choice((b"<p", b"<a href=", b"<!--", b"<![CDATA[", b"<p class='", b"</", b"<?", b"<p>", b"&#"))
    at = rng.randrange(len(data) + 1)
    return data[:at] + opening * rng.choice((30, 3_000, 50_000)) + data[at:]


def value_changed(data: bytes, rng: random.Random) -> bytes:
    return _changed(data, rng, lambda _: copy.deepcopy(rng.choice(ODD)))


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
    cut_off, part_missing, part_doubled, all_doubled, bytes_changed, lines_shuffled, separators_changed,
    other_encoding, nested_deeply, sign_repeated, numbers_grown, formulas_put,
)  # fmt: skip
OF_JSON: tuple[Mutation, ...] = (
    value_changed, value_changed, value_changed, value_doubled, keys_shuffled, key_missing, key_missing,
)  # fmt: skip


def _of_part(mutation: Mutation) -> Mutation:
    def of_part(data: bytes, rng: random.Random) -> bytes:
        return one_part_changed(data, rng, mutation)

    of_part.__name__ = f"{mutation.__name__} of a part"
    return of_part


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
