"""Calls that go on now: turns come in, trackers in use are matched at once, and the end is as any import (K4)."""
