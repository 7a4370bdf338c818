"""Versions: publish, backfill, compare, export and import."""
