"""A tracker's definition has a revision, and its edits are kept, so that two who edit it at once hear of each other."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("trackers", sa.Column("revision", sa.Integer, nullable=False, server_default="0"))
    op.create_table(
        "tracker_edits",
        sa.Column("tracker_id", sa.String(32), sa.ForeignKey("trackers.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("revision", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(200), nullable=False),
        sa.Column("changes", sa.JSON, nullable=False),
    )
