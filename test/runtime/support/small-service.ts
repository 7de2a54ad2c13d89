import { readFileSync } from 'node:fs';
import { z } from 'zod';

// A service that serves nothing: it says that it is ready, at the port of its configuration, and ends when it is asked to or when its supervisor does.
const settings = z.object({ serving: z.object({ port: z.number() }) });
const { serving } = settings.parse(JSON.parse(readFileSync(process.env.RATCHET_CONFIG ?? '', 'utf8')));
if (process.env.RATCHET_DEPLOYMENT !== '') throw new Error('a supervisor’s service is no build of a deployment');
process.on('SIGTERM', () => process.exit(0));
process.once('disconnect', () => process.exit(0));
process.send?.({ kind: 'ready', port: serving.port });
