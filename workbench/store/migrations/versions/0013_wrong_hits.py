"""Wrong hits by person: two people of one name have a row each. Until now the name told people apart."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_COLUMNS = ("tracker_id", "sentence_id", "person", "by", "note", "version", "at", "closed")


def upgrade() -> None:
    op.rename_table("wrong_hits", "wrong_hits_by_name")
    op.create_table(
        "wrong_hits",
        sa.Column("tracker_id", sa.String(32), sa.ForeignKey("trackers.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("sentence_id", sa.String(400), primary_key=True),
        sa.Column("person", sa.String(400), primary_key=True),
        sa.Column("by", sa.String(200), nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("version", sa.Integer),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("closed", _MOMENT),
    )
    old, new = (sa.table(name, *map(sa.column, _COLUMNS)) for name in ("wrong_hits_by_name", "wrong_hits"))
    kept = [old.c.by if name == "person" else old.c[name] for name in _COLUMNS]
    op.execute(sa.insert(new).from_select(_COLUMNS, sa.select(*kept)))
    op.drop_table("wrong_hits_by_name")
    op.create_index("ix_wrong_hits_person", "wrong_hits", ["person", "at"])
