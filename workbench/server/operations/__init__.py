"""What the routes do: each takes a :class:`~workbench.server.routing.Call`, asks the workspace, and gives a view."""
