import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readZip, writeZip } from '../../../../src/learning/export/pytorch/zip.js';

describe('writeZip and readZip', () => {
  const entries = fc.uniqueArray(
    fc.record({ name: fc.string({ minLength: 1, maxLength: 80, unit: 'binary' }), bytes: fc.uint8Array({ maxLength: 300 }) }),
    { maxLength: 6, selector: ({ name }) => name },
  );

  it('give back every file, aligned to 64 bytes', () => {
    fc.assert(
      fc.property(entries, (files) => {
        const archive = writeZip(files);
        const read = readZip(archive);
        assert.deepEqual(
          read.map(({ name, bytes }) => ({ name, bytes: Uint8Array.from(bytes) })),
          files.map(({ name, bytes }) => ({ name, bytes: Uint8Array.from(bytes) })),
        );
        for (const { bytes } of read) assert.equal((bytes.byteOffset - archive.byteOffset) % 64, 0);
      }),
      { numRuns: 200 },
    );
  });

  it('refuse an archive of which any byte of a file was changed', () => {
    const archive = writeZip([{ name: 'a', bytes: Uint8Array.of(1, 2, 3) }]);
    for (let at = 64; at < 67; at++) {
      const damaged = Uint8Array.from(archive);
      damaged[at]! ^= 1;
      assert.throws(() => readZip(damaged), { name: 'ZipInvalid', message: /"a" of the archive is compressed or damaged/ });
    }
    assert.throws(() => readZip(archive.subarray(0, -1)), { name: 'ZipInvalid', message: /do not end as an archive does/ });
  });
});
