import { count } from '../../domain/gate/wording.js';

/** A measured number of any size in a few characters; `–` where there is none. */
export const figure = (value: number | null): string => {
  if (value === null) return '–';
  if (Number.isInteger(value)) return value < 0 ? `-${count(-value)}` : count(value);
  return Math.abs(value) >= 100 ? count(value) : value.toPrecision(3);
};

/** `1:05` minutes and seconds, `2:03:00` with hours. */
export const duration = (seconds: number): string => {
  const whole = Math.max(0, Math.round(seconds));
  const [hours, minutes, rest] = [Math.floor(whole / 3_600), Math.floor(whole / 60) % 60, whole % 60];
  const tail = `${hours > 0 ? twoDigits(minutes) : minutes}:${twoDigits(rest)}`;
  return hours > 0 ? `${hours}:${tail}` : tail;
};

/** A bar of full and empty blocks for a share of 0 to 1. */
export const bar = (share: number, width: number): string => {
  const full = Math.round(Math.min(1, Math.max(0, share)) * width);
  return `${'█'.repeat(full)}${'░'.repeat(width - full)}`;
};

const twoDigits = (value: number): string => String(value).padStart(2, '0');
