"""The messages between the widgets' two halves. ``widgets/generate_protocol.py`` writes TypeScript from it.

A request is ``{"id", "kind", …}``; its one reply is ``{"id", "result", "error"}``. ``News`` of background work arrives
without a request. Everything that must survive a page reload is a synced trait instead, made of the ``…View`` types
here.
"""

from workbench.widgets.protocol.base import *
from workbench.widgets.protocol.building import *
from workbench.widgets.protocol.calls import *
from workbench.widgets.protocol.dashboards import *
from workbench.widgets.protocol.importing import *
from workbench.widgets.protocol.live import *
from workbench.widgets.protocol.managing import *
from workbench.widgets.protocol.metrics import *
from workbench.widgets.protocol.questions import *
from workbench.widgets.protocol.training import *
