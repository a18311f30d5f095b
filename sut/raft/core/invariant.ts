/** The node found itself in a state that Raft rules out. It must stop: a wrong node that goes on loses data. */
export class RaftBug extends Error {
  readonly values: Readonly<Record<string, unknown>>;

  constructor(statement: string, values: Readonly<Record<string, unknown>>) {
    super(`violated: ${statement} ${JSON.stringify(values)}`);
    this.name = "RaftBug";
    this.values = values;
  }
}

/** States a fact that holds in every correct execution; stays on in production. Throws RaftBug. */
export function invariant(holds: boolean, statement: string, values: Readonly<Record<string, unknown>>): asserts holds {
  if (!holds) throw new RaftBug(statement, values);
}
