"""Conversations that changed after a version had read them, and answered sentences that are gone."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rereads",
        sa.Column(
            "publication_id", sa.String(32), sa.ForeignKey("publications.id", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
    )
    op.create_table(
        "past_texts",
        sa.Column("sentence_id", sa.String(500), primary_key=True),
        sa.Column("before", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
    )
