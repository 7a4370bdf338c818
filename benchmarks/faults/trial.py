"""One kind of work that is killed again and again."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import workbench as wb
from benchmarks.faults.killing import Ack
from workbench.engine.encoders import HashingEncoder
from workbench.workspace.workspace import Workspace

ANY = wb.Filters(scope="any")


WORD = "price"


@dataclass
class Trial:
    """Work on the workspace in ``folder``, whose state is at ``state``, or in the folder where that is None.

    Everything but ``acknowledged`` stays in the children; ``run`` counts the kills.
    """

    folder: Path
    state: str | None
    acknowledged: list[str] = field(default_factory=list)

    def open(self, **more: Any) -> Workspace:
        return Workspace(self.folder / "w", HashingEncoder(), state=self.state, user="ann", **more)

    def prepare(self) -> None:
        """Make the workspace."""

    def work(self, run: int, ack: Ack) -> None:
        """Say ``ready``, write, and acknowledge what was written."""
        raise NotImplementedError

    def check(self, run: int) -> None:
        """Open the workspace and raise ``AssertionError`` if something is lost or duplicated."""
        raise NotImplementedError
