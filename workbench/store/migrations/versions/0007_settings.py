"""What a tracker of a kind without examples is made of: words, phrases, a question."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("trackers", sa.Column("settings", sa.JSON, nullable=False, server_default="{}"))
