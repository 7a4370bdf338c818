"""What travels between the widgets' two halves. ``widgets/generate_protocol.py`` writes TypeScript from it.

A request is ``{"id", "kind", …}``; its one reply is ``{"id", "result", "error"}``. ``News`` comes without a request, of
work that goes on in the kernel. Everything that
must survive a page reload is a synced trait instead, made of the ``…View`` types here.
"""

from workbench.widgets.protocol.base import *  # noqa: F403
from workbench.widgets.protocol.building import *  # noqa: F403
from workbench.widgets.protocol.calls import *  # noqa: F403
from workbench.widgets.protocol.dashboards import *  # noqa: F403
from workbench.widgets.protocol.live import *  # noqa: F403
from workbench.widgets.protocol.managing import *  # noqa: F403
from workbench.widgets.protocol.metrics import *  # noqa: F403
from workbench.widgets.protocol.questions import *  # noqa: F403
from workbench.widgets.protocol.training import *  # noqa: F403
