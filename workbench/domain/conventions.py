"""How a workspace's company counts its days, and which names it takes for one."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from workbench.domain.aliases import NO_ALIASES, AliasTable
from workbench.domain.time_zones import UTC_ZONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Conventions:
    """What a workspace's questions go by.

    Attributes:
        zone: whose clocks tell days, weeks and months apart, and times that say no offset.
        aliases: which spellings of people, teams and accounts are one.
    """

    zone: ZoneInfo = UTC_ZONE
    aliases: AliasTable = NO_ALIASES


DEFAULT = Conventions()
