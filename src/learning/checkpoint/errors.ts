/** Why a checkpoint could not be written: `diskFull` passes once there is room, `deviceFailed` may pass or not. */
export type CheckpointFailure = 'diskFull' | 'deviceFailed' | 'other';

/** Operating system error codes by what they mean for a checkpoint. */
const failures: Readonly<Record<string, CheckpointFailure>> = {
  ENOSPC: 'diskFull',
  EDQUOT: 'diskFull',
  EFBIG: 'diskFull',
  EIO: 'deviceFailed',
};

const advice = {
  diskFull: 'free disk space; the newest good checkpoint is untouched and training goes on from memory',
  deviceFailed: 'check the disk; the newest good checkpoint is untouched',
  other: 'see the cause; the newest good checkpoint is untouched',
} as const satisfies Record<CheckpointFailure, string>;

/** A checkpoint was not written. Nothing of it is left, and older ones are as they were. */
export class CheckpointFailed extends Error {
  override readonly name = 'CheckpointFailed';
  readonly reason: CheckpointFailure;
  constructor(
    readonly folder: string,
    readonly step: number,
    override readonly cause: unknown,
  ) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
    const reason = failures[code] ?? 'other';
    super(
      `checkpoint of step ${step} could not be written to ${folder} (${cause instanceof Error ? cause.message : String(cause)}): ${advice[reason]}`,
    );
    this.reason = reason;
  }
}

/** Another attempt of the run has taken over: this one must write nothing more. */
export class StaleEpoch extends Error {
  override readonly name = 'StaleEpoch';
  constructor(epoch: number, current: number) {
    super(`epoch ${epoch} of this run is over: a checkpoint of epoch ${current} exists; this attempt must stop`);
  }
}

/** A good checkpoint, but of another configuration or dataset than the run's. */
export class CheckpointMismatch extends Error {
  override readonly name = 'CheckpointMismatch';
  constructor(folder: string, what: string, found: string, expected: string) {
    super(`checkpoint ${folder} has ${what} ${found}: expected ${expected}; a run keeps its ${what}, start a new run for another`);
  }
}
