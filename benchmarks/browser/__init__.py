"""Responsiveness in the browser, measured in a real Chromium and JupyterLab."""
