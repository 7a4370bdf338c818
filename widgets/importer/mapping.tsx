import { useState } from "preact/hooks";
import { Field } from "../shared/parts";
import type { ImportDetailsView, ImportFileView, ImportMappingView } from "../shared/protocol";
import type { Acts } from "./types";

type Part = "text" | "speaker" | "start" | "end" | "conversation";

interface Props {
  details: ImportDetailsView;
  file: ImportFileView;
  wait: boolean;
  acts: Acts;
}

/** Which parts of a file hold what: as it was guessed, or as a person says. */
export function Mapping({ details, file, wait, acts }: Props) {
  const [mapping, setMapping] = useState<ImportMappingView | null>(details.mapping);
  if (!mapping) return null;
  const at = details.lists.findIndex((one) => one.path.join("\n") === mapping.path.join("\n"));
  const keys = details.lists[at]?.keys ?? [];
  const known = new Set(keys.map((one) => one.key));
  const set = (change: Partial<ImportMappingView>) => setMapping({ ...mapping, ...change });
  const column = details.table ? "column" : "key";
  const choose = (part: Part, label: string, none: string) => (
    <Field label={label}>
      <select class="wb-input" value={mapping[part]} onChange={(event) => set({ [part]: event.currentTarget.value })}>
        <option value="">{none}</option>
        {mapping[part] && !known.has(mapping[part]) && <option value={mapping[part]}>{mapping[part]}</option>}
        {keys.map(({ key, example }) => (
          <option value={key}>{example ? `${key}: ${example}` : key}</option>
        ))}
      </select>
    </Field>
  );
  return (
    <fieldset class="wb-mapping wb-panel" disabled={wait} aria-label={`What is what in ${file.name}`}>
      <p class="wb-mapping-head">
        <b>What is what</b> <span class="wb-small wb-muted">{file.conversations > 0 ? "Change what was taken wrongly." : `Say which ${column} holds what, and it can be imported.`}</span>
      </p>
      <div class="wb-mapping-fields">
        {details.lists.length > 1 && (
          <Field label="The turns are in">
            <select class="wb-input" value={String(at)} onChange={(event) => set(moved(mapping, details, Number(event.currentTarget.value)))}>
              {at < 0 && <option value="-1">{mapping.path.join(" › ") || "the top of the file"}</option>}
              {details.lists.map((one, place) => (
                <option value={String(place)}>{one.words}</option>
              ))}
            </select>
          </Field>
        )}
        {choose("text", "What is said", details.table ? "Choose a column" : `The only ${column} of each entry, named after the speaker`)}
        {choose("speaker", "Who says it", "Not told")}
        {choose("start", "Starts at", "Not told")}
        {choose("end", "Ends at", "Not told")}
        <Field label="Times are in">
          <select class="wb-input" value={mapping.unit} disabled={!mapping.start} onChange={(event) => set({ unit: event.currentTarget.value })}>
            <option value="">As written, such as 0:12:30</option>
            <option value="s">Seconds</option>
            <option value="ms">Milliseconds</option>
          </select>
        </Field>
        {choose("conversation", "Which call it belongs to", "All is one call")}
      </div>
      <div class="wb-row">
        <button type="button" class="wb-button" disabled={details.table && !mapping.text} onClick={() => acts.map(file.id, mapping)}>
          Read it this way
        </button>
        {file.mapped && (
          <button type="button" class="wb-link" onClick={() => acts.map(file.id, null)}>
            Back to what was recognised
          </button>
        )}
      </div>
    </fieldset>
  );
}

/** The mapping for another list: keys that it has, too, stay what they are. */
export function moved(mapping: ImportMappingView, details: ImportDetailsView, place: number): Partial<ImportMappingView> {
  const list = details.lists[place];
  if (!list) return {};
  const known = new Set(list.keys.map((one) => one.key));
  const keep = (key: string) => (known.has(key) ? key : "");
  const { text, speaker, start, end, conversation } = mapping;
  return { path: list.path, text: keep(text), speaker: keep(speaker), start: keep(start), end: keep(end), conversation: keep(conversation) };
}
