/** A view's state: a pure reducer, and those who want to hear of changes. */
export class Store<State, Action> {
  private readonly listeners: ((state: State, before: State) => void)[] = [];

  constructor(
    private readonly reduce: (state: State, action: Action) => State,
    public state: State,
  ) {}

  dispatch = (action: Action): void => {
    const before = this.state;
    this.state = this.reduce(before, action);
    if (this.state !== before) for (const listener of this.listeners) listener(this.state, before);
  };

  subscribe(listener: (state: State, before: State) => void): void {
    this.listeners.push(listener);
  }
}
