"""Train one tracker: rounds, answers, estimates, advice and replay."""
