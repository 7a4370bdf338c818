"""Boards, playbooks, and what people say was found wrongly."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "definitions",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("body", sa.JSON, nullable=False),
        sa.Column("created", _MOMENT, nullable=False),
        sa.UniqueConstraint("kind", "name", name="uq_definitions_name"),
    )
    owner = sa.ForeignKey("trackers.id", ondelete="CASCADE")
    op.create_table(
        "wrong_hits",
        sa.Column("tracker_id", sa.String(32), owner, primary_key=True),
        sa.Column("sentence_id", sa.String(400), primary_key=True),
        sa.Column("by", sa.String(200), primary_key=True),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("version", sa.Integer),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("closed", _MOMENT),
    )
