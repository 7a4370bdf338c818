"""Who says that a tracker found something wrongly, and how the readers' server tells a page's kernel who that is.

A page cannot be asked: it would say what its reader likes. The server knows who has logged in; it writes that into the
metadata of each message that it passes on, in place of whatever the page has put there.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from workbench.domain.annotators import checked_user, user_of
from workbench.domain.errors import WorkbenchError

STAMP = "workbench_reader"  # in a message's metadata
GATED = "WORKBENCH_GATED"  # in the environment of kernels all of whose messages carry the stamp
HUB_USER, HUB_PATH = "JUPYTERHUB_USER", "JUPYTERHUB_SERVICE_PREFIX"  # the path below which a user's server answers
_SHOWN = 4  # digits by which unnamed readers are told apart in lists


class ReporterKind(StrEnum):
    """A reader has a name of their own on the dashboards, a guest shares the server's token; others are authors."""

    AUTHOR = "author"
    READER = "reader"
    GUEST = "guest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reporter:
    """A person by the name that is shown, and by the key that tells apart people of one name."""

    name: str
    key: str
    standing: ReporterKind = ReporterKind.AUTHOR

    def stamp(self) -> dict[str, str]:
        """Plain JSON, which ``stamped`` reads."""
        return {"name": self.name, "key": self.key, "standing": str(self.standing)}


def author(name: str) -> Reporter:
    """Someone who works with Python or the REST API, by name; raises ``InvalidArgument`` for an empty one."""
    known = checked_user(name)
    return Reporter(name=known, key=known)


def reader(name: str, key: str) -> Reporter:
    """Someone who has a token of their own, or is known to JupyterHub."""
    return Reporter(name=name, key=key, standing=ReporterKind.READER)


def hub_reader(name: str) -> Reporter:
    """JupyterHub's user, in a server of their own."""
    known = checked_user(name)
    return reader(known, f"hub:{known}")


def guest(browser: str) -> Reporter:
    """Someone who shares a token with others; ``browser`` is what only their browser knows."""
    shown = hashlib.sha256(browser.encode()).hexdigest()[:_SHOWN]
    return Reporter(name=f"reader {shown}", key=f"guest:{browser}", standing=ReporterKind.GUEST)


def stamped(metadata: Any) -> Reporter:
    """Return who has sent a message, by what the server wrote into its metadata; raises ``WorkbenchError`` without."""
    stamp: Any = metadata.get(STAMP) if isinstance(metadata, Mapping) else None
    try:
        return Reporter(name=stamp["name"], key=stamp["key"], standing=ReporterKind(stamp["standing"]))
    except (KeyError, TypeError, ValueError):
        raise WorkbenchError("This page cannot tell who you are. Reload it, or log in again.") from None


def sender(metadata: Any, reads_only: bool, environment: Mapping[str, str]) -> Reporter:
    """Return who has sent a message to a widget of this process.

    Args:
        metadata: the message's.
        reads_only: whether the page is for people who only read. Others work in a notebook, under their own name.
        environment: the process's.
    """
    if environment.get(GATED):
        return stamped(metadata)
    if not reads_only:
        return author(user_of(environment))
    named = environment.get(HUB_USER, "").strip()
    return hub_reader(named) if named else _GUEST


_GUEST = guest(
    secrets.token_hex(16)
)  # where no server says who it is, each page has a process, and so a name, of its own
