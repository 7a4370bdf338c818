"""Who gave each answer; people may answer the same sentence."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("answers", sa.Column("by", sa.String(200), nullable=False, server_default=""))
    op.add_column("answers", sa.Column("settles", sa.Boolean, nullable=False, server_default=sa.false()))
    op.drop_index("uq_answers_standing", "answers")
    standing = sa.text("undone IS NULL")
    op.create_index(
        "uq_answers_of_each",
        "answers",
        ["tracker_id", "sentence_id", "by", "settles"],
        unique=True,
        sqlite_where=standing,
        postgresql_where=standing,
    )
