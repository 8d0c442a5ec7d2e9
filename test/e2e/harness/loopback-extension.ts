/**
 * The build with leave for the loopback: no test can press the prompt in which Chrome asks a user for leave to reach
 * an origin. In: the build. Out: a copy of it whose manifest has `host_permissions` for the loopback and is otherwise,
 * as all its files are, byte for byte the same.
 */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EXTENSION } from './browser.ts';

/** Match patterns without a port are for every port. */
export const LOOPBACK = ['http://127.0.0.1/*', 'https://127.0.0.1/*', 'http://localhost/*'];

export interface LoopbackExtension {
  readonly path: string;
  remove(): void;
}

export function copyForLoopback(): LoopbackExtension {
  const path = mkdtempSync(join(tmpdir(), 'pageflame-loopback-'));
  cpSync(EXTENSION, path, { recursive: true });
  const file = join(path, 'manifest.json');
  const manifest = { ...JSON.parse(readFileSync(file, 'utf8')), host_permissions: LOOPBACK };
  writeFileSync(file, JSON.stringify(manifest));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
