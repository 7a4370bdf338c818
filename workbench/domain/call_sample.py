"""A part of the calls, drawn with known probability: by a hash of each call's id, so that there is no list to keep."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

HASHES = 2**64


@dataclass(frozen=True, slots=True, kw_only=True)
class CallSample:
    """Every call is included with the same probability, 0.5 to the power of ``halvings``, independently of the others.

    Calls that arrive later are included with that probability too, and deleting or correcting one never affects
    another. One more halving gives a subset. Another ``seed`` draws other calls.
    """

    halvings: int
    seed: int

    @property
    def share(self) -> float:
        """The chance of each call."""
        return 0.5**self.halvings

    @property
    def one_in(self) -> int:
        """How many calls there are for each one in the sample."""
        return int(2**self.halvings)

    @property
    def least_hash_outside(self) -> int:
        """The smallest hash, in 0 ≤ hash < 2**64, of a call outside the sample."""
        return HASHES >> self.halvings

    @property
    def message(self) -> str:
        """What the sample means, in a sentence for people."""
        return (
            f"Training uses a random sample, 1 in {self.one_in:,} of the matching calls; its estimates are for all of "
            "them, and once published the tracker reads every call."
        )

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON types; :meth:`stored` reads them back."""
        return {"halvings": self.halvings, "seed": self.seed}

    @staticmethod
    def stored(data: Mapping[str, Any] | None) -> CallSample | None:
        """Return the sample that :meth:`to_dict` wrote; None if training used all calls."""
        return None if data is None else CallSample(halvings=int(data["halvings"]), seed=int(data["seed"]))


def share_of(sample: CallSample | None) -> float:
    """Return the chance of each call to be looked at; 1 where all are."""
    return 1.0 if sample is None else sample.share
