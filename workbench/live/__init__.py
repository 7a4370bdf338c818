"""Live calls: turns come in, trackers in use are matched at once, and the call is imported at its end (K4)."""
