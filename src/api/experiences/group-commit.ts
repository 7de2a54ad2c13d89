/** Too much waits to be stored: the caller is to come again. */
export class Overloaded extends Error {
  override readonly name = 'Overloaded';
  constructor(waiting: number, most: number) {
    super(`${waiting} experiences wait to be stored, and at most ${most} may: send them again in a second`);
  }
}

export interface GroupCommitOptions<Item, Outcome> {
  /** Writes many in one transaction and says what became of each, in order. */
  readonly write: (items: readonly Item[]) => Promise<readonly Outcome[]>;
  /** Written at once. */
  readonly largest: number;
  /** May wait; beyond it `Overloaded` is thrown. */
  readonly mostWaiting: number;
}

/**
 * Gathers what arrives while a write is under way into the next one, so that many callers share a commit and none waits for a timer. An item's
 * promise resolves when it is durable and rejects with the failure of its write. The write under way is the only one.
 */
export const createGroupCommit = <Item, Outcome>({ write, largest, mostWaiting }: GroupCommitOptions<Item, Outcome>) => {
  const waiting: { readonly item: Item; readonly resolve: (outcome: Outcome) => void; readonly reject: (error: unknown) => void }[] = [];
  let writing = false;

  const drain = async (): Promise<void> => {
    writing = true;
    while (waiting.length > 0) {
      const group = waiting.splice(0, largest);
      try {
        const outcomes = await write(group.map(({ item }) => item));
        outcomes.forEach((outcome, at) => group[at]?.resolve(outcome));
      } catch (error) {
        for (const { reject } of group) reject(error);
      }
    }
    writing = false;
  };

  return (item: Item): Promise<Outcome> =>
    new Promise((resolve, reject) => {
      if (waiting.length >= mostWaiting) {
        reject(new Overloaded(waiting.length, mostWaiting));
        return;
      }
      waiting.push({ item, resolve, reject });
      if (!writing) void drain();
    });
};
