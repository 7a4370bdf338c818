"""The front door: what a user's code calls."""
