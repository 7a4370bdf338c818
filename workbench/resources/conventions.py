"""The time zone and aliases of a workspace, as stored in its database."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from workbench.domain.aliases import NO_ALIASES, AliasTable
from workbench.domain.conventions import DEFAULT, Conventions
from workbench.domain.errors import InvalidArgument, WorkspaceDamaged
from workbench.domain.time_zones import time_zone
from workbench.store.settings import SettingRepository

TIME_ZONE = "time_zone"
ALIASES = "aliases"
_VERSION = "aliases_version"  # so that the aliases, which may be many, are read when they have changed


class KeptConventions:
    """Gives a workspace's conventions as they are now, whichever process has changed them."""

    def __init__(self, database: Engine):
        self._settings = SettingRepository(database)
        self._last: tuple[dict[str, Any], Conventions] = {}, DEFAULT

    def __call__(self) -> Conventions:
        """Return them.

        Raises:
            WorkspaceDamaged: a setting holds something else, or a zone that this computer does not know.
        """
        stored = self._settings.several((TIME_ZONE, _VERSION))
        read, found = self._last
        if stored != read:
            same = stored.get(_VERSION) == read.get(_VERSION)
            aliases = found.aliases if same else _aliases(self._settings.get(ALIASES))
            found = Conventions(zone=_zone(stored.get(TIME_ZONE, DEFAULT.zone.key)), aliases=aliases)
            self._last = stored, found
        return found


def set_time_zone(database: Engine, name: str | None) -> None:
    """Set the zone by its IANA name, None for UTC; raises ``InvalidArgument``."""
    zone = DEFAULT.zone if name is None else time_zone(name)
    SettingRepository(database).set(TIME_ZONE, None if zone == DEFAULT.zone else zone.key)


def change_aliases(database: Engine, change: Callable[[AliasTable], AliasTable]) -> AliasTable:
    """Change the aliases as they are now; what another process changes meanwhile is kept. Raises what ``change`` does.

    Raises:
        WorkspaceDamaged: they cannot be read.
    """
    made: list[AliasTable] = []

    def changed(stored: Any) -> dict[str, Any]:
        made.append(change(_aliases(stored)))
        return {ALIASES: made[-1].to_dict(), _VERSION: uuid4().hex}

    SettingRepository(database).change(ALIASES, changed)
    return made[-1]


def _zone(name: Any) -> ZoneInfo:
    try:
        return time_zone(name)
    except InvalidArgument:
        raise WorkspaceDamaged(
            f"settings: the time zone {str(name)[:60]!r} is unknown on this computer; update its package "
            "tzdata, or set another zone, such as ws.time_zone = 'Europe/Berlin'"
        ) from None


def _aliases(stored: Any) -> AliasTable:
    try:
        return NO_ALIASES if stored is None else AliasTable.from_dict(stored)
    except (ValueError, TypeError):
        raise WorkspaceDamaged("settings: the aliases cannot be read; restore a backup of the workspace") from None
