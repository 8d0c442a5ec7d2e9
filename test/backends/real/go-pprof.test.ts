/** `go tool pprof` reads what we would push: the same functions, weights and lines. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { buildCargo, buildDestination, planned, threeTypes } from '../../builders/cargo.ts';

const folder = mkdtempSync(join(tmpdir(), 'pageflame-pprof-'));
afterAll(() => rmSync(folder, { recursive: true }));

const pprof = (...args: string[]): string =>
  execFileSync('go', ['tool', 'pprof', ...args], { encoding: 'utf8' });

it('-top and -peek tell our totals', async () => {
  const { parcels } = await planned(
    buildCargo({ profiles: threeTypes() }),
    buildDestination('pyroscope', 'http://127.0.0.1:4040'),
  );
  const file = join(folder, 'cpu.pb.gz');
  const { content } = parcels[0];
  if (!('pprof' in content)) throw new Error(content.kind);
  writeFileSync(file, content.pprof);
  const rows = pprof('-top', '-sample_index=cpu', file).split('\n').slice(-5).join('\n');
  const row = (name: string): string[] =>
    rows
      .split('\n')
      .find((line) => line.trim().endsWith(name))
      ?.trim()
      .split(/\s+/) ?? [];
  // flat, its share, sum, cumulated, its share
  expect(row('f1').slice(0, 5)).toEqual(['10ms', '15.38%', expect.any(String), '65ms', '100%']);
  expect(row('f2').slice(0, 5)).toEqual(['20ms', '30.77%', expect.any(String), '50ms', '76.92%']);
  expect(row('f3').slice(0, 5)).toEqual(['30ms', '46.15%', expect.any(String), '30ms', '46.15%']);
  expect(row('Layout').slice(0, 1)).toEqual(['5ms']);
  expect(pprof('-top', '-sample_index=samples', file)).toMatch(/30 +46\.15%/);
  expect(pprof('-peek', 'f2', '-sample_index=cpu', file)).toMatch(/f1/);
  expect(pprof('-tags', '-sample_index=cpu', file)).toMatch(/rendering/);
});
