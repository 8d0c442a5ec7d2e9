/** Sending from the panel: what would leave, leave to reach it, what is ordered; news of deliveries; setting up a backend. */
import { describe, expect, it } from 'vitest';
import { type ShipmentView, viewShipments } from '../../../src/backends/index.ts';
import { makeFailure, succeed } from '../../../src/base/index.ts';
import { createApp } from '../../../src/panel/state/app.ts';
import { removeWithUndo } from '../../../src/panel/state/library/removal.ts';
import { UNDO_MILLIS } from '../../../src/panel/state/library/shelf.ts';
import { createBackendForm } from '../../../src/panel/state/sending/backend-form.ts';
import { marksOf } from '../../../src/panel/state/sending/delivery-news.ts';
import { createSendForm } from '../../../src/panel/state/sending/send-form.ts';
import { addressWords, ruleWords, stateWords } from '../../../src/panel/words/backends.ts';
import { recordingId } from '../../../src/recording/index.ts';
import { buildBackend, buildShipmentView, FakeBackends } from '../../builders/backends.ts';
import { buildCargo, threeTypes } from '../../builders/cargo.ts';
import { buildOpenedRecording } from '../../builders/opened.ts';
import { fakeOutside, settled } from '../../builders/panel-outside.ts';
import { buildRecording } from '../../builders/recording.ts';

const PYROSCOPE = buildBackend('pyroscope', 'http://127.0.0.1:4040');
const PARCA = buildBackend('parca', 'http://127.0.0.1:7070', {
  destination: { labels: { env: 'staging' } },
});

function start(backends = new FakeBackends([PYROSCOPE, PARCA])) {
  const recordings = [buildRecording({ id: recordingId('a'), name: 'a', state: 'whole' })];
  const fake = fakeOutside({ recordings, backends });
  fake.engine.load = () =>
    succeed(buildCargo({ profiles: threeTypes(), unixMillisAtZero: fake.clock.time - 60_000 }));
  const app = createApp(fake.outside, { asked: null });
  return { ...fake, app };
}

/** The form for what is shown. */
async function openForm(fake: ReturnType<typeof start>, unixMillisAtZero: number | null = 1_000) {
  await settled();
  const bounds = { start: 500, end: 90_000 };
  fake.engine.answer = () => succeed(buildOpenedRecording({ unixMillisAtZero, bounds }));
  await fake.app.actions.openRecording(recordingId('a'));
  const shown = fake.app.opener.shown.peek();
  if (shown.kind !== 'trace') throw new Error('nothing is shown');
  const make = () =>
    createSendForm({
      app: fake.app,
      backends: fake.backends,
      deliveries: fake.deliveries,
      shown,
      first: null,
    });
  return { shown, make, form: make() };
}

type Form = ReturnType<typeof createSendForm>;

async function ready(form: Form) {
  await expect.poll(() => form.plan.value.kind).toBe('ready');
  const { value } = form.plan;
  if (value.kind !== 'ready') throw new Error('no plan');
  return value;
}

describe('sending what is shown', () => {
  it('says what would leave, anew for each backend, and orders exactly that', async () => {
    const fake = start();
    const { form } = await openForm(fake);
    const first = await ready(form);
    expect(first.previews.map(({ address }) => address)).toEqual(
      Array(2).fill('http://127.0.0.1:4040/push.v1.PusherService/Push'),
    );
    form.choice.value = PARCA.destination.id;
    await expect
      .poll(() => (form.plan.value.kind === 'ready' ? form.plan.value.plan.labels.env : ''))
      .toBe('staging');
    const { plan } = await ready(form);
    expect(await form.send()).toBe(true);
    expect(fake.deliveries.orders).toMatchObject([
      {
        kind: 'queue',
        shipment: { recording: 'a', name: 'a', destination: PARCA.destination.id, byRule: false },
      },
    ]);
    const [order] = fake.deliveries.orders;
    expect(order.kind === 'queue' && order.parcels).toBe(plan.parcels);
  });

  it('asks for leave where there is none, and sends nothing after a no', async () => {
    const fake = start();
    fake.backends.allowed.value = new Set();
    const { form } = await openForm(fake);
    await ready(form);
    fake.backends.allows = false;
    expect(await form.send()).toBe(false);
    expect(fake.backends.asked).toEqual([['http://127.0.0.1:4040/*']]);
    expect(form.failure.value?.code).toBe('backend-not-allowed');
    expect(fake.deliveries.orders).toEqual([]);
    fake.backends.allows = true;
    expect(await form.send()).toBe(true);
  });

  it('says why nothing can be sent', async () => {
    const refused = buildBackend('pyroscope', 'http://127.0.0.1:4040', {
      destination: { labels: { 'a b': 'c' } },
    });
    const { form } = await openForm(start(new FakeBackends([refused])));
    await expect.poll(() => form.plan.value.kind).toBe('refused');
    expect(form.plan.value).toMatchObject({ failure: { code: 'label-refused' } });
    expect(await form.send()).toBe(false);
  });

  it('uploads ad hoc what is too old, or sends it with a new time at a wish', async () => {
    const fake = start();
    const old = fake.clock.time - 3 * 3_600_000;
    fake.engine.load = () => succeed(buildCargo({ profiles: threeTypes(), unixMillisAtZero: old }));
    const { form } = await openForm(fake);
    const adHoc = await ready(form);
    expect(adHoc.plan.tooOld).toBe(true);
    expect(adHoc.previews[0].address).toContain('/adhocprofiles.v1.');
    form.age.value = 'restamp';
    await expect
      .poll(() => (form.plan.value.kind === 'ready' ? form.plan.value.plan.labels.recorded_at : undefined))
      .toBe(new Date(old).toISOString());
    expect((await ready(form)).plan.notes.join()).toContain('Links from traces will not find it');
    expect((await ready(form)).plan.notes.join()).not.toContain('counts twice');
    await form.send();
    const [order] = fake.deliveries.orders;
    if (order.kind !== 'queue') throw new Error('nothing was queued');
    const notesAfter = async (changes: Partial<ShipmentView>): Promise<string> => {
      const [queued] = viewShipments([order.shipment], []);
      fake.deliveries.shipments.value = [{ ...queued, parts: 2, ...changes }];
      form.age.value = 'ad-hoc';
      await expect
        .poll(() => form.plan.value)
        .not.toMatchObject({ plan: { labels: { recorded_at: expect.anything() } } });
      expect((await ready(form)).plan.notes.join()).not.toContain('counts twice');
      form.age.value = 'restamp';
      await expect
        .poll(() => form.plan.value)
        .toMatchObject({ plan: { labels: { recorded_at: expect.anything() } } });
      return (await ready(form)).plan.notes.join();
    };
    // Nothing of it has arrived.
    for (const state of ['queued', 'waiting', 'parked'] as const)
      expect(await notesAfter({ state, parked: state === 'parked' ? 2 : 0 }), state).not.toContain(
        'counts twice',
      );
    for (const changes of [
      { state: 'delivered', delivered: 2 },
      { state: 'parked', parked: 1, delivered: 1 },
      { state: 'parked', parked: 2, mayBeTwice: 1 },
      { state: 'asking' },
    ] as const)
      expect(await notesAfter(changes), JSON.stringify(changes)).toContain('counts twice');
  });

  it('asks for the time of what does not know it', async () => {
    const fake = start();
    const { form } = await openForm(fake, null);
    await settled();
    expect(form.needsTime).toBe(true);
    expect(form.plan.value).toEqual({ kind: 'none' });
    form.startedAt.value = 1_000_000;
    await ready(form);
    // The trace begins 0.5 ms after its own time 0.
    expect(fake.engine.cargoFacts.at(-1)?.unixMillisAtZero).toBe(1_000_000 - 0.5);
  });

  it('takes the file’s own time for what does not know it, until another is given', async () => {
    const fake = start();
    const { shown } = await openForm(fake, null);
    const form = createSendForm({
      app: fake.app,
      backends: fake.backends,
      deliveries: fake.deliveries,
      shown: { ...shown, writtenAt: 5_000_000 },
      first: null,
    });
    await ready(form);
    // It lasts 89.5 ms, and ended when it was written.
    expect([form.startedAt.value, form.isFileTime.value]).toEqual([5_000_000 - 89.5, true]);
    form.startedAt.value = 6_000_000;
    await ready(form);
    expect(form.isFileTime.value).toBe(false);
    expect(fake.engine.cargoFacts.at(-1)?.unixMillisAtZero).toBe(6_000_000 - 0.5);
  });

  it('sends a measured range under an id of its own', async () => {
    const fake = start();
    const { form, make, shown } = await openForm(fake);
    expect(form.measured).toBeNull();
    shown.view.measured.value = { start: 1_000, end: 2_000 };
    const ranged = make();
    ranged.part.value = 'measured';
    await ready(ranged);
    expect(fake.engine.cargoFacts.at(-1)).toMatchObject({ range: { start: 1_000, end: 2_000 } });
    await ranged.send();
    // So that it can be sent another way.
    expect(fake.deliveries.orders).toMatchObject([{ shipment: { range: { start: 1_000, end: 2_000 } } }]);
    await ready(form);
    await form.send();
    const ids = fake.deliveries.orders.map((order) => (order.kind === 'queue' ? order.shipment.id : ''));
    expect(new Set(ids).size).toBe(2);
    // Of one trace, whose id leads to the recording.
    expect(new Set(fake.engine.cargoFacts.map(({ seed }) => seed))).toEqual(new Set(['a']));
  });

  it('tells when it could not be kept', async () => {
    const fake = start();
    fake.deliveries.refusal = { ok: false, failure: makeFailure('delivery-unstored') };
    const { form } = await openForm(fake);
    await ready(form);
    expect(await form.send()).toBe(false);
    expect(form.failure.value?.code).toBe('delivery-unstored');
  });
});

describe('news of deliveries', () => {
  const failure = makeFailure('backend-refused', { subject: 'http://127.0.0.1:4040', detail: '400: odd' });

  it('marks recordings, tells each change, and shows what is parked until it is dealt with', async () => {
    const fake = start();
    fake.deliveries.shipments.value = [buildShipmentView()];
    fake.clock.advance(2_000);
    await expect.poll(() => fake.app.sending.marks.value.get('one')).toBe('on-its-way');
    // What was there before the panel is no news.
    expect(fake.app.sending.said.value).toBe('');
    fake.deliveries.shipments.value = [buildShipmentView({ state: 'parked', parked: 2, failure })];
    expect(fake.app.sending.said.value).toContain('2 of 2 parts not sent');
    expect(fake.app.notices.list.value).toMatchObject([
      { tone: 'error', detail: '400: odd', advice: { action: 'show-deliveries' } },
    ]);
    expect(fake.app.sending.marks.value.get('one')).toBe('parked');
    fake.deliveries.shipments.value = [buildShipmentView({ state: 'delivered', delivered: 2 })];
    expect(fake.app.notices.list.value).toEqual([]);
    expect(fake.app.sending.said.value).toContain('delivered');
    fake.app.dispose();
    fake.deliveries.shipments.value = [];
    expect(fake.app.sending.marks.value.get('one')).toBe('delivered');
  });

  it('marks a recording by what needs its user most', () => {
    const [first, second] = [
      buildShipmentView({ state: 'delivered' }),
      buildShipmentView({ state: 'parked' }),
    ];
    expect(marksOf([first, second]).get('one')).toBe('parked');
    expect(marksOf([second, first]).get('one')).toBe('parked');
    expect(marksOf([first, buildShipmentView({ state: 'waiting' })]).get('one')).toBe('on-its-way');
  });

  it('has words for every state', () => {
    const at = new Date(2026, 0, 1, 12, 30, 5).getTime();
    const words = [
      buildShipmentView(),
      buildShipmentView({ state: 'sending', delivered: 1 }),
      buildShipmentView({ state: 'waiting', dueAt: at }),
      buildShipmentView({ state: 'asking', dueAt: at }),
      buildShipmentView({ state: 'parked', parts: 0 }),
      buildShipmentView({ state: 'delivered', mayBeTwice: 1, delivered: 2 }),
    ].map(stateWords);
    expect(words).toEqual([
      'queued',
      'sending, 1 of 2 there',
      'tried again at 12:30:05',
      'its answer was lost: asked for at 12:30:05',
      'not sent',
      'delivered; 1 part may be there twice',
    ]);
    expect(addressWords('https://u.example/base?x')).toBe('u.example/base');
    expect(ruleWords(PYROSCOPE)).toBe('By button only');
    const rule = { isOn: true, sites: ['*'], tags: { env: 'live' } };
    expect(ruleWords({ ...PYROSCOPE, rule })).toBe('By itself: every site with env=live');
  });
});

describe('setting up a backend', () => {
  const KEPT = { ...PYROSCOPE, auth: 'bearer' as const };

  it('refuses what cannot be used, field by field', () => {
    const form = createBackendForm(buildBackend('otlp-traces', ''), new FakeBackends());
    const set = (changes: Partial<typeof form.fields.value>): void => {
      form.fields.value = { ...form.fields.value, ...changes };
    };
    expect([...form.problems.value.keys()]).toEqual(['url']);
    set({ url: 'http://me:secret@h.example' });
    expect(form.problems.value.get('url')).toContain('in their own fields');
    set({ url: 'http://h.example/?tenant=a', queryUrl: 'http://h.example/#top' });
    expect(form.problems.value.get('url')).toContain('? or #');
    expect(form.problems.value.get('queryUrl')).toContain('? or #');
    set({
      url: 'http://h.example',
      queryUrl: 'nowhere',
      pathParts: '(',
      ruleIsOn: true,
      grafana: 'http://g.example',
    });
    expect([...form.problems.value.keys()].sort()).toEqual(['datasource', 'pathParts', 'queryUrl', 'sites']);
    form.labels.value = [{ key: 0, name: '__name__', value: 'x', ofSite: false }];
    expect(form.problems.value.has('labels')).toBe(true);
  });

  it('keeps what is typed, secrets apart, and asks for its origins', async () => {
    const door = new FakeBackends();
    const form = createBackendForm(buildBackend('otlp-traces', ''), door);
    form.fields.value = {
      ...form.fields.value,
      url: ' http://127.0.0.1:4318 ',
      queryUrl: 'http://127.0.0.1:16686',
      auth: 'basic',
      user: 'me',
      secret: 'pass',
      pathParts: '[0-9]+\n\n  x ',
      ruleIsOn: true,
      sites: 'a.example, *.b.example',
    };
    form.ruleTags.value = [{ key: 0, name: 'env', value: 'live', ofSite: false }];
    expect(await form.save()).toBeNull();
    expect(door.asked).toEqual([['http://127.0.0.1:4318/*', 'http://127.0.0.1:16686/*']]);
    expect(door.list.value).toMatchObject([
      {
        destination: { url: 'http://127.0.0.1:4318', redaction: { pathParts: ['[0-9]+', 'x'] } },
        rule: { isOn: true, sites: ['a.example', '*.b.example'], tags: { env: 'live' } },
        auth: 'basic',
      },
    ]);
    expect(JSON.stringify(door.list.value)).not.toContain('pass');
    expect(door.credentials.get(form.id)).toEqual({ kind: 'basic', user: 'me', password: 'pass' });
  });

  it('leaves secrets as they are where none are typed, and drops them with the sign-in', async () => {
    const door = new FakeBackends([KEPT]);
    door.credentials.set(KEPT.destination.id, { kind: 'bearer', token: 't' });
    const form = createBackendForm(KEPT, door);
    expect(form.keepsSecret.value).toBe(true);
    expect(form.fields.value.secret).toBe('');
    await form.save();
    expect(door.credentials.get(KEPT.destination.id)).toEqual({ kind: 'bearer', token: 't' });
    form.fields.value = { ...form.fields.value, auth: 'none' };
    await form.save();
    expect(door.credentials.get(KEPT.destination.id)).toEqual({ kind: 'none' });
  });

  it('sends secrets that are kept to their own address alone, and none that no header can carry', async () => {
    const door = new FakeBackends([KEPT]);
    const form = createBackendForm(KEPT, door);
    const set = (changes: Partial<typeof form.fields.value>): void => {
      form.fields.value = { ...form.fields.value, ...changes };
    };
    expect(form.isTouched()).toBe(false);
    set({ url: 'http://127.0.0.1:4040/base' });
    expect([form.keepsSecret.value, form.problems.value.size, form.isTouched()]).toEqual([true, 0, true]);
    set({ url: 'http://elsewhere.example:4040' });
    expect(form.keepsSecret.value).toBe(false);
    expect(form.problems.value.get('secret')).toContain('stays with the address');
    set({ secret: 'täg' });
    expect(form.problems.value.get('secret')).toContain('ASCII');
    set({ auth: 'basic', user: 'a:b', secret: 'täg', tenant: 'tenänt' });
    expect([...form.problems.value.keys()]).toEqual(['user', 'tenant']);
    set({ user: 'a', tenant: 't' });
    expect(form.problems.value.size).toBe(0);
  });

  it('keeps user and password together', () => {
    const kept = { ...PYROSCOPE, auth: 'basic' as const };
    const form = createBackendForm(kept, new FakeBackends([kept]));
    expect(form.problems.value.size).toBe(0);
    form.fields.value = { ...form.fields.value, user: 'me' };
    expect([...form.problems.value.keys()]).toEqual(['secret']);
    form.fields.value = { ...form.fields.value, user: '', secret: 'pass' };
    expect([...form.problems.value.keys()]).toEqual(['user']);
  });

  it('says nothing of what it has not tested', async () => {
    const door = new FakeBackends();
    const form = createBackendForm(buildBackend('parca', 'https://p.example:7070'), door);
    await form.test();
    expect(form.connection.value.kind).toBe('done');
    form.fields.value = { ...form.fields.value, tenant: 'another' };
    expect(form.connection.value.kind).toBe('none');
    const testing = form.test();
    form.fields.value = { ...form.fields.value, url: 'https://q.example' };
    await testing;
    expect(form.connection.value.kind).toBe('none');
    form.fields.value = { ...form.fields.value, url: 'https://p.example:7070', tenant: '' };
    expect(form.connection.value.kind).toBe('none');
  });

  it('tests nothing without an address or leave, and gives back leave that nothing needs', async () => {
    const door = new FakeBackends();
    const form = createBackendForm(buildBackend('parca', 'localhost:7070'), door);
    await form.test();
    expect(form.connection.value).toMatchObject({ result: { failure: { code: 'backend-address' } } });
    expect(door.asked).toEqual([]);
    form.fields.value = { ...form.fields.value, url: 'https://p.example:7070/x' };
    door.allows = false;
    await form.test();
    expect(form.connection.value).toMatchObject({ result: { failure: { code: 'backend-not-allowed' } } });
    door.allows = true;
    await form.test();
    expect(form.connection.value).toMatchObject({ kind: 'done', result: { ok: true } });
    form.leave();
    expect(door.givenBack).toEqual([['https://p.example:7070/*']]);
  });
});

describe('deleting a backend', () => {
  it('has a way back for as long as any deletion, and happens then', async () => {
    const fake = start();
    const { id } = PYROSCOPE.destination;
    const remove = (): void =>
      removeWithUndo(fake.app, {
        id,
        words: 'It was deleted.',
        commit: async () => {
          const removed = await fake.backends.remove(id);
          return removed.ok ? null : removed.failure;
        },
      });
    remove();
    fake.app.sending.removal.value?.undo();
    fake.clock.advance(UNDO_MILLIS);
    expect(fake.backends.list.value).toHaveLength(2);
    remove();
    expect(fake.app.sending.removal.value).toMatchObject({ id });
    fake.clock.advance(UNDO_MILLIS);
    await settled();
    expect(fake.backends.list.value).toHaveLength(1);
    expect(fake.app.sending.removal.value).toBeNull();
  });
});
