"""Checking a workspace: its files, hashes, counts, vectors and state against each other; and repairing what can be."""
