"""What a workspace knows about its own company, stored in its settings."""

from __future__ import annotations

from sqlalchemy import Engine

from workbench.corpus.company.settings import Company, company_of
from workbench.domain.errors import WorkspaceDamaged
from workbench.store.settings import SettingRepository

_NAME = "company"


def stored_company(database: Engine) -> Company:
    """Return what is known of the company.

    Raises:
        WorkspaceDamaged: the setting holds something else.
    """
    stored = SettingRepository(database).get(_NAME)
    if stored is None:
        return Company()
    try:
        return company_of(**stored)
    except (ValueError, TypeError, AttributeError):
        raise WorkspaceDamaged(
            f"settings: {_NAME} cannot be read; remove it with ws.company.clear() and set it again"
        ) from None


def store_company(database: Engine, company: Company) -> None:
    """Store what is known about the company."""
    SettingRepository(database).set(_NAME, None if company.is_empty else company.to_dict())
