import { addGram, GRAM_ROWS } from './gram.ts';

/** Sums over tied events of 1 and f over the reduced risk (to the first and second power), f the share already gone. */
export interface Tied {
  readonly logarithms: number;
  readonly a0: number;
  readonly a1: number;
  readonly b0: number;
  readonly b1: number;
  readonly b2: number;
}

export function tied(s0: number, d0: number, events: number): Tied {
  let logarithms = 0;
  let a0 = 0;
  let a1 = 0;
  let b0 = 0;
  let b1 = 0;
  let b2 = 0;
  for (let k = 0; k < events; k++) {
    const f = k / events;
    const reduced = s0 - f * d0;
    const inverse = 1 / reduced;
    logarithms += Math.log(reduced);
    a0 += inverse;
    a1 += f * inverse;
    b0 += inverse * inverse;
    b1 += f * inverse * inverse;
    b2 += f * f * inverse * inverse;
  }
  return { logarithms, a0, a1, b0, b1, b2 };
}

/** Gathers products of the risk sets' means with themselves, many at a time. */
export class MeansBatch {
  readonly #width: number;
  readonly #left: Float64Array;
  readonly #right: Float64Array;
  readonly #sum: Float64Array;
  #size = 0;

  constructor(width: number) {
    this.#width = width;
    this.#left = new Float64Array(width * GRAM_ROWS);
    this.#right = new Float64Array(width * GRAM_ROWS);
    this.#sum = new Float64Array(width * width);
  }

  /** Adds weight × factor² × s1 s1ᵀ. */
  add(s1: Float64Array, factor: number, weight: number): void {
    const at = this.#next();
    for (let c = 0; c < this.#width; c++) {
      const value = s1[c] * factor;
      this.#left[c * GRAM_ROWS + at] = value;
      this.#right[c * GRAM_ROWS + at] = value * weight;
    }
  }

  /** Adds weight × (b0 s1 s1ᵀ − b1 (s1 d1ᵀ + d1 s1ᵀ) + b2 d1 d1ᵀ), as two squares. */
  addTied(s1: Float64Array, d1: Float64Array, { b0, b1, b2 }: Tied, weight: number): void {
    const root = Math.sqrt(b0);
    const rest = Math.sqrt(Math.max(0, b2 - (b1 * b1) / b0));
    const mixed = Float64Array.from(s1, (value, c) => value - (b1 / b0) * d1[c]);
    this.add(mixed, root, weight);
    this.add(d1, rest, weight);
  }

  #next(): number {
    if (this.#size === GRAM_ROWS) this.#flush();
    return this.#size++;
  }

  #flush(): void {
    addGram(this.#left, this.#right, this.#width, this.#size, this.#sum);
    this.#size = 0;
  }

  finish(): Float64Array {
    this.#flush();
    return this.#sum;
  }
}
