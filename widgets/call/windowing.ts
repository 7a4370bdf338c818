/** Heights of the rows of a long list, guessed until they are measured, and where that puts each row. In pixels. */
export class Heights {
  private readonly sizes: Float64Array;
  private readonly tops: Float64Array;
  private fresh = 0; // tops up to this one hold

  constructor(
    readonly count: number,
    guess: number,
  ) {
    this.sizes = new Float64Array(count).fill(guess);
    this.tops = new Float64Array(count + 1);
  }

  /** Whether the row's height differed from what was known. */
  set(at: number, size: number): boolean {
    if (Math.abs(this.sizes[at]! - size) < 0.5) return false;
    this.sizes[at] = size;
    this.fresh = Math.min(this.fresh, at);
    return true;
  }

  size(at: number): number {
    return this.sizes[at] ?? 0;
  }

  top(at: number): number {
    for (; this.fresh < at; this.fresh += 1) this.tops[this.fresh + 1] = this.tops[this.fresh]! + this.sizes[this.fresh]!;
    return this.tops[at]!;
  }

  get total(): number {
    return this.top(this.count);
  }

  /** The row that holds this place; the first or last one beyond the ends. */
  at(place: number): number {
    this.top(this.count);
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.tops[middle]! <= place) low = middle + 1;
      else high = middle;
    }
    return Math.min(Math.max(0, low - 1), Math.max(0, this.count - 1));
  }

  /** Rows that are in view or near it: from the first up to, not with, the second. */
  range(top: number, height: number, around: number): [number, number] {
    return this.count ? [this.at(top - around), this.at(top + height + around) + 1] : [0, 0];
  }
}

/** The numbers of the pages, of `size` rows each, that hold rows `low` up to, not with, `high`. */
export function pagesOf(low: number, high: number, size: number): number[] {
  const first = Math.floor(low / size);
  return high <= low ? [] : Array.from({ length: Math.ceil(high / size) - first }, (_, at) => first + at);
}
