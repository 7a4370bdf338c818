import type { ControlView } from "../shared/protocol";
import { Menu, Options } from "./menu";
import type { Acts } from "./types";
import { date } from "./words";

interface Props {
  control: ControlView;
  value: string;
  from: string;
  to: string;
  acts: Acts;
}

/** The period: one of those with a name, or days of one's own. */
export function Period({ control, value, from, to, acts }: Props) {
  const said = periodInWords(control, value, from, to) || (control.options[0]?.label ?? "");
  const own = (change: Record<string, string>) => acts.change({ [control.name]: "", from, to, ...change });
  return (
    <div class="wb-field">
      <span class="wb-small" aria-hidden="true">
        {control.label}
      </span>
      <Menu said={said} label={`${control.label}: ${said}`} class="wb-input wb-picker">
        {(shut) => (
          <>
            <Options
              label={control.label}
              options={control.options}
              chosen={from || to ? [] : [value]}
              many={false}
              onPick={(one) => {
                acts.change({ [control.name]: one, from: "", to: "" });
                shut();
              }}
            />
            <fieldset class="wb-own-days">
              <legend class="wb-small">Days of your choice</legend>
              <label class="wb-field">
                <span class="wb-small">From</span>
                <input class="wb-input" type="date" value={from} max={to || undefined} onChange={(event) => own({ from: event.currentTarget.value })} />
              </label>
              <label class="wb-field">
                <span class="wb-small">To</span>
                <input class="wb-input" type="date" value={to} min={from || undefined} onChange={(event) => own({ to: event.currentTarget.value })} />
              </label>
            </fieldset>
          </>
        )}
      </Menu>
    </div>
  );
}

/** Such as "1 Mar 2026 to 5 May 2026"; empty for all time. */
export function periodInWords({ options }: ControlView, value: string, from: string, to: string): string {
  if (from && to) return `${date(from)} to ${date(to)}`;
  if (from) return `Since ${date(from)}`;
  if (to) return `Until ${date(to)}`;
  return value ? (options.find((one) => one.value === value)?.label ?? value) : "";
}
