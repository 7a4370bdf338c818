"""Kills with SIGKILL at random moments, across everything that writes: what was acknowledged must still be there."""
