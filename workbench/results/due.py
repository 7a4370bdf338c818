"""Deliver what is due: alerts are judged first, then e-mails and webhooks go out."""

from __future__ import annotations

from sqlalchemy import Engine

from workbench.corpus.lake import Lake
from workbench.results.alerts import Alerts
from workbench.results.delivery import Delivered, deliver
from workbench.store.outbox import Outbox


def deliver_due(lake: Lake, database: Engine, retry_failed: bool = False) -> Delivered:
    """Check the alerts and send what is due; never raises if something can't be sent.

    Args:
        lake: the calls that alerts count.
        database: the state, with alerts and outbox.
        retry_failed: whether what was given up is tried again, too.
    """
    for alert in Alerts(lake, database).list():
        alert.judge()
    outbox = Outbox(database)
    if retry_failed:
        outbox.revive()
    return deliver(outbox)
