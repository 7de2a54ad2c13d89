/** Preloaded, it lets the main thread do nothing for `?ms=` at SIGUSR2; other threads of the process go on. */
const blockedMs = Number(new URL(import.meta.url).searchParams.get('ms'));
const nothing = new Int32Array(new SharedArrayBuffer(4));

process.on('SIGUSR2', () => void Atomics.wait(nothing, 0, 0, blockedMs));
