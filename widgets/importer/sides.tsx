const SIDES = [
  ["company", "Company"],
  ["customer", "Customer"],
] as const;

interface Props {
  who: string;
  side: string;
  wait: boolean;
  onChange: (side: string) => void;
}

/** Which side someone is on; the side that is chosen, pressed again, is taken back. */
export function Sides({ who, side, wait, onChange }: Props) {
  return (
    <span class="wb-sides" role="group" aria-label={`Side of ${who}`}>
      {SIDES.map(([value, name]) => (
        <button type="button" class={`wb-choice wb-choice-${value}`} aria-pressed={side === value} disabled={wait} onClick={() => onChange(side === value ? "" : value)}>
          {side === value && (
            <span class="wb-mark" aria-hidden="true">
              ✓
            </span>
          )}
          {name}
        </button>
      ))}
    </span>
  );
}
