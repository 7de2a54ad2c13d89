// A service that serves nothing: it says that it is ready, and ends when it is asked to or when its supervisor does.
process.on('SIGTERM', () => process.exit(0));
process.once('disconnect', () => process.exit(0));
process.send?.({ kind: 'ready', port: 4321 });
