import { readdir, readFile, readlink } from 'node:fs/promises';

/** Local address and state of a line of `/proc/net/tcp`, and its socket's inode: `0: 0100007F:1C41 00000000:0000 0A … inode`. */
const LINE = /^\s*\d+: [0-9A-F]+:([0-9A-F]{4}) \S+ 0A(?: +\S+){5} +(\d+)/;

/** Whether a process itself listens on a TCP port; null where that cannot be seen, which is everywhere but on Linux. */
export const listensOn = async (pid: number, port: number): Promise<boolean | null> => {
  if (process.platform !== 'linux') return null;
  const tables = await Promise.all(['tcp', 'tcp6'].map((name) => readFile(`/proc/net/${name}`, 'utf8').catch(() => '')));
  const sockets = new Set<string>();
  for (const line of tables.join('\n').split('\n')) {
    const [, hexPort, inode] = LINE.exec(line) ?? [];
    if (hexPort !== undefined && parseInt(hexPort, 16) === port) sockets.add(`socket:[${inode}]`);
  }
  const folder = `/proc/${pid}/fd`;
  const descriptors = await readdir(folder).catch(() => []);
  const targets = await Promise.all(descriptors.map((name) => readlink(`${folder}/${name}`).catch(() => '')));
  return targets.some((target) => sockets.has(target));
};
