import type { Json } from '@patron/sdk';
import { describe, expect, test } from 'vitest';
import { readSteps, writeSteps } from './steps.ts';

const again = (value: Json): Json => writeSteps(readSteps(value));

describe('the steps that the editor shows', () => {
  test('are written as they were read, what it does not show included', () => {
    const steps: Json = [
      { event: 'visit' },
      { event: ['purchase', 'renewal'], optional: true, window: '2d', name: 'paid' },
      {
        event: null,
        filters: [
          { property: 'plan', op: 'in', value: ['pro', 'team'] },
          { property: 'note', op: 'not empty' },
          { property: 'price', op: '>=', value: '10' },
        ],
        firstTime: 'match',
      },
    ];
    expect(again(steps)).toEqual(steps);
  });

  test('may be names alone', () => {
    expect(again(['visit', ['a', 'b'], null])).toEqual([{ event: 'visit' }, { event: ['a', 'b'] }, { event: null }]);
  });

  test('keep a step that must happen free of the word', () => {
    expect(again([{ event: 'visit', optional: false }])).toEqual([{ event: 'visit' }]);
  });
});
