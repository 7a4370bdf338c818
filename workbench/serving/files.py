"""Files that pages load: Voilà's, JupyterLab's and the package's own."""

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
    """What can't be a file's name is not found, like any other that there is not."""

    def parse_url_path(self, url_path: str) -> str:
        if "\0" in url_path or ".." in url_path.replace("\\", "/").split("/"):
            raise web.HTTPError(404)
        return super().parse_url_path(url_path)


class KeptFile(File):
    """Voilà's own files, each page's 5 MB of them, are asked for once an hour, not with each page."""

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
    """What the template of the pages brings along."""

    def parse_url_path(self, url_path: str) -> str:
        if not normpath(url_path).startswith("lab/static/"):  # Voilà takes the path apart without a look at it
            raise web.HTTPError(404)
        return super().parse_url_path(url_path)


class Bundle(File, BundleHandler):
    """The package's own scripts."""
