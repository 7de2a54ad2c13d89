import { z } from 'zod';
import type { DataFile } from '../../domain/learner/data-file.js';
import type { FileList } from '../../domain/learner/state.js';
import type { ArtifactStore } from '../../domain/ports.js';

const fileList = z.array(z.object({ id: z.string(), pathId: z.string(), bytes: z.number(), sha256: z.string() }));

export interface FileListActivities {
  /** Puts a long list of files aside, as an artifact: workflows hold short ones only. */
  storeFileList(request: { readonly files: readonly DataFile[] }): Promise<FileList>;
}

export const createFileListActivities = ({ artifacts }: { readonly artifacts: ArtifactStore }): FileListActivities => ({
  storeFileList: async ({ files }) => ({
    artifact: await artifacts.put(new TextEncoder().encode(JSON.stringify(files))),
    count: files.length,
  }),
});

/** The files of lists that were put aside, in order. */
export const readFileLists = async (artifacts: ArtifactStore, lists: readonly FileList[]): Promise<DataFile[]> => {
  const files: DataFile[] = [];
  for (const { artifact } of lists) files.push(...fileList.parse(JSON.parse(new TextDecoder().decode(await artifacts.get(artifact)))));
  return files;
};
