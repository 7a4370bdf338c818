"""What runs in a peer's own environment: the standard library, NumPy and the peer are all that is imported."""
