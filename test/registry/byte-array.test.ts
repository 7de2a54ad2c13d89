import assert from 'node:assert/strict';
import fc from 'fast-check';
import { z } from 'zod';
import { byteArray } from '../../src/registry/experiences/byte-array.js';
import { openDatabase } from '../../src/registry/database/database.js';
import { recordingLogger } from '../support/recording-logger.js';
import { freshDatabase } from '../support/services/postgres.js';

describe('byteArray', () => {
  it('is to PostgreSQL the bytes that it was made of, in their order', async () => {
    const database = openDatabase(await freshDatabase(), recordingLogger());
    const bytes = fc.array(fc.uint8Array({ maxLength: 40 }), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(bytes, async (values) => {
        const rows = await database.query(z.object({ value: z.instanceof(Uint8Array) }), 'select unnest($1::bytea[]) as value', [
          byteArray(values),
        ]);
        assert.deepEqual(rows.map(({ value }) => [...value]), values.map((value) => [...value])); // prettier-ignore
      }),
      { numRuns: 50, seed: 3 },
    );
    await database.close();
  });
});
