"""Conversation metrics: their values, coaching, trends, and the analyst who explains them."""
