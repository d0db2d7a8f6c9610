import { describe, expect, it } from 'vitest';
import {
  answerable,
  headerMarks,
  keptState,
  readState,
  rowFilters,
  type ViewState,
  withFilter,
  withSort,
} from './view-state.ts';

const columns = [
  { name: 'country', type: 'string' },
  { name: 'price', type: 'number' },
  { name: 'day', type: 'date' },
  { name: 'at', type: 'timestamp' },
] as const;

const state: ViewState = {
  filters: [
    { kind: 'values', column: 'country', values: ['UK', null] },
    { kind: 'condition', column: 'price', operator: 'between', value: 5, to: 1 },
  ],
  sort: [{ column: 'price', descending: true }, { column: 'day' }],
};

describe('the rows that a sheet shows', () => {
  it('are kept with the sheet and read again', () => {
    expect(readState(keptState(state))).toEqual(state);
    expect(keptState({ filters: [], sort: [] })).toBeNull();
  });

  it('leave out what a stranger may have written', () => {
    expect(
      readState({
        filters: [
          7,
          { column: 3 },
          { kind: 'condition', column: 'a', operator: 'eval', value: 1 },
          { kind: 'condition', column: 'a', operator: 'between', value: 1 },
        ],
        sort: ['x', { column: 'b', descending: 'yes' }],
      }),
    ).toEqual({ filters: [], sort: [{ column: 'b' }] });
    expect(readState('nonsense')).toEqual({ filters: [], sort: [] });
  });

  it('are asked for as conditions of the table, bounds in order', () => {
    expect(answerable(state, columns)).toEqual({
      filters: [
        { column: 'country', operator: 'one-of', values: ['UK', null] },
        { column: 'price', operator: 'at-least', value: 1 },
        { column: 'price', operator: 'at-most', value: 5 },
      ],
      sort: state.sort,
      lost: [],
    });
  });

  it('name what a new version of the table no longer answers', () => {
    const changed = [{ name: 'price', type: 'string' }] as const;
    expect(answerable(state, changed)).toEqual({
      filters: [],
      sort: [{ column: 'price', descending: true }],
      lost: [
        { column: 'country', why: 'gone' },
        { column: 'price', why: 'type' },
        { column: 'day', why: 'gone' },
      ],
    });
  });

  it('compare times by their days, ends included', () => {
    const on = (operator: 'equals' | 'greater' | 'at-most') =>
      rowFilters({ kind: 'condition', column: 'at', operator, value: '2011-12-31' }, 'timestamp').map(
        (filter) => `${filter.operator} ${filter.value}`,
      );
    expect(on('equals')).toEqual(['at-least 2011-12-31', 'less 2012-01-01']);
    expect(on('greater')).toEqual(['at-least 2012-01-01']);
    expect(on('at-most')).toEqual(['less 2012-01-01']);
  });

  it('are sorted by one column, by one more, and by the same the other way', () => {
    const one = withSort(state, { column: 'country' }, false);
    expect(one.sort).toEqual([{ column: 'country' }]);
    const two = withSort(one, { column: 'price' }, true);
    expect(withSort(two, { column: 'country', descending: true }, true).sort).toEqual([
      { column: 'country', descending: true },
      { column: 'price' },
    ]);
  });

  it('have one filter a column', () => {
    const other = withFilter(state, 'country', { kind: 'condition', column: 'country', operator: 'missing' });
    expect(other.filters.map(({ kind, column }) => `${column} ${kind}`)).toEqual([
      'country condition',
      'price condition',
    ]);
    expect(withFilter(other, 'country', null).filters).toHaveLength(1);
  });

  it('are marked in the headers', () => {
    expect(headerMarks(state, columns)).toEqual([
      { column: 0, filtered: true },
      { column: 1, filtered: true, sorted: 'descending', place: 1 },
      { column: 2, filtered: false, sorted: 'ascending', place: 2 },
    ]);
  });
});
