/**
 * Which recordings go to a backend by themselves.
 * In: a rule, a recording's address and tags. Out: whether it is meant; for a rule, why it can never be.
 */
import type { Labels } from '../contract.ts';
import type { DeliveryRule } from './backend.ts';

export function isMeant(rule: DeliveryRule, url: string, tags: Labels): boolean {
  if (!rule.isOn || explainRule(rule) !== null) return false;
  const isSite = rule.sites.length === 0 || rule.sites.some((site) => matchesSite(site, url));
  return isSite && Object.entries(rule.tags).every(([name, value]) => (tags[name] ?? '') === value);
}

/** What is wrong with a rule; null where it can be used. */
export function explainRule({ isOn, sites, tags }: DeliveryRule): string | null {
  if (isOn && sites.length === 0 && Object.keys(tags).length === 0)
    return 'Name a site or a tag: without one nothing is sent. * is every site.';
  const broken = sites.find((site) => site !== '*' && !/^(\*\.)?[^\s/*]+$/.test(site));
  return broken === undefined
    ? null
    : `${broken} is no site: give a host (shop.example), *.shop.example for those under it, or * for all.`;
}

function matchesSite(site: string, url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { host, hostname } = new URL(url);
  const wanted = site.toLowerCase();
  if (wanted === '*') return true;
  if (wanted.startsWith('*.')) return hostname.endsWith(wanted.slice(1));
  return wanted === host || wanted === hostname;
}
