/** Something that was decided or scaled by knows what was not known yet; the message names it and says how it shows. */
export class LookAhead extends Error {
  override readonly name = 'LookAhead';
}
