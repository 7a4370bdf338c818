"""What happens with what trackers find: streams, alerts, and the messages about them."""
