import assert from 'node:assert/strict';
import { findChange } from '../../../src/domain/drift/find-change.js';
import { adaptiveWindow } from '../../../src/domain/drift/streams/adaptive-window.js';
import { streamDetectors } from '../../../src/domain/drift/streams/detectors.js';
import { pageHinkley } from '../../../src/domain/drift/streams/page-hinkley.js';
import { createRandom } from '../../../src/learning/random.js';

// The stream of River's tests: Python's random.Random(12345), a thousand choices of 0 and 1, then a thousand from 4 to 7; here as bits and pairs of bits.
const CALM =
  '222aa8771deb7322f655c8c3590c849e39621e8722181576e36149015fd9c4fcc85bf744ae42ffe7036322178ab8793e09c6ec5cd4062f61aec3cfc385de6' +
  '6aa80f28a830440e5e0c5162f97462f674f2fce128367cf93cf374e9cff5c02d1a6be3fbe0531022abebe89e1571121b5878a2675b0c3bbd884f1c14aedfb';
const MOVED =
  '2cb4be36b8ac8c8555c0fc6a3a9048992c3fdffe247bc8dc8fa11257f434c91ec197e2aa7f42c666fd032d3cf50d5f57c1fd0d13627ea1f50cc6107160796' +
  '24910a6db55bd7948115f7447b50edf2120afb59583c0dd32ed0f8732362dc26060122428871dc7d51eea147f95fe6eeeb7789072493c598e79273c6591f2' +
  'ee5ac7980c5809168c50afda3edd69fb5d39e6e175f2e712714e6443d30e7ecad9ae34d07c965fef9ba1a8d373a2927180f180c8a855c73edf5e9b98ead8a' +
  '846652068a0d992b7b1db02c97e75624bf3f234a92218dd948557daa0d8902c9a0e246b765a0574563b4be185c61988b171cc997302510a4c9c4e4d173caf';

const digits = (hex: string, bits: number): number[] => {
  const text = Array.from(hex, (digit) => parseInt(digit, 16).toString(2).padStart(4, '0')).join('');
  return Array.from({ length: text.length / bits }, (_, i) => parseInt(text.slice(i * bits, (i + 1) * bits), 2));
};
const river = Float64Array.from([...digits(CALM, 1), ...digits(MOVED, 2).map((value) => 4 + value)]);

/** The first value after which a detector, asked after every so many, has more evidence than a threshold. */
const firstAlarm = (detect: (values: Float64Array) => { readonly evidence: number }, threshold: number, every: number): number => {
  for (let seen = every; seen <= river.length; seen += every) if (detect(river.subarray(0, seen)).evidence > threshold) return seen - 1;
  return -1;
};

describe('the detectors of changes in a stream', () => {
  it('find the change in the stream of River where its detectors do: ADWIN with δ 0.002 looked at every 32 values, Page-Hinkley with λ 50', () => {
    assert.equal(river.length, 2_000);
    assert.equal(firstAlarm(adaptiveWindow, -Math.log(0.002), 32), 1_023);
    assert.equal(firstAlarm(pageHinkley, 50, 1), 1_006);
  });

  for (const [name, detect] of Object.entries(streamDetectors))
    it(`say since when, upwards and downwards, and have no evidence of nothing (${name})`, () => {
      const step = Float64Array.from({ length: 60 }, (_, i) => (i < 40 ? 0 : 3) + 0.01 * Math.sin(i));
      for (const values of [step, step.map((value) => -value)]) assert.ok(Math.abs(detect(values).since - 40) <= 1);
      assert.equal(detect(new Float64Array(60)).evidence, 0);
      assert.equal(detect(new Float64Array()).evidence, 0);
    });
});

describe('findChange', () => {
  /** Sessions with fat tails and clustered by nothing, the newest moved by a number of deviations. */
  const streams = (seed: number, moved: number) => {
    const random = createRandom(seed, 'change');
    const values = (shift: number): Float64Array => Float64Array.from({ length: 60 }, (_, i) => random.normal() / (0.3 + random.uniform()) + (i < 45 ? 0 : shift)); // prettier-ignore
    return [
      { name: 'net return', values: values(moved) },
      { name: 'position held', values: values(0) },
    ];
  };
  const found = (seed: number, moved: number, level: number) =>
    findChange(streams(seed, moved), { level, random: createRandom(seed, 'orders') });

  it('alarms no more often than the level where nothing changes, however many streams and detectors are looked at', () => {
    const [repeats, level] = [60, 0.2];
    const alarms = Array.from({ length: repeats }, (_, seed) => found(seed, 0, level)?.changed).filter((alarm) => alarm === true).length;
    assert.ok(alarms <= level * repeats + 3 * Math.sqrt(level * (1 - level) * repeats), `${alarms} alarms`);
    assert.ok(alarms > 0, 'a test that never alarms says nothing');
  });

  it('finds a change of the mean, which stream it is in and since when', () => {
    const finding = found(3, 5, 0.01);
    assert.ok(finding?.changed === true && finding.stream === 'net return' && Math.abs(finding.since - 45) <= 3, JSON.stringify(finding));
    assert.ok(finding.after - finding.before > 3);
  });

  it('says nothing of fewer than twenty sessions, of no stream and of what never moves', () => {
    const options = { level: 0.1, random: createRandom(1, 'orders') };
    assert.equal(findChange([{ name: 'net return', values: new Float64Array(19) }], options), null);
    assert.equal(findChange([], options), null);
    assert.equal(findChange([{ name: 'net return', values: new Float64Array(40) }], options), null);
  });
});
