import { pinyin } from 'pinyin-pro';
import { describe, expect, it } from 'vitest';
import { type Findable, scoreOf, searchKeys } from './search.ts';

const syllables = (text: string): string[] => pinyin(text, { toneType: 'none', type: 'array', nonZh: 'consecutive' });
const keysOf = (item: Findable) => searchKeys(item, syllables);
const segments = keysOf({ id: 'rfm.segments', titles: { 'en-US': 'RFM segments', 'zh-CN': 'RFM 客户分群' } });
const exportSheet = keysOf({
  id: 'exportSheet',
  titles: { 'en-US': 'Export the sheet as CSV', 'zh-CN': '将工作表导出为 CSV' },
});

describe('the palette', () => {
  it('finds an English title while the app speaks Chinese, and the other way round', () => {
    expect(scoreOf('segments', segments)).toBeGreaterThan(0);
    expect(scoreOf('客户分群', segments)).toBeGreaterThan(0);
  });

  it('finds a Chinese title by full pinyin and by initials', () => {
    expect(scoreOf('kehufenqun', segments)).toBeGreaterThan(0);
    expect(scoreOf('khfq', segments)).toBeGreaterThan(0);
    expect(scoreOf('gongzuobiao', exportSheet)).toBeGreaterThan(0);
    expect(scoreOf('gzbdc', exportSheet)).toBeGreaterThan(0);
  });

  it('wants every word of the query', () => {
    expect(scoreOf('export csv', exportSheet)).toBeGreaterThan(0);
    expect(scoreOf('export parquet', exportSheet)).toBe(0);
  });

  it('ranks the start of a title above the start of a word, and that above the inside of one', () => {
    const atStart = scoreOf('exp', exportSheet);
    const atWord = scoreOf('she', exportSheet);
    const inside = scoreOf('heet', exportSheet);
    expect(atStart).toBeGreaterThan(atWord);
    expect(atWord).toBeGreaterThan(inside);
  });

  it('finds what something does behind what something is called', () => {
    const forecast = keysOf({
      id: 'clv.forecast',
      titles: { 'zh-CN': '客户终身价值预测' },
      about: { 'zh-CN': '客户生命周期价值（CLV、LTV）', 'en-US': 'Customer lifetime value (CLV, LTV)' },
    });
    const called = keysOf({ id: 'x', titles: { 'en-US': 'Recalibrate the CLV' } });
    expect(scoreOf('生命周期价值', forecast)).toBeGreaterThan(0);
    expect(scoreOf('ltv', forecast)).toBeGreaterThan(0);
    expect(scoreOf('clv', called)).toBeGreaterThan(scoreOf('clv', forecast));
  });

  it('finds a title by the first letters of its words', () => {
    expect(scoreOf('expcsv', exportSheet)).toBeGreaterThan(0);
    expect(scoreOf('xpcv', exportSheet)).toBe(0);
  });
});
