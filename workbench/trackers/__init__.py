"""What each kind of tracker consists of, coaching for people who define one, and words and phrases matched."""
