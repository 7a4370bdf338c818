"""Channels that are told of finds in calls that go on."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("channels", sa.Column("live", sa.Boolean, nullable=False, server_default=sa.false()))
