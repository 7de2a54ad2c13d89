// A trainer whose memory runs out as V8's does: the process aborts.
process.once('message', () => process.abort());
