/** `go tool pprof` reads what we would push: the same functions, weights and lines. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { gzip, writePprof } from '../../../src/profile/index.ts';
import { buildCargo, buildDestination, planned, threeTypes } from '../../builders/cargo.ts';
import { profileOf } from '../../builders/profiles.ts';

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

it('-list tells the lines, of sources that lie as the site has them', async () => {
  const url = 'https://shop.example/js/app.js';
  const file = join(folder, 'lines.pb.gz');
  // f1 begins in line 1 and calls f2, of line 4, which was seen in lines 5 and 6.
  const profile = profileOf({ [`f1@${url}:1`]: 10_000, [`f1@${url}:1;f2@${url}:4`]: 60_000 });
  const { samples } = profile;
  samples.line.set([2, 6]);
  writeFileSync(file, await gzip(writePprof([profile])));
  const source = ['function f1() {', '  wait();', '  f2(); }', 'function f2() {', '  a();', '  b(); }'];
  const site = join(folder, 'shop.example');
  mkdirSync(join(site, 'js'), { recursive: true });
  writeFileSync(join(site, 'js/app.js'), source.join('\n'));
  const listed = pprof('-list', 'f2', `-source_path=${site}`, file);
  expect(listed).toMatch(/ROUTINE =+ f2 in .*app\.js/);
  expect(listed).toMatch(/60ms +60ms .*6: +b\(\); }/);
  expect(listed).toMatch(/\. +\. +5: +a\(\);/);
  const caller = pprof('-list', 'f1', `-source_path=${site}`, file);
  expect(caller).toMatch(/10ms +10ms +2: +wait\(\);/);
  expect(caller).toMatch(/\. +60ms +1:function f1/);
  // Without the sources the routine's own line has the totals.
  expect(pprof('-list', 'f2', file)).toMatch(/60ms +60ms \(flat, cum\)/);
});
