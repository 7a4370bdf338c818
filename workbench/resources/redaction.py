"""What every import into a workspace redacts, unless it says otherwise."""

from __future__ import annotations

from sqlalchemy import Engine

from workbench.corpus.redaction.kinds import Redact, redaction_kinds
from workbench.corpus.redaction.libraries import check_libraries
from workbench.domain.errors import WorkspaceDamaged
from workbench.store.settings import SettingRepository

_NAME = "redaction"


def default_redaction(database: Engine) -> tuple[str, ...]:
    """Return the kinds that imports redact by default.

    Raises:
        WorkspaceDamaged: the setting holds something else; nothing is imported rather than unredacted.
    """
    try:
        stored = SettingRepository(database).get(_NAME)
        if stored is None or isinstance(stored, list):
            return redaction_kinds(stored or False)
    except (ValueError, TypeError):  # neither JSON nor kinds
        pass
    raise WorkspaceDamaged(f"settings: {_NAME} contains unknown kinds; set it again, such as ws.redaction = ['card']")


def set_default_redaction(database: Engine, redact: Redact | None) -> None:
    """Set the kinds; raises ``InvalidArgument``, and ``RedactionUnavailable`` without the libraries."""
    kinds = redaction_kinds(redact)
    if kinds:
        check_libraries()
    SettingRepository(database).set(_NAME, list(kinds) or None)
