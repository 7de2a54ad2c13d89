/** The configuration cannot be used, whatever is tried again. */
export class BadConfig extends Error {
  override readonly name = 'BadConfig';
}
