"""What each round was opened with, so that a session can be replayed."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "openings",
        sa.Column(
            "tracker_id",
            sa.String(32),
            sa.ForeignKey("trackers.id", ondelete="CASCADE"),
            primary_key=True,
            nullable=False,
        ),
        sa.Column("round", sa.Integer, primary_key=True),
        sa.Column("opened", sa.DateTime(timezone=True), nullable=False),
        sa.Column("about", sa.JSON, nullable=False),
    )
