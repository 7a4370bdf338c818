"""Cuts sentences that are too long, at the best place: after a clause, else between words, else between letters."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import accumulate

import regex

from workbench.corpus.word_pieces import Meter, fits, load_of, share, stands_alone

# A letter with its combining marks is one cluster, and so are a flag, a family, and a surrogate pair.
_CLUSTER = regex.compile(r"[\ud800-\udbff][\udc00-\udfff]|\X")

_CLOSING = "\"'”’»)]}」』）】〉》"
_CLAUSE = ",;:–—…"  # where white space follows
_WIDE_CLAUSE = "、，､；：。！？…｡،؛؟۔।॥၊။៖។៕፣፤፥።"  # anywhere
# What begins a Thai or Lao syllable, and what continues one; and what cannot begin or end a line in Japanese.
_HOLDS_NEXT = "เแโใไເແໂໃໄ「『（【〈《"
_HOLDS_BEFORE = "ะาำๅๆฯະາຳໆーぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ々、。，．！？」』）】〉》"
_HELD, _LETTERS, _SIGNS, _WORDS, _CLAUSES = range(5)  # what a cut divides, the worst first


def cut(text: str, start: int, end: int, words: bool = True) -> Iterator[tuple[int, int]]:
    """Yield the parts of ``text[start:end]``, each short enough, and of similar length.

    White space belongs to the part before it. A cluster of characters is divided only if it is more than an encoder
    reads.

    Args:
        text: a turn.
        start: where a sentence begins.
        end: where it ends.
        words: whether to limit the number of words, too, and not only what an encoder reads.
    """
    if fits(text[start:end], words):
        yield start, end
        return
    long = _Long(text, start, end, words)
    first = 0
    while (upto := long.next_cut(first)) < long.last:
        yield long.places[first], long.places[upto]
        first = upto
    yield long.places[first], end


def is_in_cluster(text: str, at: int) -> bool:
    """Return whether a position divides a letter from its marks; the letter itself is one character."""
    if not 0 < at < len(text) or text[at].isascii() or _is_space(text[at - 1]):
        return False
    found = _CLUSTER.match(text, at - 1)
    return found is not None and found.end() > at


def cluster_start(text: str, at: int) -> int:
    """Return the last position up to ``at`` that divides no cluster, among the last thousand characters."""
    first = max(0, at - 1_000)
    return max((found.start() for found in _CLUSTER.finditer(text, first, at + 100) if found.start() <= at), default=at)


class _Long:
    """A long sentence in clusters of characters: ``places`` are where they begin, and the end."""

    def __init__(self, text: str, start: int, end: int, words: bool):
        self._text, self._words = text, words
        self.places = [*_starts(text, start, end), end]
        self.last = len(self.places) - 1
        meter, runs = Meter(words), []
        self._said = [(0, 0)]
        for at in range(self.last):
            self._add(meter, at)
            runs.append(meter.run)
            self._said.append((meter.said, meter.pieces))
        self._runs = [*accumulate(reversed(runs), max)][::-1]  # the longest from here on

    def next_cut(self, first: int) -> int:
        """Return where the next part ends that begins with this cluster."""
        meter = Meter(self._words)
        loads: list[float] = []
        for at in range(first, self.last):
            self._add(meter, at)
            if meter.load > 1:
                break
            loads.append(meter.load)
        else:
            return self.last
        left = self._left(first)
        ideal = left / max(2, math.ceil(left))
        found = [
            (self._kind(at), -abs(load - ideal), at)
            for at, load in enumerate(loads, start=first + 1)
            if load >= ideal / 2 and left - load >= ideal / 2
        ]
        return max(found)[2] if found else first + max(1, len(loads))

    def _left(self, first: int) -> float:
        (said, pieces), (all_said, all_pieces) = self._said[first], self._said[-1]
        return share(all_said - said, all_pieces - pieces, self._runs[first], self._words)

    def _add(self, meter: Meter, at: int) -> None:
        for sign in self._text[self.places[at] : self.places[at + 1]]:
            meter.add(sign)

    def _kind(self, at: int) -> int:
        """Return what is divided by a cut before this cluster."""
        place = self.places[at]
        before, after = self._text[place - 1], self._text[place]
        spaced = _is_space(before)
        if _is_space(after):
            return _HELD  # white space stays with what is before it
        said = self._text[max(0, place - 20) : place].replace("\0", " ").rstrip().rstrip(_CLOSING)
        if said and (said[-1] in _WIDE_CLAUSE or (spaced and said[-1] in _CLAUSE)) and after not in _CLOSING:
            return _CLAUSES
        if spaced:
            return _WORDS
        if before in _HOLDS_NEXT or after in _HOLDS_BEFORE:
            return _HELD
        return _SIGNS if stands_alone(before) != stands_alone(after) else _LETTERS


def _starts(text: str, start: int, end: int) -> Iterator[int]:
    for found in _CLUSTER.finditer(text, start, end):
        if len(found[0]) > 1 and load_of(found[0]) > 1:
            yield from range(*found.span())
        else:
            yield found.start()


def _is_space(sign: str) -> bool:
    return sign.isspace() or sign == "\0"
