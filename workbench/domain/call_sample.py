"""A part of the calls, drawn with known probability: by a hash of each call's id, so that there is no list to keep."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

HASHES = 2**64


@dataclass(frozen=True, slots=True, kw_only=True)
class CallSample:
    """Each call is in it with the same chance, half to the power of ``halvings``, whatever other calls there are.

    So a call that comes later enters with that chance, and none that is deleted or corrected moves another one. With
    one more halving it is a part of what it was. Another ``seed`` draws others.
    """

    halvings: int
    seed: int

    @property
    def share(self) -> float:
        """The chance of each call."""
        return 0.5**self.halvings

    @property
    def one_in(self) -> int:
        """The same as one in so many."""
        return int(2**self.halvings)

    @property
    def least_hash_outside(self) -> int:
        """The least hash, of those from 0 below 2**64, of a call that is not in it."""
        return HASHES >> self.halvings

    @property
    def message(self) -> str:
        """In plain words."""
        return (
            f"Training looks at a sample, 1 in {self.one_in:,} of the calls that match, drawn at random, and estimates "
            "speak of them all; once published, the tracker reads every call."
        )

    def to_dict(self) -> dict[str, Any]:
        """Give plain JSON types, from which :meth:`stored` makes it again."""
        return {"halvings": self.halvings, "seed": self.seed}

    @staticmethod
    def stored(data: Mapping[str, Any] | None) -> CallSample | None:
        """Make it again; None where all calls were looked at."""
        return None if data is None else CallSample(halvings=int(data["halvings"]), seed=int(data["seed"]))
