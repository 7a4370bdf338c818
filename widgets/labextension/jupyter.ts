// What this extension uses of JupyterLab. Its own packages bring 300 others, only to describe these few.

export interface Token<_T> {
  readonly name: string;
}

export interface Signal<Sender, Args> {
  connect(slot: (sender: Sender, args: Args) => void): boolean;
}

export interface Widget {
  readonly node: HTMLElement;
  readonly title: { label: string; icon: unknown };
  readonly id: string;
  readonly isAttached: boolean;
  readonly isDisposed: boolean;
  readonly disposed: Signal<Widget, void>;
  addClass(name: string): void;
  hasClass(name: string): boolean;
  hide(): void;
  children(): Iterable<Widget>;
}

export interface Model {
  readonly name: string;
  readonly path: string;
  readonly type: string;
  readonly content?: Model[] | null;
}

export interface FileBrowser extends Widget {
  readonly model: { readonly path: string; cd(path: string): Promise<void> };
  selectedItems(): Iterable<Model>;
  modelForClick(event: MouseEvent): Model | undefined;
}

export interface Tracker<T> {
  readonly currentWidget: T | null;
  readonly widgetAdded: Signal<unknown, T>;
  find(test: (widget: T) => boolean): T | undefined;
  forEach(visit: (widget: T) => void): void;
}

export interface SessionContext {
  readonly path: string;
  readonly ready: Promise<void>;
  readonly statusChanged: Signal<unknown, string>;
}

export interface ConsolePanel extends Widget {
  readonly sessionContext: SessionContext;
  readonly console: Widget & { clear(): void; inject(code: string): Promise<void> };
}

export interface CommandOptions {
  label: string;
  caption?: string;
  icon?: unknown;
  describedBy?: { args: object | null };
  execute(args: Record<string, unknown>): unknown;
}

export interface MenuItem {
  readonly type: string;
  readonly command: string;
}

export interface KernelSpecs {
  readonly default: string;
  readonly kernelspecs: Record<string, { readonly name: string; readonly language: string } | undefined>;
}

export interface App {
  readonly commands: {
    addCommand(id: string, options: CommandOptions): unknown;
    execute(id: string, args?: object): Promise<unknown>;
  };
  readonly contextMenu: {
    readonly opened: Signal<unknown, void>;
    readonly menu: { readonly node: HTMLElement; readonly items: readonly MenuItem[]; removeItem(item: MenuItem): void; open(x: number, y: number): void };
    addItem(options: { command: string; selector: string; rank: number }): unknown;
  };
  readonly docRegistry: { addFileType(type: object): unknown };
  readonly serviceManager: {
    readonly contents: { get(path: string, options?: object): Promise<Model> };
    readonly kernelspecs: { readonly ready: Promise<void>; readonly specs: KernelSpecs | null };
  };
  readonly shell: { activateById(id: string): void };
  contextMenuHitTest(test: (node: HTMLElement) => boolean): HTMLElement | undefined;
}

export interface Launcher {
  add(options: { command: string; category: string; rank: number }): unknown;
}

export interface Palette {
  addItem(options: { command: string; category: string }): unknown;
}

export interface Settings {
  load(plugin: string): Promise<{ readonly changed: Signal<unknown, void>; get(key: string): { readonly composite: unknown } }>;
}

interface Answer<T> {
  readonly button: { readonly accept: boolean };
  readonly value: T | null;
}

/** The packages that JupyterLab shares, by the names under which it does. */
export interface Packages {
  "@jupyterlab/apputils": {
    ICommandPalette: Token<Palette>;
    InputDialog: {
      getItem(options: { title: string; label: string; items: string[]; okLabel: string }): Promise<Answer<string>>;
      getText(options: { title: string; label: string; text: string; okLabel: string }): Promise<Answer<string>>;
    };
    showErrorMessage(title: string, message: string): Promise<void>;
  };
  "@jupyterlab/console": { IConsoleTracker: Token<Tracker<ConsolePanel>> };
  "@jupyterlab/filebrowser": { IFileBrowserFactory: Token<{ readonly tracker: Tracker<FileBrowser> }> };
  "@jupyterlab/launcher": { ILauncher: Token<Launcher> };
  "@jupyterlab/settingregistry": { ISettingRegistry: Token<Settings> };
  "@jupyterlab/ui-components": { LabIcon: new (options: { name: string; svgstr: string }) => unknown };
}

export interface Plugin {
  id: string;
  description: string;
  autoStart: boolean;
  requires: Token<unknown>[];
  optional: Token<unknown>[];
  // biome-ignore lint/suspicious/noExplicitAny: services come in the order of their tokens, each of its own type
  activate(app: App, ...services: any[]): void;
}
