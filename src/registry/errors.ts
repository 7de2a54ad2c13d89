/** An operation key was used before for something else: keys name one operation for ever. */
export class OperationKeyReused extends Error {
  override readonly name = 'OperationKeyReused';
  constructor(operationKey: string, stored: string, asked: string) {
    super(`operation key ${JSON.stringify(operationKey)} already stands for ${stored}, not ${asked}: use a new key for a new operation`);
  }
}

/** A write by an attempt that a newer attempt of the same run has replaced. */
export class StaleEpoch extends Error {
  override readonly name = 'StaleEpoch';
  constructor(runId: string, epoch: number, current: number) {
    super(`epoch ${epoch} of run ${runId} is over, epoch ${current} has taken its place: this attempt must stop`);
  }
}

/** What is live is not what the caller believed when it decided. */
export class ProductionConflict extends Error {
  override readonly name = 'ProductionConflict';
  constructor(
    readonly where: string,
    readonly expected: string | null,
    readonly found: string | null,
  ) {
    super(`${where} has ${found ?? 'nothing'} live, expected ${expected ?? 'nothing'}: look again and decide anew`);
  }
}

/** A name under which nothing is registered. */
export class NotRegistered extends Error {
  override readonly name = 'NotRegistered';
  constructor(what: string, id: string, advice: string) {
    super(`no ${what} ${JSON.stringify(id)} is registered: ${advice}`);
  }
}

/** A record that is stored already, with other content. */
export class RecordConflict extends Error {
  override readonly name = 'RecordConflict';
  constructor(what: string, id: string, difference: string) {
    super(`${what} ${id} is stored already and differs: ${difference}`);
  }
}
