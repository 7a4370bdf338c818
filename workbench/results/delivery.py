"""Delivers what waits in the outbox: each message at least once to each channel, under one id.

A delivery is marked as sent after the receiver's OK. Who dies in between leaves it to be sent again, once the time
for which it was claimed is over; receivers drop an id that they have had.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from workbench.domain.rules import MAX_REASON
from workbench.domain.streams import ChannelKind, Message, MessageChannel
from workbench.results import mail, webhooks
from workbench.results.failures import DeliveryRefused, NoServer, NotSetUp, Unreached
from workbench.store.moments import now
from workbench.store.outbox import Delivery, Outbox
from workbench.store.trust import NOT_TRUSTED, is_trusted

TRIES = 8
FIRST_WAIT_S, MOST_WAIT_S = 30.0, 12 * 3600.0
CLAIM = timedelta(minutes=5)  # longer than any try takes
Send = Callable[[Message, MessageChannel], None]
SENDERS: Mapping[ChannelKind, Send] = {ChannelKind.EMAIL: mail.send, ChannelKind.WEBHOOK: webhooks.send}


@dataclass(frozen=True, slots=True)
class Delivered:
    """The outcome; ``reasons`` says why something waits or failed, each reason once."""

    sent: int = 0
    waiting: int = 0
    failed: int = 0
    reasons: tuple[str, ...] = ()

    def __str__(self) -> str:
        counts = f"{self.sent} sent, {self.waiting} waiting, {self.failed} failed"
        return "\n".join([counts, *self.reasons])


class _Outcome(NamedTuple):
    state: str
    reason: str = ""
    whole_kind: bool = False  # whether what stopped it stops all of its kind


def deliver(
    outbox: Outbox,
    senders: Mapping[ChannelKind, Send] = SENDERS,
    clock: Callable[[], datetime] = now,
    chance: Callable[[], float] = random.random,
) -> Delivered:
    """Try everything that is due once. A channel that fails is skipped for the rest of the run.

    ``chance`` gives numbers in [0, 1), which spread the next tries. Nothing is tried, and all of it waits, where nobody
    has agreed to what the workspace sends.
    """
    counts, reasons, down = {"sent": 0, "waiting": 0, "failed": 0}, dict[str, None](), set[str]()
    due = outbox.due(clock())
    if due and not is_trusted(outbox.engine):
        for one in due:
            outbox.later(one, one.due, NOT_TRUSTED, tries=one.tries)
        return Delivered(waiting=len(due), reasons=(NOT_TRUSTED,))
    for one in due:
        if down & {one.channel_id, one.kind}:
            counts["waiting"] += 1
            continue
        outcome = _try(outbox, one, senders, clock, chance)
        if outcome is None:
            continue
        counts[outcome.state] += 1
        if outcome.reason:
            down.add(one.kind if outcome.whole_kind else one.channel_id)
            reasons[outcome.reason] = None
    return Delivered(**counts, reasons=tuple(reasons))


def wait_s(tries: int, chance: float) -> float:
    """Return how long to wait after so many tries: four times longer each time, by half up or down at random."""
    whole: float = min(MOST_WAIT_S, FIRST_WAIT_S * 4.0 ** (tries - 1))
    return whole * (0.5 + chance)


def _try(
    outbox: Outbox,
    one: Delivery,
    senders: Mapping[ChannelKind, Send],
    clock: Callable[[], datetime],
    chance: Callable[[], float],
) -> _Outcome | None:
    """Return None if another process is delivering it."""
    claimed = outbox.claim(one, clock() + CLAIM)
    if claimed is None:
        return None
    tries = one.tries + 1
    try:
        if tries > TRIES:  # each of them was cut off
            raise DeliveryRefused("gave up: every attempt was interrupted")
        senders[ChannelKind(one.kind)](*claimed)
    except NotSetUp as error:
        outbox.later(one, one.due, str(error), tries=one.tries)
        return _Outcome("waiting", str(error), whole_kind=True)
    except Exception as error:  # noqa: BLE001, whatever it is, the other messages go out, and it stays to be read
        known = isinstance(error, (DeliveryRefused, Unreached))
        reason = (str(error) if known else f"{type(error).__name__}: {error}")[:MAX_REASON]
        if isinstance(error, DeliveryRefused) or tries >= TRIES:
            outbox.failed(one, reason)
            return _Outcome("failed", reason)
        outbox.later(one, clock() + timedelta(seconds=wait_s(tries, chance())), reason)
        return _Outcome("waiting", reason, isinstance(error, NoServer))
    outbox.sent(one)
    return _Outcome("sent")
