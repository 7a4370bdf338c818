"""The dashboards by name. Each module has ``build``, a pure function from a workspace and a query to a view."""

from __future__ import annotations

from importlib import import_module
from typing import NamedTuple, cast

from workbench.dashboards.parts import TITLES
from workbench.widgets.dashboard import Build


class DashboardPage(NamedTuple):
    """A dashboard; ``module`` contains its ``build``."""

    title: str
    module: str


PAGES = {name: DashboardPage(title, f"{__name__}.{name}") for name, title in TITLES.items()}


def build(name: str) -> Build:
    """Return the builder of this page; raises ``KeyError`` for an unknown name."""
    return cast(Build, import_module(PAGES[name].module).build)
