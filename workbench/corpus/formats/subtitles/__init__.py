"""Subtitle files: WebVTT with its makers' variants, SubRip, SubViewer and the older text format of Teams."""
