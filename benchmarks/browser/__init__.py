"""What people feel in the browser, measured in a real Chromium and JupyterLab."""
