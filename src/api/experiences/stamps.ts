import { DateTime, IANAZone } from 'luxon';

const WITH_ZONE = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/;

/** Whether a time zone of this name exists. */
export const isTimeZone = (name: string): boolean => IANAZone.isValidZone(name);

/** A written ISO 8601 stamp as one in UTC; one without a zone is read in `zone`, and refused, as null, where that is not given. */
export const utcStamp = (written: string, zone: string | undefined): string | null => {
  const date = WITH_ZONE.test(written) ? new Date(written) : inZone(written, zone);
  return date === null || Number.isNaN(date.getTime()) ? null : date.toISOString();
};

const inZone = (written: string, zone: string | undefined): Date | null => {
  if (zone === undefined || !/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?$/.test(written)) return null;
  const read = DateTime.fromISO(written.replace(' ', 'T'), { zone });
  return read.isValid ? read.toJSDate() : null;
};
