"""Versions of trackers and what they find."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("trackers", sa.Column("active_version", sa.Integer))
    owner = sa.ForeignKey("trackers.id", ondelete="CASCADE")
    op.create_table(
        "publications",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("tracker_id", sa.String(32), owner, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("published", _MOMENT, nullable=False),
        sa.Column("past", sa.String(20)),
        sa.Column("since", _MOMENT),
        sa.Column("definition", sa.JSON, nullable=False),
        sa.Column("threshold", sa.Float, nullable=False),
        sa.Column("estimate", sa.JSON),
        sa.Column("model_hash", sa.String(64), nullable=False),
        sa.Column("encoder", sa.String(200), nullable=False),
        sa.Column("labels_hash", sa.String(64), nullable=False),
        sa.Column("answers", sa.Integer, nullable=False),
        sa.Column("first_upcoming", sa.BigInteger, nullable=False),
        sa.Column("past_left", sa.BigInteger, nullable=False),
        sa.Column("next_upcoming", sa.BigInteger, nullable=False),
        sa.Column("cancelled", sa.Boolean, nullable=False),
        sa.Column("failure", sa.Text),
        sa.Column("last_run", _MOMENT),
        sa.UniqueConstraint("tracker_id", "version", name="uq_publications_version"),
    )
    publication = sa.ForeignKey("publications.id", ondelete="CASCADE")
    op.create_table(
        "detections",
        sa.Column("publication_id", sa.String(32), publication, primary_key=True, nullable=False),
        sa.Column("sentence_id", sa.String(400), primary_key=True),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("score", sa.Float, nullable=False),
    )
    op.create_index("ix_detections_number", "detections", ["publication_id", "number"])
