"""The way of a page's requests to the subshell of the kernel that answers them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

_ROUTE = "_reply_subshell_for"  # ipykernel's own, from version 7 on


def keep_in_reach(comm: Any) -> None:
    """Have the kernel pass on a page's requests where the subshell that it has chosen for them is gone.

    ipykernel passes them to the subshell in whose name the widget last sent something. News of work in the background
    can go out in the name of one that ended with its page; every later request would be refused, without the page being
    told. In its place comes the subshell that the request itself names.
    """
    chosen: Callable[[Any, str | None], str | None] | None = getattr(comm, _ROUTE, None)
    if chosen is None:
        return

    def route(data: Any, named: str | None) -> str | None:
        found = chosen(data, named)
        return found if found is None or found in _there_are(comm) else named

    setattr(comm, _ROUTE, route)


def _there_are(comm: Any) -> list[str]:
    found: list[str] = comm.kernel.shell_channel_thread.manager.list_subshell()
    return found
