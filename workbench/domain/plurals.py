"""A count with its noun, in the singular where it is 1."""

from __future__ import annotations


def plural(count: float, one: str, many: str = "") -> str:
    """Return such as "1 call" or "1,204 calls".

    Args:
        count: how many there are.
        one: what follows a 1, such as "call" or "call is".
        many: what follows any other number; ``one`` with an s where it is left out.
    """
    return f"{count:,.15g} {one if count == 1 else many or f'{one}s'}"
