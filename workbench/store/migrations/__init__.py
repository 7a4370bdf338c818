"""Migrations of the state, by alembic."""
