/** Nothing is stored under an id. */
export class ArtifactMissing extends Error {
  override readonly name = 'ArtifactMissing';
  constructor(readonly id: string) {
    super(`artifact ${id} is not in the store: it was never stored here, was removed, or is quarantined as corrupt`);
  }
}

/** What is stored under an id does not have its hash; it was set aside and is no longer served. */
export class ArtifactCorrupt extends Error {
  override readonly name = 'ArtifactCorrupt';
  constructor(
    readonly id: string,
    readonly found: string,
    readonly quarantine: string,
  ) {
    super(
      `artifact ${id} has the hash ${found}: it was damaged after it was stored and is set aside as ${quarantine}; restore or make it again`,
    );
  }
}

export class InvalidArtifactId extends Error {
  override readonly name = 'InvalidArtifactId';
  constructor(readonly value: string) {
    super(`${JSON.stringify(value)} is no artifact id: expected the 64 lower-case hex digits of a SHA-256`);
  }
}
