/** A form of configuration other than Ratchet's own, recognised by its keys and translated key by key. */
export interface Dialect {
  readonly name: string;
  recognises(keys: readonly string[]): boolean;
  /** Dotted source key to dotted path in Ratchet's configuration; one `*` stands for a name in both. A key in neither table is refused by name. */
  readonly paths: Readonly<Record<string, string>>;
  /** Keys that are accepted and have no effect, with the reason, which is said at start. */
  readonly unused: Readonly<Record<string, string>>;
}
