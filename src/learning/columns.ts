export type Column = Float64Array | Float32Array | Int32Array | Uint8Array;

/** Named flat arrays: how every part of the trainer hands its state to a checkpoint and takes it back. */
export type Columns = Readonly<Record<string, Column>>;

/**
 * Copies saved columns into live ones of the same names, kinds and lengths. Throws `RangeError`, before anything is written, when a column is
 * missing, of another kind or of another length.
 */
export const restoreColumns = (live: Columns, saved: Columns): void => {
  for (const [name, column] of Object.entries(live)) {
    const from = saved[name];
    if (from?.constructor !== column.constructor || from.length !== column.length)
      throw new RangeError(
        `saved column ${name} is ${describe(from)}: expected ${describe(column)}; the checkpoint belongs to other settings`,
      );
  }
  for (const [name, column] of Object.entries(live)) column.set(saved[name] ?? []);
};

/** The columns of several parts as one set, each name led by its part's: `replay/bar`. */
export const joinColumns = (parts: Readonly<Record<string, Columns>>): Columns =>
  Object.fromEntries(
    Object.entries(parts).flatMap(([part, columns]) =>
      Object.entries(columns).map(([name, column]) => [`${part}/${name}`, column] as const),
    ),
  );

/** The columns of one part out of a joined set. */
export const columnsOf = (joined: Columns, part: string): Columns =>
  Object.fromEntries(
    Object.entries(joined).flatMap(([name, column]) =>
      name.startsWith(`${part}/`) ? [[name.slice(part.length + 1), column] as const] : [],
    ),
  );

const describe = (column: Column | undefined): string =>
  column === undefined ? 'missing' : `${column.constructor.name} of ${column.length}`;
