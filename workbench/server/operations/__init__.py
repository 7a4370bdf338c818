"""What the routes do: each takes a request, asks the workspace and returns a view."""
