import type { Plotly } from "./plotly";

/** Versions by name, written in by build.mjs. */
declare const ASSET_VERSIONS: Record<string, string> | undefined;

interface Modules {
  plotly: { default: Plotly };
  picture: { domToBlob(node: Node, options: Record<string, unknown>): Promise<Blob> };
}

const loading = new Map<string, Promise<unknown>>();

/** The server's base URL, as JupyterLab and Voilà tell it. */
export function baseUrl(page: Document = document): string {
  try {
    const found = JSON.parse(page.getElementById("jupyter-config-data")?.textContent ?? "{}") as { baseUrl?: unknown };
    if (typeof found.baseUrl === "string" && found.baseUrl) return found.baseUrl;
  } catch {
    // The page is none of Jupyter's.
  }
  return "/";
}

export function address(name: keyof Modules): string {
  const versions = typeof ASSET_VERSIONS === "undefined" ? {} : ASSET_VERSIONS;
  const base = baseUrl().replace(/\/?$/, "/");
  return new URL(`${base}workbench/static/${name}.min.js?v=${versions?.[name] ?? ""}`, document.baseURI).href;
}

/** A module that the server serves, fetched when it is first wanted; the page's widgets share it. */
export function load<Name extends keyof Modules>(name: Name): Promise<Modules[Name]> {
  const known = loading.get(name);
  if (known) return known as Promise<Modules[Name]>;
  const fresh = fetched(address(name)) as Promise<Modules[Name]>;
  loading.set(name, fresh);
  fresh.catch(() => loading.delete(name)); // the server may have it later
  return fresh;
}

/** Asks once more at another address: browsers remember that a module could not be had. */
function fetched(url: string): Promise<unknown> {
  return import(/* @vite-ignore */ url).catch(() => import(/* @vite-ignore */ `${url}&again=${Date.now()}`));
}
