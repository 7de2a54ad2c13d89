import { openFolderStore } from '../../artifacts/folder-store.js';
import { verifyEvidence, type Verification } from './verify-evidence.js';

export type { Verification } from './verify-evidence.js';

/** `verifyEvidence` against a folder of artifacts. */
export const verifyEvidenceFrom = async (folder: string, text: string): Promise<Verification> =>
  verifyEvidence(await openFolderStore(folder), text);
