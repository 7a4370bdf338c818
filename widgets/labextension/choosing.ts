// Which workspace a card or a command is about: the one at hand, else the person is asked.
import type { App, Packages } from "./jupyter";
import { ENDING } from "./panels";

export interface Chosen {
  workspace: string;
  isNew: boolean;
}

type Dialogs = Pick<Packages["@jupyterlab/apputils"], "InputDialog" | "showErrorMessage">;

const joined = (folder: string, name: string) => (folder && !folder.endsWith(":") ? `${folder}/${name}` : `${folder}${name}`);

/** Gives the workspace that a folder lies in, itself included; null where it lies in none. */
export function around(folder: string): string | null {
  const parts = folder.split("/");
  const at = parts.findIndex((part) => part.endsWith(ENDING) && part !== ENDING);
  return at < 0 ? null : parts.slice(0, at + 1).join("/");
}

/** Gives a new workspace's folder name; null where what was typed can't be one. */
export function folderName(typed: string): string | null {
  const name = typed.trim().endsWith(ENDING) ? typed.trim().slice(0, -ENDING.length) : typed.trim();
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what a name must not contain
  return /^[^./\\\u0000-\u001f][^/\\\u0000-\u001f]*$/.test(name) ? `${name}${ENDING}` : null;
}

/** Gives the workspace to use in a folder, or null where the person has changed their mind. */
export async function choose(app: App, { InputDialog, showErrorMessage }: Dialogs, folder: string): Promise<Chosen | null> {
  const inside = around(folder);
  if (inside !== null) return { workspace: inside, isNew: false };
  const found = await app.serviceManager.contents.get(folder, { content: true });
  const names = (found.content ?? []).filter((one) => one.type === "directory" && one.name.endsWith(ENDING) && one.name !== ENDING).map((one) => one.name);
  const [only] = names;
  if (names.length === 1 && only !== undefined) return { workspace: joined(folder, only), isNew: false };
  if (names.length > 1) {
    const items = names.sort();
    const answer = await InputDialog.getItem({ title: "Which workspace?", label: "This folder has several workspaces.", items, okLabel: "Open" });
    return answer.button.accept && answer.value ? { workspace: joined(folder, answer.value), isNew: false } : null;
  }
  const label = "This folder has no workspace yet. A workspace keeps your calls and trackers. Name for a new one:";
  const answer = await InputDialog.getText({ title: "Create a workspace?", label, text: "My calls", okLabel: "Create" });
  if (!answer.button.accept) return null;
  const name = folderName(answer.value ?? "");
  if (name === null) {
    await showErrorMessage("Workspace not created", "A workspace's name can't be empty, begin with a dot or contain slashes. Choose another name.");
    return null;
  }
  return { workspace: joined(folder, name), isNew: true };
}
