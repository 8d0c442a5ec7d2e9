/**
 * A list of events → the rows of a table: heads of groups, and the slices of those that are open. Pure.
 * In: what the engine listed, which groups are open. Out: rows by number; a list of millions is no more than its columns.
 */
import type { Category } from '../../../analysis/index.ts';
import type { EventList } from '../../../engine/client.ts';

export type EventRow =
  | { readonly kind: 'slice'; readonly slice: number; readonly depth: number }
  | { readonly kind: 'group'; readonly group: EventGroup };

export interface EventGroup {
  /** As people read it. */
  readonly name: string;
  /** null where it is none of a category. */
  readonly category: Category | null;
  readonly count: number;
  /** Microseconds. */
  readonly self: number;
  readonly isOpen: boolean;
}

/** Groups have the names that people read. */
export interface NamedEvents extends EventList {
  /** By group; null where they are none of categories. */
  readonly categories: readonly (Category | null)[] | null;
}

export class EventRows {
  readonly length: number;
  readonly #list: NamedEvents;
  readonly #open: ReadonlySet<string>;
  /** By group: the row of its head. */
  readonly #heads: Int32Array;

  constructor(list: NamedEvents, open: ReadonlySet<string>) {
    this.#list = list;
    this.#open = open;
    const { groups, slices } = list;
    const count = groups?.names.length ?? 0;
    this.#heads = new Int32Array(count + 1);
    if (groups !== null)
      for (let group = 0; group < count; group++) {
        const size = open.has(groups.names[group]) ? groups.first[group + 1] - groups.first[group] : 0;
        this.#heads[group + 1] = this.#heads[group] + 1 + size;
      }
    this.length = groups === null ? slices.length : this.#heads[count];
  }

  at(row: number): EventRow {
    const { slices, groups, categories } = this.#list;
    if (groups === null) return { kind: 'slice', slice: slices[row], depth: 0 };
    const group = this.groupOf(row);
    const within = row - this.#heads[group];
    if (within > 0) return { kind: 'slice', slice: slices[groups.first[group] + within - 1], depth: 1 };
    return {
      kind: 'group',
      group: {
        name: groups.names[group],
        category: categories?.[group] ?? null,
        count: groups.first[group + 1] - groups.first[group],
        self: groups.self[group],
        isOpen: this.#open.has(groups.names[group]),
      },
    };
  }

  get groupCount(): number {
    return this.#heads.length - 1;
  }

  /** The head of the row's group; the row itself where there are no groups. */
  headOf(row: number): number {
    return this.#list.groups === null ? row : this.#heads[this.groupOf(row)];
  }

  /** -1 where the slice is not listed, or its group is closed. */
  rowOfSlice(slice: number): number {
    const { slices, groups } = this.#list;
    const place = slices.indexOf(slice);
    if (place < 0 || groups === null) return place;
    const group = lastAtMost(groups.first, place);
    return this.#open.has(groups.names[group]) ? this.#heads[group] + 1 + place - groups.first[group] : -1;
  }

  /** The head of a group of that name, -1 for none. */
  rowOfGroup(name: string): number {
    const group = this.#list.groups?.names.indexOf(name) ?? -1;
    return group < 0 ? -1 : this.#heads[group];
  }

  groupOf(row: number): number {
    return lastAtMost(this.#heads, row);
  }
}

/** The last place before the end whose value is at most `wanted`; values ascend, and no two are equal. */
function lastAtMost(values: Int32Array, wanted: number): number {
  let low = 0;
  let high = values.length - 2;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (values[middle] <= wanted) low = middle;
    else high = middle - 1;
  }
  return low;
}
