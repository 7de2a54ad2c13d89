import assert from 'node:assert/strict';
import { blendRefusal, relationOf } from '../../../src/domain/transfer/relation.js';

const place = (name: string) => ({ instrument: 'ES', bucket: 'default', name });
const version = (name: string, ...ancestors: string[]) => ({
  place: place(name),
  ancestors: [{ through: [place(name), ...ancestors.map(place)] }],
});

describe('relationOf', () => {
  it('is lineage from parent to child, from child to parent, and between siblings', () => {
    assert.deepEqual(relationOf(version('v1'), version('v3', 'v2', 'v1')), { kind: 'lineage', common: place('v1') });
    assert.deepEqual(relationOf(version('v3', 'v2', 'v1'), version('v1')), { kind: 'lineage', common: place('v1') });
    assert.deepEqual(relationOf(version('v3', 'v2'), version('v4', 'v2')), { kind: 'lineage', common: place('v2') });
  });

  it('is independent where no version is common, and that alone is refused', () => {
    const relation = relationOf(version('v3', 'v1'), version('v4', 'v2'));
    assert.equal(relation.kind, 'independent');
    assert.match(blendRefusal(relation) ?? '', /^ES\/default\/v3 and ES\/default\/v4 were trained independently/);
    assert.equal(blendRefusal({ kind: 'fresh' }), null);
    assert.equal(blendRefusal({ kind: 'lineage', common: place('v1') }), null);
  });

  it('tells versions of one name in two buckets apart', () => {
    const long = { place: { ...place('v1'), bucket: 'Long' }, ancestors: [] };
    assert.equal(relationOf(version('v1'), long).kind, 'independent');
  });
});
