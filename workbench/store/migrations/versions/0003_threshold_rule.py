"""By which rule each tracker says yes."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("trackers", sa.Column("threshold", sa.String(40), nullable=False, server_default="balanced"))
