"""The ledger of credits, with prices and caps. A charge is written together with what it pays for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, delete, func, insert, select, update

from workbench.domain.credits import Charge
from workbench.domain.errors import OutOfCredits
from workbench.store.credit_tables import credit_entries, credit_rules
from workbench.store.database import add_where_new
from workbench.store.moments import aware, now
from workbench.store.notices import pause
from workbench.store.tables import trackers
from workbench.store.trackers import shown_name

_BALANCE = "balance"
_AT_ONCE = 500


class CreditRepository:
    """The credits of one workspace; all amounts are millionths. Any number of processes may use it at once."""

    def __init__(self, engine: Engine):
        self._engine = engine

    def balance(self) -> int:
        return self.rules().get(_BALANCE, 0)

    def top_up(self, amount: int, note: str) -> None:
        with self._engine.begin() as connection:
            add_where_new(connection, credit_rules, name=_BALANCE, amount=0)
            mine = credit_rules.c.name == _BALANCE
            connection.execute(update(credit_rules).where(mine).values(amount=credit_rules.c.amount + amount))
            row = {"at": now(), "kind": "top-up", "amount": amount, "about": {"note": note}}
            connection.execute(insert(credit_entries).values(row))

    def rules(self) -> dict[str, int]:
        """Prices and caps by name, and the balance."""
        with self._engine.connect() as connection:
            return {row.name: row.amount for row in connection.execute(select(credit_rules))}

    def set_rule(self, name: str, amount: int | None) -> None:
        """Write a price or a cap; None removes it."""
        with self._engine.begin() as connection:
            connection.execute(delete(credit_rules).where(credit_rules.c.name == name))
            if amount is not None:
                connection.execute(insert(credit_rules).values(name=name, amount=amount))

    def spent(self, since: datetime | None = None, tracker_id: str | None = None) -> int:
        """Return what analyses have cost since then, for all trackers or one."""
        query = select(func.coalesce(func.sum(-credit_entries.c.amount), 0)).where(credit_entries.c.kind == "analysis")
        if since is not None:
            query = query.where(credit_entries.c.at >= since)
        if tracker_id is not None:
            query = query.where(credit_entries.c.tracker_id == tracker_id)
        with self._engine.connect() as connection:
            return int(connection.execute(query).scalar_one())

    def charged(self, keys: Sequence[str]) -> set[str]:
        """Return which of these have already been charged."""
        out: set[str] = set()
        column = credit_entries.c.charge_key
        with self._engine.connect() as connection:
            for start in range(0, len(keys), _AT_ONCE):
                part = list(keys[start : start + _AT_ONCE])
                out |= set(connection.execute(select(column).where(column.in_(part))).scalars())
        return out

    def pay(self, charges: Iterable[Charge]) -> None:
        """Charge at once; see :func:`charge`."""
        with self._engine.begin() as connection:
            charge(connection, charges)

    def entries(self) -> list[dict[str, Any]]:
        """Return the ledger, oldest first, each entry with its tracker's name, even if the tracker was deleted."""
        query = (
            select(credit_entries, trackers.c.name.label("tracker"))
            .join(trackers, trackers.c.id == credit_entries.c.tracker_id, isouter=True)
            .order_by(credit_entries.c.id)
        )
        with self._engine.connect() as connection:
            rows = [dict(row) for row in connection.execute(query).mappings()]
        names = {id_: shown_name(id_, row["tracker"]) for row in rows if row["tracker"] and (id_ := row["tracker_id"])}
        return [row | {"at": aware(row["at"]), "tracker": names.get(row["tracker_id"])} for row in rows]

    def pause(self, tracker_ids: Iterable[str], reason: str) -> None:
        """Pause those of these trackers that are active, and notify of each; their results are kept."""
        with self._engine.begin() as connection:
            for tracker_id in sorted(tracker_ids):  # in one order, so that two at once wait for each other
                pause(connection, tracker_id, reason)


def charge(connection: Connection, charges: Iterable[Charge]) -> None:
    """Deduct charges from the balance, each only once, in the transaction of what they pay for.

    Raises:
        OutOfCredits: the balance is too low; the transaction must not be committed.
    """
    wanted = sorted((one for one in charges if one.amount), key=lambda one: one.key)
    if not wanted:
        return
    mine = credit_rules.c.name == _BALANCE
    connection.execute(update(credit_rules).where(mine).values(amount=credit_rules.c.amount))  # locks the row
    keys = [one.key for one in wanted]
    column = credit_entries.c.charge_key
    known = set(connection.execute(select(column).where(column.in_(keys))).scalars())
    new = [one for one in wanted if one.key not in known]
    if not new:
        return
    total = sum(one.amount for one in new)
    enough = mine & (credit_rules.c.amount >= total)
    if not connection.execute(update(credit_rules).where(enough).values(amount=credit_rules.c.amount - total)).rowcount:
        raise OutOfCredits("Not enough credits; add some with ws.credits.top_up().")
    moment = now()
    connection.execute(insert(credit_entries), [_row(one, moment) for one in new])


def _row(one: Charge, moment: datetime) -> dict[str, Any]:
    return {
        "at": moment,
        "kind": "analysis",
        "amount": -one.amount,
        "tracker_id": one.tracker_id,
        "version": one.version,
        "conversation_id": one.conversation_id,
        "charge_key": one.key,
        "about": {"characters": one.characters, "judge": one.judge, "tokens": list(one.tokens)},
    }
