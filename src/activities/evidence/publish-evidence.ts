import { canonicalJson } from '../../domain/canonical-json.js';
import type { ArtifactStore } from '../../domain/ports.js';
import { evidencePage } from '../../reports/evidence/page.js';
import { loadEvaluation } from './load-evaluation.js';
import { makePack, type Judged } from './make-pack.js';

/** Artifact ids of a decision's evidence: all numbers as JSON, and the page that shows them. */
export interface PublishedEvidence {
  readonly pack: string;
  readonly page: string;
}

/** Makes and stores the evidence pack of a decision. The same decision gives the same artifacts. */
export const publishEvidence = async (artifacts: ArtifactStore, judged: Judged): Promise<PublishedEvidence> => {
  const pack = await makePack(await loadEvaluation(artifacts, judged.id), judged);
  const store = (text: string): Promise<string> => artifacts.put(new TextEncoder().encode(text));
  return { pack: await store(canonicalJson(pack)), page: await store(evidencePage(pack)) };
};
