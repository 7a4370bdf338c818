"""Credits (Q6): the balance, what analyses cost, and what stops them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

import pandas as pd
from sqlalchemy import Engine

from workbench.domain.credits import (
    MILLIONTHS,
    MONTHLY_CAP,
    OUT_OF_CREDITS,
    TRACKER_CAP,
    Charge,
    price_of,
)
from workbench.domain.errors import InvalidCredits
from workbench.domain.rules import checked, note_rule
from workbench.domain.trackers import TrackerKind, TrackerState
from workbench.store.credits import CreditRepository
from workbench.store.trackers import TrackerRepository
from workbench.trackers.question import CROSS_ENCODER, JUDGES

PRICES = {"local": 0, "endpoint": MILLIONTHS, "cross-encoder": 0}
MOST = 1_000_000_000
_MONTH = "cap:month"


class Credits:
    """The credits of a workspace. Reading text with a judge that has a price uses some."""

    def __init__(self, database: Engine):
        self._rows = CreditRepository(database)
        self._trackers = TrackerRepository(database)

    def __repr__(self) -> str:
        return f"Credits(balance={self.balance:g})"

    @property
    def balance(self) -> float:
        """The credits that can be spent."""
        return self._rows.balance() / MILLIONTHS

    def top_up(self, amount: float, note: str = "") -> None:
        """Add credits. Trackers that were paused because credits ran out stay paused: publish them again.

        Raises:
            InvalidCredits: the amount is not above 0, or the note is too long.
        """
        self._rows.top_up(_millionths("amount", amount, least=1), checked(note_rule, note, "note", InvalidCredits))

    def entries(self) -> pd.DataFrame:
        """Return the ledger, oldest first.

        Columns: at, kind, amount (below 0 for use), tracker, version, conversation, and about.
        """
        names = ["at", "kind", "amount", "tracker_id", "tracker", "version", "conversation_id"]
        rows = self._rows.entries()
        table = pd.DataFrame([{name: row[name] for name in names} for row in rows], columns=names)
        about = {name: [row["about"].get(name) for row in rows] for name in ("characters", "judge", "note")}
        tokens = [sum(row["about"].get("tokens") or (0,)) for row in rows]
        return table.assign(amount=table["amount"] / MILLIONTHS, **about, tokens=tokens)

    @property
    def prices(self) -> dict[str, float]:
        """Return the credits per 1,000 characters that a judge reads, by judge."""
        return {judge: self._price(judge) / MILLIONTHS for judge in PRICES}

    def set_price(self, judge: str, credits: float) -> None:
        """Set the price of 1,000 characters read by ``local``, ``endpoint`` or ``cross-encoder``.

        Raises:
            InvalidCredits: there is no such judge, or the price is below 0.
        """
        if judge not in PRICES:
            raise InvalidCredits(f"judge: must be one of {', '.join(PRICES)}, not {judge!r}")
        self._rows.set_rule(f"price:{judge}", _millionths("credits", credits))

    def cap(self, credits: float | None, tracker: str | None = None) -> None:
        """Limit what is spent in a calendar month (UTC): in all, or by one tracker; None removes the limit.

        Raises:
            InvalidCredits: the limit is below 0.
            TrackerNotFound: no tracker has this id or name.
        """
        name = _MONTH if tracker is None else f"cap:{self._trackers.get(tracker).id}"
        self._rows.set_rule(name, None if credits is None else _millionths("credits", credits))

    @property
    def caps(self) -> dict[str, float]:
        """Return the monthly limits: ``month`` for all, others by tracker id."""
        rules = self._rows.rules().items()
        return {name.removeprefix("cap:"): amount / MILLIONTHS for name, amount in rules if name.startswith("cap:")}

    def spent(self, tracker: str | None = None) -> float:
        """Return what analyses used in this calendar month (UTC), in all or by one tracker."""
        tracker_id = None if tracker is None else self._trackers.get(tracker).id
        return self._rows.spent(_month(), tracker_id) / MILLIONTHS

    # For what reads calls

    def charge_for(self, characters: int, judge: str) -> int:
        """Return the price of so much text, in millionths of a credit."""
        return price_of(characters, self._price(judge))

    def is_free(self, judge: str) -> bool:
        return not self._price(judge)

    def unpaid(self, charges: Sequence[Charge]) -> list[Charge]:
        """Return the charges that have not been paid yet."""
        known = self._rows.charged([one.key for one in charges])
        return [one for one in charges if one.key not in known]

    def pay(self, charges: Iterable[Charge]) -> None:
        """Pay these charges; raises ``OutOfCredits`` and then charges nothing."""
        self._rows.pay(charges)

    def reach(self, charges: Sequence[Charge], tracker_id: str) -> tuple[int, str]:
        """Return how many of these charges can be paid, in order, and what stops the next one.

        The reason is empty if nothing does.
        """
        unpaid = {one.key for one in self.unpaid(charges)}
        left = self._left(tracker_id)
        for place, one in enumerate(charges):
            amount = one.amount if one.key in unpaid else 0
            for reason, rest in left.items():
                if amount and amount > rest:
                    return place, reason
            left = {reason: rest - amount for reason, rest in left.items()}
        return len(charges), ""

    def pause(self, tracker_id: str, reason: str) -> None:
        """Pause one tracker whose cap is reached; else all active question trackers whose judge has a price."""
        asking = [
            one.id
            for one in self._trackers.list()
            if one.kind is TrackerKind.QUESTION
            and one.state is TrackerState.ACTIVE
            and not self.is_free(judge_name(one.settings))
        ]
        self._rows.pause([tracker_id] if reason == TRACKER_CAP else asking, reason)

    def _left(self, tracker_id: str) -> dict[str, int]:
        rules = self._rows.rules()
        left = {OUT_OF_CREDITS: rules.get("balance", 0)}
        if _MONTH in rules:
            left[MONTHLY_CAP] = rules[_MONTH] - self._rows.spent(_month())
        if f"cap:{tracker_id}" in rules:
            left[TRACKER_CAP] = rules[f"cap:{tracker_id}"] - self._rows.spent(_month(), tracker_id)
        return left

    def _price(self, judge: str) -> int:
        return self._rows.rules().get(f"price:{judge}", PRICES[judge])


def judge_name(settings: dict[str, Any]) -> str:
    """Return what a judge's price is known by."""
    judge = str(settings.get("judge", JUDGES[0]))
    return "cross-encoder" if judge.startswith(CROSS_ENCODER) else judge


def _millionths(name: str, amount: float, least: int = 0) -> int:
    try:
        found = round(float(amount) * MILLIONTHS)
    except (TypeError, ValueError, OverflowError):
        raise InvalidCredits(f"{name}: {amount!r} is not a number of credits") from None
    if isinstance(amount, bool) or not least <= found <= MOST * MILLIONTHS:
        raise InvalidCredits(f"{name}: {amount!r} is not {'above' if least else 'at least'} 0 and at most {MOST:,}")
    return found


def _month() -> datetime:
    moment = datetime.now(UTC)
    return datetime(moment.year, moment.month, 1, tzinfo=UTC)
