"""The workbench's state on disk: trackers, rounds and answers."""
