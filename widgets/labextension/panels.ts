// The panels: which widgets each shows, and the session that it runs in, whose path says what a reloaded page has lost.

export const ENDING = ".workspace";

const TAGGING = (source: string) =>
  `display(${source}, TaggingCarousel(ws, ${source}), QualityPlots(ws, ${source}), Review(ws, ${source}))`;

const PANELS = {
  trackers: { title: "Trackers", code: ["it = TrackerTable(ws)", TAGGING("it")] },
  builder: { title: "New tracker", code: ["it = TrackerBuilder(ws)", TAGGING("it")] },
  importer: { title: "Import calls", code: ["display(CallImporter(ws))"] },
  dashboards: { title: "Dashboards", code: ["from workbench.dashboards import overview", "display(overview(ws))"] },
};

export type Kind = keyof typeof PANELS;

export interface Place {
  kind: Kind;
  /** The workspace's path, as the file browser has it. */
  workspace: string;
}

const baseName = (path: string) => path.slice(path.lastIndexOf("/") + 1);

/** Gives a tab's title. */
export const titleOf = ({ kind, workspace }: Place) => `${PANELS[kind].title} – ${baseName(workspace).slice(0, -ENDING.length)}`;

/** Gives the session's path: beside the workspace, so that the kernel runs in the folder that contains it. */
export const sessionPath = ({ kind, workspace }: Place) => `${workspace}.${kind}`;

/** Tells which panel a session belongs to; null where it is anything else. */
export function placeOf(path: string): Place | null {
  const kind = path.slice(path.lastIndexOf(".") + 1);
  const workspace = path.slice(0, -kind.length - 1);
  const name = baseName(workspace);
  return Object.hasOwn(PANELS, kind) && name.endsWith(ENDING) && name !== ENDING ? { kind: kind as Kind, workspace } : null;
}

/**
 * Gives the Python code that shows a panel. The name is written as JSON writes it, which Python reads as text alike.
 *
 * Whatever the kernel showed before is closed: it serves this panel alone.
 */
export function codeOf({ kind, workspace }: Place, create: boolean): string {
  const folder = JSON.stringify(baseName(workspace));
  return [
    "import workbench as wb",
    "from ipywidgets import Widget",
    "from workbench.domain.errors import WorkbenchError",
    "from workbench.widgets import CallImporter, QualityPlots, Review, TaggingCarousel, TrackerBuilder, TrackerTable",
    "Widget.close_all()",
    "try:",
    `    ws = wb.open(${folder}, create=${create ? "True" : "False"})`,
    "except WorkbenchError as error:",
    "    print(error)",
    "else:",
    ...PANELS[kind].code.map((line) => `    ${line}`),
  ].join("\n");
}
