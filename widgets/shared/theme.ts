/** Whether a CSS colour is dark; null where it says nothing (no such variable, or see-through). */
export function isDark(color: string): boolean | null {
  const hex = /^#([0-9a-f]{3,8})$/i.exec(color.trim())?.[1];
  let parts: number[] | null = null;
  if (hex && (hex.length === 3 || hex.length === 4)) parts = [...hex.slice(0, 3)].map((c) => parseInt(c + c, 16));
  else if (hex) parts = [0, 2, 4].map((at) => parseInt(hex.slice(at, at + 2), 16));
  else if (/^rgba?\(/i.test(color.trim())) parts = (color.match(/[\d.]+/g) ?? []).map(Number);
  else if (color.trim() === "white") return false;
  else if (color.trim() === "black") return true;
  if (!parts || parts.length < 3 || (parts.length > 3 && parts[3] === 0)) return null;
  const [red = 0, green = 0, blue = 0] = parts;
  return 0.299 * red + 0.587 * green + 0.114 * blue < 128;
}

/** Where pages say what their ground is: JupyterLab, then VS Code. */
const GROUNDS = ["--jp-layout-color1", "--vscode-editor-background"];

/** Whether the page is dark: by its own variables, by what Colab writes on it, by what lies behind the root, else by the system. */
export function isDarkPage(root: HTMLElement, system: boolean): boolean {
  const style = getComputedStyle(document.body);
  for (const name of GROUNDS) {
    const told = isDark(style.getPropertyValue(name));
    if (told !== null) return told;
  }
  const named = document.documentElement.getAttribute("theme");
  if (named === "dark" || named === "light") return named === "dark";
  for (let node = root.parentElement; node; node = node.parentElement) {
    const behind = isDark(getComputedStyle(node).backgroundColor);
    if (behind !== null) return behind;
  }
  return system;
}

/**
 * Follows the page's theme. Surfaces and text come from the page's own variables; only the colours that mean
 * something (yes, no, errors) need to know whether they stand on a dark ground, which no variable says.
 */
export function followTheme(root: HTMLElement, signal: AbortSignal): void {
  const system = window.matchMedia?.("(prefers-color-scheme: dark)");
  const apply = (): void => {
    root.dataset["theme"] = isDarkPage(root, system?.matches ?? false) ? "dark" : "light";
  };
  const observer = new MutationObserver(apply);
  observer.observe(document.body, { attributes: true });
  observer.observe(document.documentElement, { attributes: true });
  observer.observe(document.head, { childList: true }); // a theme's style sheet arrives after its attribute
  system?.addEventListener?.("change", apply, { signal });
  signal.addEventListener("abort", () => observer.disconnect(), { once: true });
  apply();
}
