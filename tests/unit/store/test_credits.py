"""The ledger under several who charge at once, and what a failed transaction leaves."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from workbench.domain.credits import MILLIONTHS, Charge, price_of
from workbench.domain.errors import InvalidCredits, OutOfCredits, TrackerNotFound
from workbench.reading.credits import Credits
from workbench.store.credits import CreditRepository, charge
from workbench.store.database import open_database


def charges(*names: str, amount: int = MILLIONTHS) -> list[Charge]:
    return [Charge(name, amount, "t", 1, f"call-{name}", 1_000, "endpoint") for name in names]


@pytest.fixture
def where(tmp_path, state):
    return state or tmp_path / "state.db"


@pytest.fixture
def engine(where):
    return open_database(where)


def charge_and_stop(engine):
    with engine.begin() as connection:
        charge(connection, charges("a"))
        raise RuntimeError("the machine stops")


def test_each_is_charged_once_whoever_charges(engine, where):
    credits = Credits(engine)
    credits.top_up(100)

    def pay(_):
        CreditRepository(open_database(where)).pay(charges("a", "b", "c"))

    with ThreadPoolExecutor(6) as workers:
        list(workers.map(pay, range(12)))
    assert credits.balance == 97
    assert credits.spent() == 3
    assert list(credits.entries()["amount"]) == [100, -1, -1, -1]


def test_those_who_charge_at_once_do_not_overdraw(engine, where):
    credits = Credits(engine)
    credits.top_up(5)

    def pay(name):
        try:
            CreditRepository(open_database(where)).pay(charges(f"{name}a", f"{name}b"))
        except OutOfCredits:
            return 0
        return 2

    with ThreadPoolExecutor(6) as workers:
        paid = sum(workers.map(pay, "123456"))
    assert paid == 4
    assert credits.balance == 1


def test_a_transaction_that_fails_charges_nothing(engine):
    credits = Credits(engine)
    credits.top_up(2)
    with pytest.raises(RuntimeError, match="stops"):
        charge_and_stop(engine)
    with pytest.raises(OutOfCredits, match="top_up"):
        credits.pay(charges("a", "b", "c"))
    assert credits.balance == 2
    assert credits.spent() == 0
    credits.pay(charges("a", "b"))
    credits.pay(charges("a", "b"))
    assert credits.balance == 0


def test_how_far_they_reach(engine):
    credits = Credits(engine)
    assert credits.reach(charges("a"), "t") == (0, "out of credits")
    assert credits.reach(charges("a", amount=0), "t") == (1, "")
    credits.top_up(3)
    assert credits.reach(charges(*"abcd"), "t") == (3, "out of credits")
    credits.pay(charges("a"))
    assert credits.reach(charges(*"abcd"), "t") == (3, "out of credits")
    credits.cap(2)
    assert credits.reach(charges(*"abc"), "t") == (2, "monthly cap reached")
    assert credits.caps == {"month": 2}
    credits.cap(None)
    assert credits.caps == {}


@pytest.mark.parametrize("amount", [0, -1, float("nan"), float("inf"), "much", None, True, 1e18])
def test_amounts_that_cannot_be(engine, amount):
    with pytest.raises(InvalidCredits, match="amount"):
        Credits(engine).top_up(amount)


def test_prices_and_caps_are_checked(engine):
    credits = Credits(engine)
    assert credits.prices == {"local": 0, "endpoint": 1, "cross-encoder": 0}
    credits.set_price("endpoint", 0.25)
    assert credits.charge_for(1_001, "endpoint") == 250_250
    assert price_of(1, 1) == 1
    for wrong in (
        lambda: credits.set_price("oracle", 1),
        lambda: credits.set_price("local", -1),
        lambda: credits.cap(-1),
    ):
        with pytest.raises(InvalidCredits):
            wrong()
    with pytest.raises(TrackerNotFound):
        credits.cap(5, tracker="nobody")
