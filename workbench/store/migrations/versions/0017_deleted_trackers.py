"""When a tracker was deleted is kept; one deleted forever leaves its name, for whatever still uses it."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("trackers", sa.Column("deleted", sa.DateTime(timezone=True)))
    op.add_column("trackers", sa.Column("erased", sa.Boolean, nullable=False, server_default=sa.false()))
