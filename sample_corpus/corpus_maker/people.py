"""Draws the accounts with their contacts, and the slots that stay fixed through one call."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime

from . import world
from .grammar import Slot
from .world import Account, Rep


def make_accounts(rng: random.Random) -> list[Account]:
    """All accounts of the world, each with its people, its rivals, its size."""
    return [_account(i, line, rng) for i, line in enumerate(world.ACCOUNTS.splitlines())]


def _account(i: int, line: str, rng: random.Random) -> Account:
    name, city, region, trade = (part.strip() for part in line.split(";"))
    language = world.REGION_LANGUAGE.get(region, "en")
    firsts = rng.sample(world.FIRST[language], 5)
    lasts = rng.sample(world.LAST[language], 5)
    rivals = rng.sample(world.RIVALS, 3)
    products = rng.sample(world.PRODUCTS, 2)
    seats = rng.choice((12, 15, 18, 20, 24, 30, 36, 40, 55))
    sales = reps_of(("Sales North", "Sales South"), language)
    success = reps_of(("Customer Success",), language)
    return Account(
        name,
        city,
        region,
        world.TRADES[trade],
        language,
        tuple(f"{a} {b}" for a, b in zip(firsts, lasts, strict=True)),
        rivals[0],
        rivals[1],
        rivals[2],
        rng.choice(world.LEDGERS),
        rng.choice(world.ROLES),
        products[0],
        products[1],
        seats,
        seats * rng.choice((65, 79, 89, 95)) * 12 // 500 * 500,
        rng.random() < 0.45,
        sales[i % len(sales)],
        success[i % len(success)],
    )


def reps_of(teams: tuple[str, ...], language: str) -> list[Rep]:
    """The people of some teams who speak a language."""
    return [r for r in world.REPS if r.team in teams and language in r.languages]


def _one_of(*options: str) -> Callable[[random.Random], str]:
    return lambda rng: rng.choice(options)


def _number(low: int, high: int, step: int = 1) -> Callable[[random.Random], str]:
    return lambda rng: f"{rng.randrange(low, high + 1, step):,}"


TIMES = {
    "en": (
        "nine",
        "ten",
        "half past ten",
        "eleven",
        "two",
        "half past two",
        "three",
        "quarter past three",
        "four",
    ),
    "es": ("las nueve", "las diez", "las once y media", "las cuatro", "las cinco"),
    "de": ("neun", "zehn", "halb elf", "vierzehn Uhr", "fünfzehn Uhr"),
}


def slots_for(account: Account, rep: Rep, started: datetime, others: list[str], rng: random.Random) -> dict[str, Slot]:
    """The words that one call fills into its skeletons; those that are callable change from use to use."""
    lang = account.language
    trade = account.trade
    months = world.MONTHS[lang]
    ahead = months[(started.month + rng.randrange(2, 5) - 1) % 12]
    colleagues = [r.first for r in world.REPS if r is not rep and r.team != "Support"]
    seat_price = max(29, account.amount // account.seats // 12)
    return {
        "acct": account.name,
        "city": account.city,
        "region": account.region,
        "rep": rep.first,
        "cust": account.contacts[0].split(" ")[0],
        "custfull": account.contacts[0],
        "cust2": account.contacts[1].split(" ")[0],
        "boss": account.boss,
        "colleague": rng.choice(colleagues),
        "colleague2": account.contacts[2].split(" ")[0],
        "comp": account.rival,
        "comp2": account.rival2,
        "comp3": account.rival3,
        "erp": account.ledger,
        "prod": account.product,
        "prod2": account.product2,
        "seats": str(account.seats),
        "seatprice": f"{seat_price} euros",
        "amount": f"{account.amount:,} euros",
        "goods": trade.goods,
        "unit": trade.unit,
        "unit1": trade.unit1,
        "buyers": trade.buyers,
        "buyers1": trade.buyers1,
        "season": trade.season,
        "day": rng.choice(world.DAYS[lang]),
        "time": rng.choice(TIMES[lang]),
        "month": ahead,
        "anyday": _one_of(*world.DAYS[lang]),
        "anymonth": _one_of(*months),
        "n": _number(2, 9),
        "pct": _number(5, 20, 5),
        "weeks": _number(3, 8),
        "big": _number(110, 290, 10),
        "big2": _number(300, 600, 20),
        "inv": str(rng.randrange(20000, 79999)),
        "ticket": str(rng.randrange(100000, 999999)),
        "otheracct": rng.choice(others),
        "vp": _one_of("head of service", "managing director", "vice president"),
    }
