"""What all tables of the state belong to."""

from __future__ import annotations

from sqlalchemy import (
    MetaData,
)

metadata = MetaData()
