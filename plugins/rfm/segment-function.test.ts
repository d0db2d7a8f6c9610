import { describe, expect, it } from 'vitest';
import { segmentOf } from './segment-function.ts';

describe('=RFM.SEGMENT', () => {
  it('names the ten segments by recency and frequency', () => {
    expect(segmentOf(5, 5, 5)).toBe('champions');
    expect(segmentOf(3, 4, 1)).toBe('loyal_customers');
    expect(segmentOf(1, 1, 1)).toBe('hibernating');
    expect(segmentOf(1, 5)).toBe('cant_loose');
  });

  it('names the eight types of Chinese practice by high and low', () => {
    expect(segmentOf(2, 2, 2, 'zh8')).toBe('important_value');
    expect(segmentOf(1, 1, 2, 'zh8')).toBe('important_win_back');
  });

  it('says which score does not fit', () => {
    expect(() => segmentOf(6, 1, 1)).toThrow("The recency score is a whole number from 1 to 5, not '6'.");
    expect(() => segmentOf(1, 'x', 1)).toThrow('The frequency score');
    expect(() => segmentOf(1, 1, 1, 'odd')).toThrow('The scheme is one of');
  });
});
