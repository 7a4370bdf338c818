"""Tokens for programs that call the REST API."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_STANDING = sa.text("revoked IS NULL")


def upgrade() -> None:
    op.create_table(
        "api_tokens",
        sa.Column("id", sa.String(16), primary_key=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("rights", sa.String(10), nullable=False),
        sa.Column("created", _MOMENT, nullable=False),
        sa.Column("expires", _MOMENT),
        sa.Column("revoked", _MOMENT),
        sa.Column("last_used", _MOMENT),
    )
    op.create_index(
        "uq_api_tokens_standing",
        "api_tokens",
        ["name"],
        unique=True,
        sqlite_where=_STANDING,
        postgresql_where=_STANDING,
    )
