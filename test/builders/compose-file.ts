/**
 * `compose.yaml` as the tests read it: its services' images and published ports, and the files that it holds itself.
 * In: nothing. Out: what stands there, by its layout: services and files are two spaces in, a file's text is its block.
 */
import { readFileSync } from 'node:fs';

export const COMPOSE = readFileSync(new URL('../../compose.yaml', import.meta.url), 'utf8');

export interface ComposeService {
  readonly name: string;
  readonly image: string;
  /** `127.0.0.1:4040:4040` */
  readonly ports: readonly string[];
  readonly text: string;
}

export function readServices(): ComposeService[] {
  return blocksOf('services').map(({ name, text }) => ({
    name,
    image: /^ {4}image: (\S+)$/m.exec(text)?.[1] ?? '',
    ports: [...text.matchAll(/"([\d.]+:\d+:\d+)"/g)].map(([, port]) => port),
    text,
  }));
}

/** A file that a service is given, as it is put there. */
export function readConfig(name: string): string {
  const text = blocksOf('configs').find((block) => block.name === name)?.text;
  if (text === undefined) throw new Error(`compose.yaml holds no ${name}`);
  return text
    .replace(/^.*\n {4}content: \|\n/, '')
    .replace(/^ {6}/gm, '')
    .replace(/^ +#.*\n?/gm, '');
}

/** What a list in square brackets holds. */
export const listOf = (text: string): string[] => text.split(',').map((each) => each.trim());

function blocksOf(section: string): { readonly name: string; readonly text: string }[] {
  const lines = COMPOSE.split('\n');
  const from = lines.indexOf(`${section}:`);
  const length = lines.slice(from + 1).findIndex((line) => /^\S/.test(line));
  const own = lines.slice(from + 1, length < 0 ? undefined : from + 1 + length);
  const blocks: { name: string; text: string }[] = [];
  for (const line of own) {
    const name = /^ {2}([a-z]+):$/.exec(line)?.[1];
    const last = blocks.at(-1);
    if (name !== undefined) blocks.push({ name, text: `${line}\n` });
    else if (last !== undefined) last.text += `${line}\n`;
  }
  return blocks;
}
