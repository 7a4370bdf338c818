"""Files that pages load: Voilà's, JupyterLab's and this package's."""

from __future__ import annotations

from posixpath import normpath

from jupyter_server.base.handlers import FileFindHandler
from jupyterlab_server.themes_handler import ThemesHandler
from tornado import web
from voila.static_file_handler import MultiStaticFileHandler, TemplateStaticFileHandler

from workbench.server.static import BundleHandler
from workbench.serving.answers import SafeHandler

AN_HOUR = 3600  # seconds


class File(SafeHandler, web.StaticFileHandler):
    """Answers 404 for impossible file names, as for files that do not exist."""

    def parse_url_path(self, url_path: str) -> str:
        if "\0" in url_path or ".." in url_path.replace("\\", "/").split("/"):
            raise web.HTTPError(404)
        return super().parse_url_path(url_path)


class KeptFile(File):
    """Voilà's own files, 5 MB per page, which browsers request once an hour instead of with each page."""

    def set_headers(self) -> None:
        super().set_headers()
        self.set_header("Cache-Control", f"max-age={AN_HOUR}")


class StaticFile(KeptFile, MultiStaticFileHandler):
    """Voilà's scripts."""


class ExtensionFile(KeptFile, FileFindHandler):
    """The scripts of the widgets' manager and of anywidget."""


class ThemeFile(File, ThemesHandler):
    """The style sheets of a theme."""


class TemplateFile(File, TemplateStaticFileHandler):
    """The files of the pages' template."""

    def parse_url_path(self, url_path: str) -> str:
        if not normpath(url_path).startswith("lab/static/"):  # Voilà splits the path without checking it
            raise web.HTTPError(404)
        return super().parse_url_path(url_path)


class Bundle(File, BundleHandler):
    """Scripts of this package."""
