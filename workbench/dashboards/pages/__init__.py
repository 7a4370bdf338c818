"""The dashboards by name. Each module has ``build``, a pure function from a workspace and a query to a view."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import NamedTuple, cast

from workbench.dashboards.parts import TITLES
from workbench.widgets.protocol import DashboardView
from workbench.workspace.workspace import Workspace

Build = Callable[[Workspace, dict[str, str]], DashboardView]


class Page(NamedTuple):
    """A dashboard; ``module`` is where its ``build`` is."""

    title: str
    module: str


PAGES = {name: Page(title, f"{__name__}.{name}") for name, title in TITLES.items()}


def build(name: str) -> Build:
    """The builder of this page; raises ``KeyError`` where there is none of the name."""
    return cast(Build, import_module(PAGES[name].module).build)
