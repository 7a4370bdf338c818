"""Checks a workspace's files, hashes, counts, vectors and state against each other, and repairs what it can."""
