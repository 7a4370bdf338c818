// The container that JupyterLab loads as webpack would have written it: `init` gets the packages that are shared, `get`
// gives the extension. docs/decisions/0036-labextension.md says why webpack itself is not used.
import { plugins } from "./plugin";
import type { Scope } from "./shared";
import style from "./style.css";

const NAME = "tracker-workbench";
let scope: Scope = {};

async function get(module: string): Promise<() => object> {
  if (module !== "./extension") throw new Error(`${NAME} has no module ${module}`);
  const sheet = document.createElement("style");
  sheet.textContent = style;
  document.head.append(sheet);
  const found = await plugins(scope);
  return () => ({ __esModule: true, default: found });
}

const containers = window as unknown as { _JUPYTERLAB?: Record<string, unknown> };
containers._JUPYTERLAB ??= {};
containers._JUPYTERLAB[NAME] = {
  init(given: Scope) {
    scope = given;
  },
  get,
};
