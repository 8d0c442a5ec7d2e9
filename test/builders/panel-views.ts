/**
 * An engine whose aggregated views are real, over hand-made tables, for tests of the panel's states.
 * In: tables. Out: a ScriptedEngine that answers trees, graphs, lists and matches, and remembers what it was asked.
 */
import { findInitiators } from '../../src/analysis/index.ts';
import { fail, makeFailure, type Result, succeed } from '../../src/base/index.ts';
import type {
  EventList,
  EventQuestion,
  GraphQuestion,
  OccurrenceQuestion,
  Occurrences,
  OpenId,
  TextFlags,
  TreeAnswer,
  TreeQuestion,
} from '../../src/engine/client.ts';
import type { OpenTrace } from '../../src/engine/opening/summary.ts';
import { ProfileViews } from '../../src/engine/profiles/profile-views.ts';
import { TraceProfiles } from '../../src/engine/profiles/scoped-profiles.ts';
import { listEvents } from '../../src/engine/slices/event-list.ts';
import { listOccurrences } from '../../src/engine/slices/slice-lists.ts';
import {
  type Chart,
  compileQuery,
  matchTexts,
  type SearchQuery,
  type SearchTexts,
} from '../../src/flame/index.ts';
import type { TraceTables } from '../../src/trace/index.ts';
import { type ClassRules, chartOf, classesOf, NO_PAGE } from './charts.ts';
import { ScriptedEngine } from './panel-outside.ts';

export class ViewsEngine extends ScriptedEngine {
  readonly trees: TreeQuestion[] = [];
  readonly graphs: GraphQuestion[] = [];
  readonly #trace: OpenTrace;
  readonly #views: ProfileViews;
  readonly #tables: TraceTables;
  readonly #rules: ClassRules;

  constructor(tables: TraceTables, rules: ClassRules = {}) {
    super();
    this.#tables = tables;
    this.#rules = rules;
    const classes = classesOf(tables, rules);
    this.#trace = {
      subject: 'test',
      recording: null,
      tables,
      classes,
      page: { ...NO_PAGE, mainThread: 0 },
      items: () => [],
      initiators: () => findInitiators(tables, []),
    };
    this.#views = new ProfileViews(new TraceProfiles(this.#trace));
  }

  override async chart() {
    return succeed(chartOf(this.#tables, this.#rules));
  }
  override async tree(_open?: OpenId, question?: TreeQuestion): Promise<Result<TreeAnswer>> {
    if (question === undefined) return fail(makeFailure('cancelled'));
    this.trees.push(question);
    return succeed(this.#views.tree(question));
  }
  override async graph(_open?: OpenId, question?: GraphQuestion): Promise<Result<Chart>> {
    if (question === undefined) return fail(makeFailure('cancelled'));
    this.graphs.push(question);
    return succeed(this.#views.graph(question));
  }
  override async occurrences(_open?: OpenId, question?: OccurrenceQuestion): Promise<Result<Occurrences>> {
    return question === undefined
      ? fail(makeFailure('cancelled'))
      : succeed(listOccurrences(this.#trace, question));
  }
  override async events(_open?: OpenId, question?: EventQuestion): Promise<Result<EventList>> {
    return question === undefined
      ? fail(makeFailure('cancelled'))
      : succeed(listEvents(this.#trace, question));
  }
  override async match(texts?: SearchTexts, query?: SearchQuery): Promise<Result<TextFlags>> {
    const compiled = query === undefined ? null : compileQuery(query);
    return texts === undefined || compiled === null || !compiled.ok
      ? fail(makeFailure('pattern-broken', { subject: 'It' }))
      : succeed(matchTexts(texts, compiled.test));
  }
}
