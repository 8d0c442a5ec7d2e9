/** The manifest asks for no more than docs/permissions.md gives a reason for. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const read = (path: string): string => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');
const manifest = JSON.parse(read('manifest.json'));
const reasons = read('docs/permissions.md');

describe('the manifest', () => {
  it('asks for what the documentation gives a reason for, and for nothing else', () => {
    const documented = [...reasons.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);
    expect(manifest.permissions.toSorted()).toEqual(documented.sort());
    expect(manifest.host_permissions).toBeUndefined();
    expect(manifest.content_scripts).toBeUndefined();
    for (const origin of manifest.optional_host_permissions) expect(reasons).toContain(origin);
  });

  it('says why it needs its oldest Chrome', () => {
    expect(reasons).toContain(`\`minimum_chrome_version\` is ${manifest.minimum_chrome_version}`);
    expect(reasons).toMatch(new RegExp(`^- ${manifest.minimum_chrome_version}: `, 'm'));
  });

  it('stays out of private windows, and lets in no foreign script', () => {
    expect(manifest.incognito).toBe('not_allowed');
    const policy: string = manifest.content_security_policy.extension_pages;
    expect(policy).toContain("default-src 'none'");
    // The trace kernel is WebAssembly of our own; `eval` and inline scripts stay forbidden.
    expect(reasons).toContain("`'wasm-unsafe-eval'`");
    expect(policy).toContain("script-src 'self' 'wasm-unsafe-eval';");
    // A user's backend can be anywhere; leave is given per origin.
    expect(reasons).toContain('`connect-src`');
    expect(policy).toContain("connect-src 'self' http: https:;");
    const rest = policy.replace("'wasm-unsafe-eval'", '').replace("connect-src 'self' http: https:;", '');
    expect(rest).not.toMatch(/unsafe|\*|https?:/);
  });

  it('leaves the press of its button to the service worker', () => {
    expect(manifest.action.default_popup).toBeUndefined();
  });
});
