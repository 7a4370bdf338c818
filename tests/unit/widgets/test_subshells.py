"""Whatever a widget sends in the name of a subshell that is gone, its page's next request is answered."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from workbench.widgets.subshells import keep_in_reach


class Comm:
    """As ipykernel's: a request goes where the widget last sent from."""

    def __init__(self, last: str | None, there: list[str]) -> None:
        self._last = last
        manager = SimpleNamespace(list_subshell=lambda: there)
        self.kernel = SimpleNamespace(shell_channel_thread=SimpleNamespace(manager=manager))

    def _reply_subshell_for(self, data: Any, named: str | None) -> str | None:
        return self._last

    def passed_to(self, named: str | None) -> str | None:
        """The subshell that gets a request which names this one."""
        return self._reply_subshell_for({}, named)


@pytest.mark.parametrize("named", [None, "page's"])
@pytest.mark.parametrize(("last", "there"), [(None, []), ("page's", ["page's"]), ("other's", ["other's", "page's"])])
def test_a_subshell_that_is_there_is_kept_to(named: str | None, last: str | None, there: list[str]) -> None:
    comm = Comm(last, there)
    keep_in_reach(comm)
    assert comm.passed_to(named) == last


@pytest.mark.parametrize("named", [None, "page's"])
def test_one_that_is_gone_is_not(named: str | None) -> None:
    comm = Comm("closed page's", ["page's"])
    keep_in_reach(comm)
    assert comm.passed_to(named) == named


@pytest.mark.parametrize("comm", [None, SimpleNamespace()])
def test_a_kernel_without_subshells_is_left_as_it_is(comm: Any) -> None:
    keep_in_reach(comm)
