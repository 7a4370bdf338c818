"""Which versions read alike, and whose results stand where several have read a conversation."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

# Results of the active version stand first, as they did before; then those of newer versions before older ones.
_ACTIVE_FIRST = """
UPDATE publications SET precedence = 1 +
    (SELECT max(other.version) FROM publications other WHERE other.tracker_id = publications.tracker_id)
WHERE EXISTS (SELECT 1 FROM trackers
    WHERE trackers.id = publications.tracker_id AND trackers.active_version = publications.version)
"""


def upgrade() -> None:
    op.add_column("publications", sa.Column("reading", sa.String(32), nullable=False, server_default=""))
    op.add_column("publications", sa.Column("precedence", sa.Integer, nullable=False, server_default="0"))
    op.execute("UPDATE publications SET reading = id, precedence = version")
    op.execute(_ACTIVE_FIRST)
