/**
 * Growable typed columns: what a builder appends to before it settles into plain typed arrays.
 * In: numbers one by one. Out: an exact-length typed array. Doubles its room when full; never shrinks.
 */

type NumberArray = Float64Array | Int32Array | Uint32Array | Uint16Array | Uint8Array;
interface NumberArrayConstructor<A extends NumberArray> {
  new (length: number): A;
}

/** A column that grows. `values` may be read and overwritten at rows below `length`; it moves when the column grows. */
export class Column<A extends NumberArray> {
  length = 0;
  values: A;
  readonly #make: NumberArrayConstructor<A>;

  constructor(make: NumberArrayConstructor<A>, capacity = 1024) {
    this.#make = make;
    this.values = new make(capacity);
  }

  /** Appends `value` and returns its row. */
  push(value: number): number {
    const row = this.length;
    if (row === this.values.length) this.#grow();
    this.values[row] = value;
    this.length = row + 1;
    return row;
  }

  /** Appends all of them. */
  append(values: ArrayLike<number>): void {
    const length = this.length + values.length;
    while (length > this.values.length) this.#grow();
    this.values.set(values, this.length);
    this.length = length;
  }

  /** The column as an array of exactly `length` rows. Copies, so that spare room can be freed. */
  settle(): A {
    return this.values.slice(0, this.length) as A;
  }

  #grow(): void {
    const larger = new this.#make(Math.max(16, this.values.length * 2));
    larger.set(this.values);
    this.values = larger;
  }
}

export const float64Column = (capacity?: number): Column<Float64Array<ArrayBuffer>> =>
  new Column<Float64Array<ArrayBuffer>>(Float64Array, capacity);
export const int32Column = (capacity?: number): Column<Int32Array<ArrayBuffer>> =>
  new Column<Int32Array<ArrayBuffer>>(Int32Array, capacity);
export const uint8Column = (capacity?: number): Column<Uint8Array<ArrayBuffer>> =>
  new Column<Uint8Array<ArrayBuffer>>(Uint8Array, capacity);
