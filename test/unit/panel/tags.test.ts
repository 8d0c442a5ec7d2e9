/** Tags in the panel: what is typed, what is said of it, what is kept, finding by it, and links back. */
import { describe, expect, it } from 'vitest';
import { deriveTraceIds } from '../../../src/backends/index.ts';
import { createApp } from '../../../src/panel/state/app.ts';
import { filterShelf, wordOfTag } from '../../../src/panel/state/library/shelf-filter.ts';
import {
  addRow,
  checkRows,
  createTagForm,
  gatherVocabulary,
} from '../../../src/panel/state/library/tag-form.ts';
import { defaultRecordingName, type Recording, recordingId } from '../../../src/recording/index.ts';
import { DEFAULT_SETTINGS } from '../../../src/settings/index.ts';
import { fakeOutside, settled } from '../../builders/panel-outside.ts';
import { buildRecording } from '../../builders/recording.ts';

const SITE = 'shop.example:8080';

const whole = (id: string, changes: Partial<Recording> = {}): Recording =>
  buildRecording({ id: recordingId(id), name: id, state: 'whole', ...changes });

function start(recordings: readonly Recording[]) {
  const fake = fakeOutside({ recordings });
  return { ...fake, app: createApp(fake.outside, { asked: null }) };
}

describe('finding recordings', () => {
  const recordings = [
    whole('a', { tags: { env: 'staging' }, url: 'https://shop.example/cart' }),
    whole('b', { tags: { env: 'live', note: 'two words' }, pageVersion: '2.3.0' }),
    whole('c', { siteTags: { env: 'staging' }, url: 'https://shop.example/home' }),
  ];
  const find = (text: string): string =>
    filterShelf(recordings, text)
      .map(({ id }) => id)
      .join('');

  it.each([
    ['', 'abc'],
    ['env=staging', 'ac'],
    ['env=stag cart', 'a'],
    ['ENV=', 'abc'],
    ['note=', 'b'],
    ['note="two words"', 'b'],
    ['2.3', 'b'],
    ['page_version=2', 'b'],
    ['nothing', ''],
    ['env=="', ''],
  ])('%s', (text, ids) => expect(find(text)).toBe(ids));

  it('takes the tag of a plate as a word', () => {
    expect(find(wordOfTag('note', 'two words'))).toBe('b');
  });
});

describe('the form', () => {
  const settings = { sites: [{ site: SITE, tags: { team: 'cart', later: 'x' } }] };

  it('shows what is the recording’s and what is its site’s, and keeps it apart', () => {
    const form = createTagForm(whole('a', { tags: { env: 'live' }, siteTags: { team: 'cart' } }), settings);
    expect(form.rows.value.map(({ name, ofSite }) => [name, ofSite])).toEqual([
      ['team', true],
      ['env', false],
    ]);
    expect(form.result()).toEqual({
      name: 'a',
      tags: { env: 'live' },
      siteTags: { team: 'cart' },
      site: null,
    });
  });

  it('puts a tag on the site, and takes one off; what the recording never had stays there', () => {
    const form = createTagForm(whole('a', { tags: { env: 'live' }, siteTags: { team: 'cart' } }), settings);
    form.rows.value = form.rows.value.map((row) => ({ ...row, ofSite: row.name === 'env' }));
    expect(form.result()).toEqual({
      name: 'a',
      tags: { team: 'cart' },
      siteTags: { env: 'live' },
      site: { later: 'x', env: 'live' },
    });
  });

  it('knows which automatic tag a row stands for', () => {
    const form = createTagForm(whole('a'), settings);
    form.rows.value = addRow(form.rows.value, { name: 'page', value: '/checkout' });
    expect(form.automatic.value.find(({ name }) => name === 'page')).toEqual({
      name: 'page',
      value: '/cart',
      isReplaced: true,
    });
    expect(form.result().tags).toEqual({ page: '/checkout' });
  });

  it('says which rule a row breaks, and why it is one', () => {
    const rows = [
      { key: 0, name: 'my tag', value: 'x', ofSite: false },
      { key: 1, name: 'url', value: 'https://shop.example/a/b?c=d', ofSite: false },
      { key: 2, name: 'env', value: 'a', ofSite: false },
      { key: 3, name: 'env', value: 'b', ofSite: false },
      { key: 4, name: 'cache', value: '', ofSite: false },
    ];
    const { byRow } = checkRows(rows, {});
    expect(byRow.get(0)?.map(({ weight, kinds }) => [weight, kinds])).toEqual([
      ['refused', ['pyroscope']],
      ['refused', ['parca']],
      ['refused', ['otlp', 'otlp-traces']],
    ]);
    expect(byRow.get(1)?.[0]).toMatchObject({ weight: 'warning', kinds: ['pyroscope', 'parca', 'otlp'] });
    expect(byRow.get(1)?.[0].problem).toContain('a whole address');
    expect(byRow.get(2)?.[0].problem).toContain('once more');
    expect(byRow.get(3)).toEqual([]);
    expect(byRow.get(4)).toEqual([]);
  });

  it('counts all of them together', () => {
    const rows = Array.from({ length: 30 }, (_, key) => ({
      key,
      name: `t${key}`,
      value: 'x',
      ofSite: false,
    }));
    expect(checkRows(rows, {}).together[0]).toMatchObject({ weight: 'refused', kinds: ['pyroscope'] });
  });

  it('offers names and values of earlier recordings, the newest first', () => {
    const earlier = [whole('b', { tags: { env: 'live' } }), whole('a', { tags: { env: 'test', who: 'me' } })];
    const { names, valuesOf } = gatherVocabulary(earlier, settings);
    expect(names.slice(0, 4)).toEqual(['env', 'who', 'team', 'later']);
    expect(names).toContain('service_name');
    expect(valuesOf('env')).toEqual(['live', 'test']);
    expect(valuesOf('nothing')).toEqual([]);
  });
});

describe('keeping them', () => {
  it('changes recording and site, tells it, and takes it back', async () => {
    const recording = whole('a', { tags: { env: 'live' } });
    const fake = start([recording]);
    await settled();
    const { tagging, shelf } = fake.app;
    tagging.open(recording.id);
    expect(tagging.subject.value?.id).toBe('a');
    await tagging.save(recording, {
      name: recording.name,
      tags: { env: 'test' },
      siteTags: { team: 'x' },
      site: { team: 'x' },
    });
    expect(tagging.subject.value).toBeNull();
    expect(shelf.recordings.value?.[0]).toMatchObject({ tags: { env: 'test' }, siteTags: { team: 'x' } });
    const sites = () => fake.outside.settings.current.value.settings.tags.sites;
    expect(sites()).toEqual([{ site: SITE, tags: { team: 'x' } }]);
    expect(fake.app.notices.list.value.map(({ advice }) => advice?.action)).toEqual(['undo-tags']);
    expect(tagging.undo()).toBe(true);
    await settled();
    expect(shelf.recordings.value?.[0]).toMatchObject({ tags: { env: 'live' }, siteTags: {} });
    expect(sites()).toEqual([]);
    expect(fake.app.notices.list.value).toEqual([]);
    expect(tagging.undo()).toBe(false);
  });
});

describe('a name', () => {
  const NO_TAGS = DEFAULT_SETTINGS.tags;
  const recorded = whole('a', { name: defaultRecordingName('http://shop.example/', 1_700_000_000_000) });
  const unnamed = { ...recorded, requestedUrl: 'http://shop.example/', startedAt: 1_700_000_000_000 };

  it('is empty until somebody gives one, and goes when it is emptied', () => {
    const form = createTagForm(unnamed, NO_TAGS);
    expect(form.name.value).toBe('');
    expect(form.result().name).toBe(unnamed.name);
    form.name.value = '  before the fix ';
    expect(form.result().name).toBe('before the fix');
    const again = createTagForm({ ...unnamed, name: 'before the fix' }, NO_TAGS);
    expect(again.name.value).toBe('before the fix');
    again.name.value = ' ';
    expect(again.result().name).toBe(unnamed.name);
  });

  it('is told when it changes, and taken back', async () => {
    const fake = start([unnamed]);
    await settled();
    const { tagging, shelf, notices } = fake.app;
    await tagging.save(unnamed, { name: 'before', tags: {}, siteTags: {}, site: null });
    expect(shelf.recordings.value?.[0].name).toBe('before');
    expect(notices.list.value[0].message).toBe(`${unnamed.name} is called before now.`);
    tagging.undo();
    await settled();
    expect(shelf.recordings.value?.[0].name).toBe(unnamed.name);
  });
});

describe('links back', () => {
  it('opens the recording of a trace, and the range of a link', async () => {
    const fake = start([whole('a'), whole('b')]);
    await settled();
    const { traceId } = await deriveTraceIds('b', null);
    await fake.app.actions.openLink(`http://127.0.0.1:16686/trace/${traceId}`);
    expect(fake.app.current.value?.id).toBe('b');
    await fake.app.actions.openLink('pageflame:recording/a?from=10&to=20');
    expect(fake.app.current.value?.id).toBe('a');
    const shown = fake.app.opener.shown.value;
    expect(shown.kind === 'trace' && shown.view.measured.value).toEqual({ start: 10, end: 20 });
  });

  it('says where a link leads nowhere', async () => {
    const fake = start([whole('a')]);
    await settled();
    await fake.app.actions.openLink('pageflame:recording/gone');
    expect(fake.app.notices.list.value.map(({ message }) => message)).toEqual([
      expect.stringContaining('pageflame:recording/gone'),
    ]);
  });
});
