"""Who belongs to the company: what a workspace knows about its own people, and the rules that derive sides from it."""
