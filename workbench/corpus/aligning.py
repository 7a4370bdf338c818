"""Which sentences of a conversation remain after it was corrected, and which ones they were before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from difflib import SequenceMatcher

_MOST = 4_000_000  # pairs that are compared; beyond that, sentences are matched by their text alone


def aligned(before: Sequence[int], after: Sequence[int]) -> list[tuple[int, int]]:
    """Pair the sentences that remain, by text and position: indices before and after, each in one pair at most.

    Sentences are given by the keys of their texts, in their order. Those in the longest runs of equal ones belong
    together; each of the others is paired with the next that has its text, as it may have been moved.
    """
    start = _common(before, after)
    end = _common(before[start:][::-1], after[start:][::-1])
    pairs = [(at, at) for at in range(start)]
    pairs += [(len(before) - at, len(after) - at) for at in range(end, 0, -1)]
    old, new = range(start, len(before) - end), range(start, len(after) - end)
    if len(old) * len(new) <= _MOST:
        matcher = SequenceMatcher(None, before[old.start : old.stop], after[new.start : new.stop], autojunk=False)
        for block in matcher.get_matching_blocks():
            pairs += [(start + block.a + at, start + block.b + at) for at in range(block.size)]
    return sorted([*pairs, *_moved(before, after, pairs)])


def _common(one: Sequence[int], other: Sequence[int]) -> int:
    """Count how many leading items are equal."""
    for at, (left, right) in enumerate(zip(one, other, strict=False)):
        if left != right:
            return at
    return min(len(one), len(other))


def _moved(before: Sequence[int], after: Sequence[int], pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    taken, given = {one for one, _ in pairs}, {other for _, other in pairs}
    places: defaultdict[int, list[int]] = defaultdict(list)
    for at in range(len(after) - 1, -1, -1):
        if at not in given:
            places[after[at]].append(at)
    return [(at, places[key].pop()) for at, key in enumerate(before) if at not in taken and places.get(key)]
