"""Quality compared with peers: the same oracle, pools, seeds, examples and number of tags for all. See ``__main__``."""
