/** Events of a Perfetto stream as JSON: what DevTools' engine asks of them is there. */
import { expect, test } from 'vitest';
import { writeJsonEvents } from '../../../src/trace/index.ts';
import {
  begin,
  blocksOf,
  end,
  type Field,
  message,
  opening,
  packet,
  text,
  varint,
} from '../../builders/perfetto.ts';

const NAME = 'RenderFrameHostImpl::DidCommitSameDocumentNavigation';

async function argsOf(typed: Field): Promise<unknown> {
  const bytes = Uint8Array.from([
    ...opening(),
    ...packet({ flags: 2, time: 1, event: begin(NAME, { more: typed }) }),
    ...packet({ flags: 2, time: 2, event: end() }),
  ]);
  const texts: string[] = [];
  for await (const written of writeJsonEvents(blocksOf(bytes, () => 64))) texts.push(written);
  const events: { name: string; ph: string; args: unknown }[] = JSON.parse(`[${texts.join(',')}]`);
  return events.find(({ name, ph }) => name === NAME && ph === 'X')?.args;
}

test('the frame of a same-document navigation', async () => {
  const host = message(
    1028,
    varint(3, 4),
    text(4, 'https://a.test'),
    text(5, 'https://a.test/2'),
    varint(6, 7),
    varint(12, 2),
    // Its process.
    message(1, varint(1, 6)),
  );
  expect(await argsOf(host)).toEqual({
    render_frame_host: {
      lifecycle_state: 'ACTIVE',
      origin: 'https://a.test',
      url: 'https://a.test/2',
      frame_tree_node_id: 7,
      frame_type: 'PRIMARY_MAIN_FRAME',
    },
  });
});

test('a host of which nothing is told is there all the same: the engine looks into it', async () => {
  expect(await argsOf([])).toEqual({ render_frame_host: {} });
});
