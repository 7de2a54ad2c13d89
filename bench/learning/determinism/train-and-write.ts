/** Run as a process of its own: takes so many steps of one of the nets from the same start, and writes the learner's whole state. Arguments: net, steps, file. */
import { writeFile } from 'node:fs/promises';
import { createLearner } from '../../../src/learning/create-learner.js';
import { writeSafetensors } from '../../../src/learning/safetensors.js';
import { learnerOptions, NETS, randomBatch } from '../../speed/nets.js';

const [net = '0', steps = '1', file = ''] = process.argv.slice(2);
const learner = await createLearner({ ...learnerOptions(NETS[Number(net)]!), backend: 'compiled' });
for (let step = 0; step < Number(steps); step++) learner.step(randomBatch(step));
await writeFile(file, writeSafetensors(learner.state()));
learner.dispose();
