"""What becomes of what trackers find: streams, alerts, and the messages that tell of them."""
