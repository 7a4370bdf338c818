// A double-click, or Enter, on a workspace in the file browser opens its trackers.
//
// JupyterLab opens documents by their type, but enters every folder, and offers no way to decide otherwise. So the
// events are caught on their way to the list; what was clicked is asked of the browser's public methods.
import type { App, FileBrowser, Model, Tracker } from "./jupyter";
import { ENDING } from "./panels";

export const ITEM = ".jp-DirListing-item[data-isdir='true'][data-file-type='tracker-workspace']";

export const isWorkspace = (item: Model) => item.type === "directory" && item.name.endsWith(ENDING) && item.name !== ENDING;

const hasModifier = (event: MouseEvent | KeyboardEvent) => event.ctrlKey || event.shiftKey || event.altKey || event.metaKey;

/** Whether an event is about an item of the list, not its check box nor the box in which it is renamed. */
function isOnList(event: Event): boolean {
  const target = event.target;
  return target instanceof Element && target.closest(".jp-DirListing") !== null && target.closest("input, .jp-DirListing-checkboxWrapper") === null;
}

export function watch(browser: FileBrowser, open: (workspace: string) => void, opensAtOneClick: () => boolean): void {
  const take = (event: Event, items: Model[]) => {
    event.preventDefault();
    event.stopPropagation();
    for (const item of items) open(item.path);
  };
  const onClick = (event: MouseEvent) => {
    if (hasModifier(event) || !isOnList(event) || (event.type === "click") !== opensAtOneClick()) return;
    const item = (event.target as Element).closest(ITEM) ? browser.modelForClick(event) : undefined;
    if (item && isWorkspace(item)) take(event, [item]);
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || hasModifier(event) || !isOnList(event)) return;
    const items = [...browser.selectedItems()];
    if (items.length > 0 && items.every(isWorkspace)) take(event, items);
  };
  browser.node.addEventListener("click", onClick, true);
  browser.node.addEventListener("dblclick", onClick, true);
  browser.node.addEventListener("keydown", onKey, true);
}

/** Leaves out the stock "Open", which enters every folder, where a workspace's context menu says what it opens. */
export function clearMenu(app: App): void {
  app.contextMenu.opened.connect(() => {
    if (!app.contextMenuHitTest((node) => node.matches(ITEM))) return;
    const { menu } = app.contextMenu;
    const stock = menu.items.filter((one) => one.type === "command" && one.command === "filebrowser:open");
    if (stock.length === 0) return;
    const { left, top } = menu.node.getBoundingClientRect();
    for (const item of stock) menu.removeItem(item); // which closes the menu
    menu.open(left, top);
  });
}

/** Gives the workspaces that are selected in the file browser. */
export const selected = (browsers: Tracker<FileBrowser>) => [...(browsers.currentWidget?.selectedItems() ?? [])].filter(isWorkspace);
