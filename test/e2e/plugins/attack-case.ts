/**
 * What a hostile plugin tries. The body of each is the body of an async function that returns something true where the
 * attack got through. `contained`: the body ran and got nothing; `stopped`: the host ended the plugin; `refused`: the plugin
 * did not start, or its result was not taken.
 */
export interface AttackCase {
  readonly name: string;
  readonly body: string;
  readonly ends: 'contained' | 'stopped' | 'refused' | 'cancelled' | 'either';
  /** Speaks the protocol itself, without the platform's end. Bodies then have `port`, `id` and `answer(value)`. */
  readonly raw?: boolean;
  /** The whole bundle, where the attack is not in the analysis. */
  readonly bundle?: string;
}

/** An attack that speaks the protocol itself. */
export const wire = (name: string, body: string, ends: AttackCase['ends'] = 'stopped'): AttackCase => ({
  name,
  body,
  ends,
  raw: true,
});
