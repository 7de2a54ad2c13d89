/** Preloaded, it lets this process and those that it forks think that it is `?hours=` later than it is. */
const aheadMs = Number(new URL(import.meta.url).searchParams.get('hours')) * 3_600_000;
const RealDate = Date;

globalThis.Date = class extends RealDate {
  constructor(...parts: readonly (number | string | Date)[]) {
    super(...((parts.length === 0 ? [RealDate.now() + aheadMs] : parts) as [number]));
  }

  static override now(): number {
    return RealDate.now() + aheadMs;
  }
} as DateConstructor;
