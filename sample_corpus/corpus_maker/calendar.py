"""Plans who has which call when: deals move through stages, customers have check-ins and renewals."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from . import people, world
from .world import Account, Rep

FIRST_DAY = datetime(2025, 9, 1, tzinfo=UTC)
LAST_DAY = datetime(2026, 10, 31, tzinfo=UTC)
WANTED = {"en": 640, "es": 24, "de": 22, "internal": 54}  # calls by language, and internal ones


@dataclass
class Deal:
    """One deal; its outcome is the one known at the end of the period."""

    id: str
    account: Account
    amount: int
    outcome: str = "open"


@dataclass(frozen=True)
class Event:
    """One call to be made."""

    started: datetime
    kind: str
    rep: Rep
    account: Account | None = None
    deal: Deal | None = None


def month_of(when: datetime) -> int:
    """Months since the first: 0 to 13."""
    return (when.year - FIRST_DAY.year) * 12 + when.month - FIRST_DAY.month


def office_hour(day: datetime, rng: random.Random) -> datetime:
    """A moment in office hours on that day, or on the next weekday."""
    while day.weekday() > 4:
        day += timedelta(days=1)
    return day.replace(hour=rng.randrange(7, 17), minute=rng.choice((0, 0, 5, 15, 30, 30, 45)), second=0)


def plan(accounts: list[Account], rng: random.Random) -> list[Event]:
    """All calls of the period, by time."""
    events: list[Event] = []
    for number, account in enumerate(accounts):
        events += _account_events(number, account, rng)
    events += _internal_events(rng)
    kept = [e for e in events if FIRST_DAY <= e.started < LAST_DAY]
    return sorted(_recorded(kept, rng), key=lambda e: e.started)


def _recorded(events: list[Event], rng: random.Random) -> list[Event]:
    """Not every conversation is in the records: draw as many as the corpus wants of each kind."""
    groups: dict[str, list[Event]] = {name: [] for name in WANTED}
    for event in events:
        language = event.account.language if event.account else "internal"
        groups[language if language in WANTED else "en"].append(event)
    return [e for name, group in groups.items() for e in rng.sample(group, min(WANTED[name], len(group)))]


def _account_events(number: int, account: Account, rng: random.Random) -> list[Event]:
    scale = 1.0 if account.language == "en" else 0.55
    if account.customer_since_start:
        events = _customer(account, FIRST_DAY, rng, scale)
        deal = Deal(f"D-{number:03d}-2", account, account.amount // 3 // 100 * 100)
        return events + _deal(deal, FIRST_DAY + timedelta(days=rng.randrange(60, 330)), rng, scale * 0.6)
    deal = Deal(f"D-{number:03d}-1", account, account.amount)
    begin = FIRST_DAY + timedelta(days=rng.randrange(0, 300))
    events = _deal(deal, begin, rng, scale)
    if deal.outcome == "won":
        events += _customer(account, events[-1].started + timedelta(days=5), rng, scale, fresh=True)
    elif deal.outcome == "lost":
        again = Deal(f"D-{number:03d}-3", account, account.amount * 4 // 5 // 100 * 100)
        events += _deal(again, events[-1].started + timedelta(days=rng.randrange(60, 120)), rng, scale)
    return events


def _deal(deal: Deal, begin: datetime, rng: random.Random, scale: float) -> list[Event]:
    """The calls of a deal, two or three weeks apart, until it is won, lost or the period ends."""
    lost_at = rng.choice((3, 4, 4, 5)) if rng.random() < 0.4 else None
    events, day = [], begin
    for i, stage in enumerate(world.STAGES):
        calls = rng.choice((1, 2, 2, 3) if stage in ("Discovery", "Demo", "Negotiation") else (1, 1, 2))
        for _ in range(max(1, round(calls * scale))):
            events.append(Event(office_hour(day, rng), stage, deal.account.sales_rep, deal.account, deal))
            day += timedelta(days=rng.randrange(6, 22))
        if i == lost_at:
            deal.outcome = "lost"
            break
    else:
        deal.outcome = "won"
    if day > LAST_DAY:
        deal.outcome = "open"
    return events


def _customer(
    account: Account, begin: datetime, rng: random.Random, scale: float, *, fresh: bool = False
) -> list[Event]:
    """Onboarding, check-ins, one renewal, support calls."""
    events: list[Event] = []
    helpers = people.reps_of(("Support",), account.language)

    def every(low: int, high: int, start: datetime, kind: str, reps: list[Rep]) -> None:
        day = start + timedelta(days=rng.randrange(5, high))
        while day < LAST_DAY:
            events.append(Event(office_hour(day, rng), kind, rng.choice(reps), account))
            day += timedelta(days=round(rng.randrange(low, high) / scale))

    success = [account.success_rep]
    if fresh:
        for week in range(1, 3):
            day = begin + timedelta(days=9 * week)
            events.append(Event(office_hour(day, rng), "onboarding", account.success_rep, account))
    every(55, 95, begin, "checkin", success)
    every(25, 60, begin, "support", helpers)
    if not fresh:
        day = begin + timedelta(days=rng.randrange(90, 400))
        renewal = Deal(f"R-{account.seats}{account.amount // 500}", account, account.amount)
        renewal.outcome = rng.choice(("won", "won", "won", "lost"))
        for _ in range(2):
            events.append(Event(office_hour(day, rng), "renewal", account.success_rep, account, renewal))
            day += timedelta(days=rng.randrange(7, 20))
    return events


def _internal_events(rng: random.Random) -> list[Event]:
    """Each team meets about once a fortnight, some of it recorded."""
    events, day = [], FIRST_DAY + timedelta(days=2)
    teams = ("Sales North", "Sales South", "Customer Success", "Support")
    i = 0
    while day < LAST_DAY:
        team = teams[i % len(teams)]
        events.append(Event(office_hour(day, rng), "internal", people.reps_of((team,), "en")[0]))
        day += timedelta(days=rng.randrange(3, 9))
        i += 1
    return events
