"""Simulate training, and compare trackers and models."""
