"""What each estimate rests on, and what a sentence said when it was asked about."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("rounds", sa.Column("basis", sa.JSON))
    op.add_column("asked", sa.Column("text_key", sa.BigInteger))
