export function save(content: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** With a byte order mark, without which some spreadsheets misread UTF-8. */
export function saveCsv(text: string, name: string): void {
  save(new Blob(["\ufeff", text], { type: "text/csv;charset=utf-8" }), name);
}
