// Panels in the main area. A panel is one of JupyterLab's consoles, which brings the kernel, the widgets and the place
// in the layout, and is shown without its prompt and code.
import type { App, ConsolePanel, KernelSpecs, Tracker, Widget } from "./jupyter";
import { codeOf, type Place, placeOf, sessionPath, titleOf } from "./panels";

/** Gives the kernel to use: the default one if it speaks Python, else the first that does. */
export function pythonOf(specs: KernelSpecs | null): string | null {
  const all = Object.values(specs?.kernelspecs ?? {}).filter((one) => one?.language === "python");
  return (all.find((one) => one?.name === specs?.default) ?? all[0])?.name ?? null;
}

export class Panels {
  private readonly toCreate = new Set<string>();
  /** What had the focus when a panel was asked for, by the panel's path. */
  private readonly left = new Map<string, Element | null>();

  constructor(
    private readonly app: App,
    private readonly consoles: Tracker<ConsolePanel>,
    private readonly icon: unknown,
  ) {
    consoles.forEach((panel) => {
      void this.dress(panel);
    });
    consoles.widgetAdded.connect((_, panel) => void this.dress(panel));
  }

  /**
   * Opens a panel, or brings forward the one that is open.
   *
   * @throws if no kernel speaks Python.
   */
  async open(place: Place, isNew = false): Promise<void> {
    const path = sessionPath(place);
    const found = this.consoles.find((panel) => panel.sessionContext.path === path);
    if (found) {
      this.app.shell.activateById(found.id);
      requestAnimationFrame(() => contentOf(found)?.focus({ preventScroll: true }));
      return;
    }
    const { kernelspecs } = this.app.serviceManager;
    await kernelspecs.ready;
    const name = pythonOf(kernelspecs.specs);
    if (name === null) throw new Error("No Python kernel was found. Install ipykernel where Jupyter runs, then try again.");
    if (isNew) this.toCreate.add(path);
    this.left.set(path, document.activeElement);
    await this.app.commands.execute("console:create", { path, name: titleOf(place), kernelPreference: { name, shutdownOnDispose: true } });
  }

  private async dress(panel: ConsolePanel): Promise<void> {
    const place = placeOf(panel.sessionContext.path);
    if (!place) return;
    panel.addClass("wb-lab-panel");
    panel.title.icon = this.icon;
    hidePrompt(panel.console);
    let restarted = false;
    panel.sessionContext.statusChanged.connect((_, status) => {
      if (status === "restarting" || status === "autorestarting") restarted = true;
      if (!restarted || status !== "idle") return;
      restarted = false;
      panel.console.clear();
      void this.show(panel, place);
    });
    await panel.sessionContext.ready;
    await this.show(panel, place);
  }

  private async show(panel: ConsolePanel, place: Place): Promise<void> {
    // Notebook 7 opens consoles in a browser tab of their own and drops the first one, which is never attached.
    if (panel.isDisposed || !panel.isAttached) return;
    const path = sessionPath(place);
    await panel.console.inject(codeOf(place, this.toCreate.delete(path)));
    // A console scrolls to its end when it has run something, as messages are handled; what matters here is at the top.
    const left = this.left.get(path) ?? null;
    this.left.delete(path);
    requestAnimationFrame(() => setTimeout(() => showTop(panel, left)));
  }
}

const contentOf = (panel: ConsolePanel) => panel.node.querySelector<HTMLElement>(".jp-CodeConsole-content");

/** Brings what is at the top into view, and the focus there unless the person has gone elsewhere meanwhile. */
function showTop(panel: ConsolePanel, left: Element | null): void {
  const content = contentOf(panel);
  content?.scrollTo({ top: 0, behavior: "instant" });
  const now = document.activeElement;
  if (now === left || now === document.body || panel.node.contains(now)) content?.focus({ preventScroll: true });
}

function hidePrompt(widget: Widget): void {
  if (widget.hasClass("jp-CodeConsole-input")) widget.hide();
  else for (const child of widget.children()) hidePrompt(child);
}
