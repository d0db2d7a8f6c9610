import { type Catalogue, renderText } from '@patron/sdk';

const english = {
  category: 'Category',
  step: 'Step',
  from: 'From',
  to: 'To',
  upTo: 'Below',
  count: 'Count',
  value: 'Value',
  size: 'Size',
  name: 'Name',
  low: '{name}, low',
  high: '{name}, high',
  ofFirst: '{name}, of the first step',
  minimum: 'Minimum',
  firstQuartile: 'First quartile',
  median: 'Median',
  thirdQuartile: 'Third quartile',
  maximum: 'Maximum',
  complete: 'Complete',
};

const chinese: typeof english = {
  category: '类别',
  step: '步骤',
  from: '从',
  to: '到',
  upTo: '小于',
  count: '数量',
  value: '数值',
  size: '大小',
  name: '名称',
  low: '{name}（下限）',
  high: '{name}（上限）',
  ofFirst: '{name}（占第一步）',
  minimum: '最小值',
  firstQuartile: '第一四分位数',
  median: '中位数',
  thirdQuartile: '第三四分位数',
  maximum: '最大值',
  complete: '完整',
};

export type ChartWord = keyof typeof english;

/** A word of the charts' own, in the reader's language. */
export function chartWord(word: ChartWord, locale: string, name = ''): string {
  const catalogue: Catalogue = locale.startsWith('zh') ? chinese : english;
  return renderText({ key: word, args: { name } }, catalogue, locale);
}
