"""Copies of a whole workspace in one file: taken while others write, verified before anything is restored."""
