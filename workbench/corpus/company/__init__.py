"""Who is the company: what a workspace knows of its own people, and the rules that tell sides by it."""
