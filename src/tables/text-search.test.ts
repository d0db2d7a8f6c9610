import { stringVector } from '@patron/sdk';
import { expect, test } from 'vitest';
import { passing, type TextPlace, textTest } from './text-search.ts';

const texts = ['Aa-B', 'xaa', '', 'ÉCOLE', 'école', '李雷', 'k', 'aA'];
const found = (text: string, place: TextPlace): string[] => {
  const vector = stringVector(texts);
  const marks = passing(vector, textTest(vector, text, place));
  return texts.filter((_, entry) => marks[entry] === 1);
};

test('finds a text anywhere, at the start or as a whole, whatever its case', () => {
  expect(found('AA', 'anywhere')).toEqual(['Aa-B', 'xaa', 'aA']);
  expect(found('aa', 'start')).toEqual(['Aa-B', 'aA']);
  expect(found('aa', 'whole')).toEqual(['aA']);
  expect(found('-b', 'anywhere')).toEqual(['Aa-B']);
});

test('knows the cases of letters beyond ASCII, and characters without any', () => {
  expect(found('école', 'whole')).toEqual(['ÉCOLE', 'école']);
  expect(found('CO', 'anywhere')).toEqual(['ÉCOLE', 'école']);
  expect(found('É', 'start')).toEqual(['ÉCOLE', 'école']);
  expect(found('雷', 'anywhere')).toEqual(['李雷']);
});

test('finds nothing everywhere', () => {
  expect(found('', 'anywhere')).toEqual(texts);
  expect(found('', 'whole')).toEqual(['']);
});
