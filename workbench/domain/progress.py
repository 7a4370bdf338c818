"""How long work tells how far it is."""

from __future__ import annotations

from collections.abc import Callable

ReportProgress = Callable[[float, str], bool]
"""Takes the fraction done, in [0, 1], and what is being done; returns whether to go on."""

OnProgress = Callable[[int, int], None]
"""Takes how many are done, and how many there are."""
