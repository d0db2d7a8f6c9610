import { type NumericArray, shared, type Threads, worthSpreading } from '@patron/sdk';

type Kernels = Readonly<Record<string, (input: never) => unknown>>;
type Input<K extends Kernels, Name extends keyof K> = Parameters<K[Name]>[0];
type Output<K extends Kernels, Name extends keyof K> = ReturnType<K[Name]>;

/** The threads that work of one size runs on, and arrays that they all see. With one thread everything happens here. */
export interface Crew {
  readonly threads: number;
  /** Runs one of `kernels`, which are among the plugin's, on each input. */
  run<K extends Kernels, Name extends keyof K & string>(
    kernels: K,
    name: Name,
    inputs: readonly Input<K, Name>[],
  ): Promise<Output<K, Name>[]>;
  /** The array itself, or a shared copy of it where there are several threads. */
  shared<A extends NumericArray>(array: A): A;
  /** Zeros of the type of `like`, shared where there are several threads. */
  room<A extends NumericArray>(like: A, length: number): A;
}

/** All threads where a pass over so many rows is worth them; otherwise this one. */
export function spreading(threads: Threads, rows: number): Crew {
  if (worthSpreading(threads, rows)) {
    return {
      threads: threads.threads,
      run: (_, name, inputs) => threads.spread(name, inputs),
      shared,
      room<A extends NumericArray>(like: A, length: number): A {
        const Kind = like.constructor as new (buffer: SharedArrayBuffer) => A;
        return new Kind(new SharedArrayBuffer(length * like.BYTES_PER_ELEMENT));
      },
    };
  }
  return {
    threads: 1,
    run: async (kernels, name, inputs) => inputs.map((input) => kernels[name](input as never)) as never,
    shared: (array) => array,
    room<A extends NumericArray>(like: A, length: number): A {
      const Kind = like.constructor as new (length: number) => A;
      return new Kind(length);
    },
  };
}
