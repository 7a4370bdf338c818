"""Frozen dataclasses and enums that every layer shares. Imports nothing but the standard library."""
