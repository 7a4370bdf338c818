"""Routes a page's requests to the kernel's subshell that answers them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

_ROUTE = "_reply_subshell_for"  # ipykernel's own, from version 7 on


def keep_in_reach(comm: Any) -> None:
    """Have the kernel pass on a page's requests even if the subshell that it has chosen for them has ended.

    ipykernel passes them to the subshell for which the widget last sent something. News of background work may be sent
    for a subshell that ended with its page; then every later request would be refused, without the page knowing. This
    uses the subshell that the request itself names instead.
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
