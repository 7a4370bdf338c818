"""A monthly cap on what is sent to this user's endpoint, which only the environment sets.

Balances, prices and caps of a workspace are data: whoever brings the workspace brings them along. This count is kept in
the user's own folder, over all workspaces, at one price: a credit for 1,000 characters.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from filelock import FileLock

from workbench.domain.credits import MILLIONTHS, price_of
from workbench.domain.errors import JudgeUnavailable
from workbench.domain.user_folder import CONFIG, make_user_folder, read_note, write_note

MAX_CREDITS = "WORKBENCH_MAX_CREDITS"  # a calendar month, UTC
NOTE = "spent.json"
_LOCK_S = 10.0


def spend(messages: Sequence[dict[str, str]]) -> None:
    """Count what is about to be sent to the endpoint; does nothing if the environment sets no cap.

    Raises:
        JudgeUnavailable: the cap is too low for it or is not a number, or the count cannot be stored.
    """
    cap = _cap()
    if cap is None:
        return
    amount = price_of(sum(len(one["content"]) for one in messages), MILLIONTHS)
    month = datetime.now(UTC).strftime("%Y-%m")
    try:
        with FileLock(make_user_folder() / f"{NOTE}.lock", timeout=_LOCK_S):
            spent = _spent(month)
            if spent + amount > cap:
                raise JudgeUnavailable(
                    f"the endpoint has had {spent / MILLIONTHS:,.2f} credits' worth of text this month, and "
                    f"{MAX_CREDITS} allows {cap / MILLIONTHS:,.2f}; raise it, or wait for the next month"
                )
            write_note(NOTE, {month: spent + amount})
    except (OSError, RuntimeError) as error:
        raise JudgeUnavailable(
            f"{MAX_CREDITS} is set, but spending cannot be recorded ({error}); set {CONFIG} to a "
            "folder you can write to"
        ) from None


def spent_this_month() -> float:
    """Return the credits that were counted in this calendar month (UTC)."""
    return _spent(datetime.now(UTC).strftime("%Y-%m")) / MILLIONTHS


def cap() -> float | None:
    """Return the cap that the environment sets, in credits. Raises ``JudgeUnavailable`` if it is not a number."""
    found = _cap()
    return None if found is None else found / MILLIONTHS


def _cap() -> int | None:
    given = os.environ.get(MAX_CREDITS, "").strip()
    if not given:
        return None
    try:
        found = round(float(given) * MILLIONTHS)
    except (ValueError, OverflowError):
        found = -1
    if found < 0:
        raise JudgeUnavailable(f"{MAX_CREDITS}: {given[:40]!r} is not a number of credits; give 0 or more")
    return found


def _spent(month: str) -> int:
    found: Any = read_note(NOTE).get(month, 0)
    return found if isinstance(found, int) and not isinstance(found, bool) and found >= 0 else 0
