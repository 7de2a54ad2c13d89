import { crc32 } from 'node:zlib';

/** A file of an archive by its path within it. */
export interface ZipEntry {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Bytes that are not an archive as `writeZip` makes them. */
export class ZipInvalid extends Error {
  override readonly name = 'ZipInvalid';
}

const LOCAL = { signature: 0x04034b50, length: 30 } as const;
const CENTRAL = { signature: 0x02014b50, length: 46 } as const;
const END = { signature: 0x06054b50, length: 22 } as const;
/** 1980-01-01, the earliest that the format has: equal content gives equal bytes. */
const DATE = 0x21;
const VERSION = 20;
/** Data begins at multiples of this, so that a reader may map it into memory. */
const ALIGNMENT = 64;
/** An extra field of this kind holds nothing but padding. */
const PADDING = { kind: 0x4246, header: 4 } as const;

/** An archive of uncompressed files (PKWARE APPNOTE 6.3, without its 64-bit part), each aligned to 64 bytes. Throws `RangeError` from 4 GiB on. */
export const writeZip = (entries: readonly ZipEntry[]): Uint8Array => {
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let at = 0;
  const append = (part: Uint8Array): void => {
    parts.push(part);
    at += part.length;
  };
  for (const { name, bytes } of entries) {
    const path = new TextEncoder().encode(name);
    const offset = at;
    const begin = at + LOCAL.length + path.length + PADDING.header;
    const extra = PADDING.header + ((ALIGNMENT - (begin % ALIGNMENT)) % ALIGNMENT);
    const facts = factsOf(path, bytes);
    append(record(LOCAL, [...facts, [2, extra]]));
    append(path);
    append(record({ signature: null, length: extra }, [[2, PADDING.kind], [2, extra - PADDING.header]])); // prettier-ignore
    append(bytes);
    directory.push(
      record(CENTRAL, [[2, VERSION], ...facts, [2, 0], [2, 0], [2, 0], [2, 0], [4, 0], [4, offset]]), // prettier-ignore
      path,
    );
  }
  const start = at;
  directory.forEach(append);
  if (at >= 2 ** 32) throw new RangeError(`an archive of ${at} bytes needs the 64-bit form of ZIP: expected less than 4 GiB`);
  append(record(END, [[2, 0], [2, 0], [2, entries.length], [2, entries.length], [4, at - start], [4, start], [2, 0]])); // prettier-ignore
  return Buffer.concat(parts);
};

/** The files of an archive of uncompressed files, checked against their checksums. Throws `ZipInvalid`. */
export const readZip = (archive: Uint8Array): ZipEntry[] => {
  const view = new DataView(archive.buffer, archive.byteOffset, archive.byteLength);
  const end = archive.length - END.length;
  if (end < 0 || view.getUint32(end, true) !== END.signature) throw new ZipInvalid(`${archive.length} bytes do not end as an archive does`);
  const entries: ZipEntry[] = [];
  let at = view.getUint32(end + 16, true);
  for (let left = view.getUint16(end + 10, true); left > 0; left--) {
    if (at + CENTRAL.length > end || view.getUint32(at, true) !== CENTRAL.signature)
      throw new ZipInvalid(`the directory of the archive is damaged at byte ${at}`);
    const [method, checksum, size] = [view.getUint16(at + 10, true), view.getUint32(at + 16, true), view.getUint32(at + 20, true)];
    const pathLength = view.getUint16(at + 28, true);
    const offset = view.getUint32(at + 42, true);
    const name = new TextDecoder().decode(archive.subarray(at + CENTRAL.length, at + CENTRAL.length + pathLength));
    const from = offset + LOCAL.length + view.getUint16(offset + 26, true) + view.getUint16(offset + 28, true);
    const bytes = archive.subarray(from, from + size);
    if (method !== 0 || bytes.length !== size || crc32(bytes) !== checksum)
      throw new ZipInvalid(`file ${JSON.stringify(name)} of the archive is compressed or damaged`);
    entries.push({ name, bytes });
    at += CENTRAL.length + pathLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return entries;
};

/** Width in bytes and value. */
type Field = readonly [2 | 4, number];

/** What both headers of a file say: version needed, flags, method (stored), time, date, checksum, size packed and not, length of the path. */
const factsOf = (path: Uint8Array, bytes: Uint8Array): Field[] => {
  const [checksum, size] = [crc32(bytes), bytes.length];
  return [[2, VERSION], [2, 0], [2, 0], [2, 0], [2, DATE], [4, checksum], [4, size], [4, size], [2, path.length]]; // prettier-ignore
};

/** Little-endian fields after the signature, filled up with zeros. */
const record = (kind: { readonly signature: number | null; readonly length: number }, fields: readonly Field[]): Uint8Array => {
  const bytes = new Uint8Array(kind.length);
  const view = new DataView(bytes.buffer);
  let at = 0;
  const write = (width: number, value: number): void => {
    if (width === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += width;
  };
  if (kind.signature !== null) write(4, kind.signature);
  for (const [width, value] of fields) write(width, value);
  return bytes;
};
