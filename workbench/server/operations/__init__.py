"""What the routes do: each takes a request, asks the workspace, and gives a view."""
