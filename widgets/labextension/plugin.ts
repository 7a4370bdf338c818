// What JupyterLab gets: the file type, commands, cards of the launcher, and items of palette and context menu.
import { clearMenu, ITEM, selected, watch } from "./browsing";
import { choose } from "./choosing";
import iconSvg from "./icon.svg";
import type { App, ConsolePanel, FileBrowser, Launcher, Packages, Palette, Plugin, Settings, Token, Tracker } from "./jupyter";
import { Panels } from "./opening";
import { ENDING, type Kind } from "./panels";
import { type Scope, shared } from "./shared";

const ID = "tracker-workbench:plugin";
const CATEGORY = "Tracker workbench";
const CARDS: { kind: Kind; command: string; label: string; caption: string }[] = [
  { kind: "builder", command: "tracker-workbench:new-tracker", label: "New tracker", caption: "Describe a concept and train a tracker to find it" },
  { kind: "importer", command: "tracker-workbench:import-calls", label: "Import calls", caption: "Bring calls and e-mails into a workspace" },
  { kind: "dashboards", command: "tracker-workbench:dashboards", label: "Dashboards", caption: "See what your trackers find" },
];
const OPEN = "tracker-workbench:open-trackers";
const AS_FOLDER = "tracker-workbench:open-as-folder";

type Optional = [Launcher | null, Palette | null, Settings | null];

/** Gives the plugin; none where the page shares too little, as Voilà's does. */
export async function plugins(scope: Scope): Promise<Plugin[]> {
  const [apputils, consoles, filebrowser, ui, launcher, settings] = await Promise.all([
    shared(scope, "@jupyterlab/apputils"),
    shared(scope, "@jupyterlab/console"),
    shared(scope, "@jupyterlab/filebrowser"),
    shared(scope, "@jupyterlab/ui-components"),
    shared(scope, "@jupyterlab/launcher"),
    shared(scope, "@jupyterlab/settingregistry"),
  ]);
  if (!apputils || !consoles || !filebrowser || !ui) return [];
  const none: Token<never> = { name: "tracker-workbench:none" };
  const optional = [launcher?.ILauncher ?? none, apputils.ICommandPalette, settings?.ISettingRegistry ?? none];
  return [
    {
      id: ID,
      description: "Opens workspaces of the tracker workbench.",
      autoStart: true,
      requires: [filebrowser.IFileBrowserFactory, consoles.IConsoleTracker],
      optional,
      activate: (app, factory, tracker, ...services) => {
        const icon = new ui.LabIcon({ name: `${ID}:icon`, svgstr: iconSvg });
        activate(app, apputils, icon, factory.tracker, tracker, services as unknown as Optional);
      },
    },
  ];
}

function activate(
  app: App,
  apputils: Packages["@jupyterlab/apputils"],
  icon: unknown,
  browsers: Tracker<FileBrowser>,
  consoles: Tracker<ConsolePanel>,
  [launcher, palette, settings]: Optional,
): void {
  const panels = new Panels(app, consoles, icon);
  const failed = (error: unknown) => apputils.showErrorMessage("Workspace not opened", error instanceof Error ? error.message : String(error));
  const show = async (kind: Kind, workspace: string | null, folder: string) => {
    try {
      const chosen = workspace === null ? await choose(app, apputils, folder) : { workspace, isNew: false };
      if (chosen) await panels.open({ kind, workspace: chosen.workspace }, chosen.isNew);
    } catch (error) {
      await failed(error);
    }
  };
  const here = (args: Record<string, unknown>) => (typeof args["cwd"] === "string" ? args["cwd"] : (browsers.currentWidget?.model.path ?? ""));

  app.docRegistry.addFileType({ name: "tracker-workspace", displayName: "Tracker workspace", contentType: "directory", extensions: [ENDING], icon });
  for (const { kind, command, label, caption } of CARDS) {
    app.commands.addCommand(command, { label, caption, icon, describedBy: { args: null }, execute: (args) => show(kind, null, here(args)) });
  }
  app.commands.addCommand(OPEN, {
    label: "Open trackers",
    caption: "Open the workspace's trackers",
    icon,
    describedBy: { args: null },
    execute: async (args) => {
      const [first, ...others] = selected(browsers);
      await show("trackers", first?.path ?? null, here(args));
      for (const item of others) await show("trackers", item.path, "");
    },
  });
  app.commands.addCommand(AS_FOLDER, {
    label: "Open as a folder",
    caption: "Show the workspace's files",
    describedBy: { args: null },
    execute: async () => {
      const [first] = selected(browsers);
      if (first) await browsers.currentWidget?.model.cd(`/${first.path.slice(first.path.indexOf(":") + 1)}`);
    },
  });
  CARDS.forEach(({ command }, rank) => void launcher?.add({ command, category: CATEGORY, rank }));
  for (const command of [OPEN, ...CARDS.map((card) => card.command)]) palette?.addItem({ command, category: CATEGORY });
  app.contextMenu.addItem({ command: OPEN, selector: ITEM, rank: 0 });
  app.contextMenu.addItem({ command: AS_FOLDER, selector: ITEM, rank: 1 });
  clearMenu(app);

  let atOneClick = false;
  const heed = async () => {
    const found = await settings?.load("@jupyterlab/filebrowser-extension:browser");
    const read = () => {
      atOneClick = found?.get("singleClickNavigation").composite === true;
    };
    read();
    found?.changed.connect(read);
  };
  void heed().catch(() => undefined); // without the file browser's settings, it takes two clicks
  const follow = (browser: FileBrowser) => watch(browser, (workspace) => void show("trackers", workspace, ""), () => atOneClick);
  browsers.forEach(follow);
  browsers.widgetAdded.connect((_, browser) => follow(browser));
}
