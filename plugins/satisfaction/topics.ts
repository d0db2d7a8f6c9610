import {
  type AnalysisContext,
  AnalysisError,
  type AnalysisResult,
  type ChartSpec,
  message,
  type ResultTable,
  tableFromRows,
  textAt,
  wilsonInterval,
} from '@patron/sdk';
import { addResponse, adjustForMany, difference, emptyTally, estimate, type Tally, without } from './estimate.ts';
import { npsMeasure } from './measure.ts';
import { readResponses } from './scale.ts';
import { sentimentOf } from './sentiment.ts';
import { isTopical, type Word, wordCutter } from './words.ts';

interface TopicParameters {
  readonly topics: readonly { readonly name: string; readonly words: readonly string[] }[] | null;
  readonly most: number;
  readonly confidence: number;
}

/** A topic with what the responses that mention it said. */
interface Topic {
  readonly name: string;
  readonly tally: Tally;
  sentiment: number;
  felt: number;
  example: string;
}

const FEWEST_MENTIONS = 3;

/**
 * What customers talk about and what it does to the NPS: words and pairs of words that recur (or the user's own lists), the
 * mood of the comments that mention them, and the leave-one-out impact, NPS − NPS without the mentions.
 */
export async function topics(context: AnalysisContext): Promise<AnalysisResult> {
  const parameters = context.parameters as unknown as TopicParameters;
  const { score, comment } = context.inputs.responses.fields;
  const measure = npsMeasure({ ...context.parameters, interval: 'adjusted-wald' });
  const { rows, scores, offScale } = readResponses(score, measure.scale);
  const cut = wordCutter();
  const comments: { words: Word[]; text: string; worth: number }[] = [];
  const whole = emptyTally();
  for (let i = 0; i < rows.length; i++) {
    const worth = measure.scale.worth(scores[i]);
    addResponse(whole, worth);
    const text = textAt(comment, rows[i])?.trim() ?? '';
    if (text !== '') comments.push({ words: cut(text), text, worth });
    if (i % 2000 === 1999) {
      context.progress(i, rows.length);
      await context.checkpoint();
    }
  }
  if (comments.length === 0) {
    throw new AnalysisError('No response has a comment; map the column that holds them.', {
      text: message('error.noComments'),
      path: 'inputs.responses.comment',
    });
  }
  const named = parameters.topics ?? frequentTopics(comments, parameters.most);
  const found = tallyTopics(named, comments).filter(({ tally }) => tally.n > 0);
  const table = topicsTable(found, whole, comments.length, parameters.confidence);
  const moods = comments.map(({ words }) => sentimentOf(words)).filter((mood) => mood !== undefined);
  const worst = table.impacts.indexOf(Math.min(...table.impacts));
  return {
    headline:
      found.length === 0
        ? message('topics.none')
        : message('topics.headline', {
            topic: found[worst].name,
            impact: { value: table.impacts[worst], as: 'decimal' },
            mentions: { value: found[worst].tally.n, as: 'integer' },
          }),
    metrics: {
      comments: { value: comments.length, n: rows.length, title: message('metric.comments'), format: 'integer' },
      nps: { value: table.nps, n: rows.length, title: message('metric.nps'), format: 'decimal' },
      sentiment: {
        value: moods.length === 0 ? null : moods.reduce((sum, mood) => sum + mood, 0) / moods.length,
        n: moods.length,
        title: message('metric.sentiment'),
        format: 'decimal',
      },
    },
    tables: { topics: table.table },
    charts: [impactChart(found, table.impacts)],
    notes: [{ level: 'info', text: message('topics.note') }],
    leftOut: offScale > 0 ? [{ role: 'responses', reason: message('leftOut.offScale'), count: offScale }] : [],
  };
}

/** Words and pairs that at least three comments, and one in a hundred, mention; a pair stands for a word that is nearly always in it. */
function frequentTopics(
  comments: readonly { readonly words: readonly Word[] }[],
  most: number,
): { name: string; words: string[] }[] {
  const mentions = new Map<string, number>();
  const partOf = new Map<string, readonly [string, string]>();
  for (const { words } of comments) {
    const here = new Set<string>();
    words.forEach((word, index) => {
      if (!isTopical(word)) return;
      here.add(word.text);
      const next = words[index + 1];
      if (!next || !isTopical(next) || next.chinese !== word.chinese) return;
      const pair = word.chinese ? word.text + next.text : `${word.text} ${next.text}`;
      here.add(pair);
      partOf.set(pair, [word.text, next.text]);
    });
    for (const term of here) mentions.set(term, (mentions.get(term) ?? 0) + 1);
  }
  const fewest = Math.max(FEWEST_MENTIONS, comments.length / 100);
  const frequent = [...mentions].filter(([, count]) => count >= fewest);
  const swallowed = new Set<string>();
  for (const [term, count] of frequent) {
    for (const word of partOf.get(term) ?? []) if (count >= 0.8 * (mentions.get(word) ?? 0)) swallowed.add(word);
  }
  return frequent
    .filter(([term]) => !swallowed.has(term))
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .slice(0, most)
    .map(([name]) => ({ name, words: [name] }));
}

function tallyTopics(
  named: readonly { readonly name: string; readonly words: readonly string[] }[],
  comments: readonly { readonly words: readonly Word[]; readonly text: string; readonly worth: number }[],
): Topic[] {
  const found = named.map(({ name }): Topic => ({ name, tally: emptyTally(), sentiment: 0, felt: 0, example: '' }));
  const termTopics = new Map<string, number[]>();
  named.forEach(({ words }, topic) => {
    for (const word of words) {
      const term = word.toLowerCase();
      termTopics.set(term, [...(termTopics.get(term) ?? []), topic]);
    }
  });
  for (const { words, text, worth } of comments) {
    const mentioned = new Set<number>();
    words.forEach((word, index) => {
      const next = words[index + 1];
      const pair = next && (word.chinese ? word.text + next.text : `${word.text} ${next.text}`);
      for (const term of [word.text, pair]) {
        for (const topic of (term === undefined ? undefined : termTopics.get(term)) ?? []) mentioned.add(topic);
      }
    });
    const mood = mentioned.size > 0 ? sentimentOf(words) : undefined;
    for (const index of mentioned) {
      const topic = found[index];
      addResponse(topic.tally, worth);
      if (topic.example === '') topic.example = text.slice(0, 200);
      if (mood === undefined) continue;
      topic.sentiment += mood;
      topic.felt++;
    }
  }
  return found;
}

function topicsTable(
  found: readonly Topic[],
  whole: Tally,
  comments: number,
  confidence: number,
): { table: ResultTable; impacts: number[]; nps: number } {
  const estimateOf = (tally: Tally) => estimate(tally, 'adjusted-wald', confidence, [-1, 1]);
  const nps = (whole.sum / whole.weight) * 100;
  const apart = found.map(({ tally }) => {
    const rest = without(whole, tally);
    return rest.n > 0 ? difference(estimateOf(tally), estimateOf(rest), confidence) : undefined;
  });
  const adjusted = adjustForMany(apart.map((value) => value?.p ?? 1));
  const impacts = found.map(({ tally }) => {
    const rest = without(whole, tally);
    return rest.weight > 0 ? nps - (rest.sum / rest.weight) * 100 : 0;
  });
  const number = (name: string, format: 'decimal' | 'percent' | 'pValue') =>
    ({ name, title: message(`column.${name}`), type: 'number', format }) as const;
  const table = tableFromRows(
    [
      { name: 'topic', title: message('column.topic'), type: 'string' },
      { name: 'mentions', title: message('column.mentions'), type: 'integer', format: 'integer' },
      number('share', 'percent'),
      number('shareLow', 'percent'),
      number('shareHigh', 'percent'),
      number('nps', 'decimal'),
      number('low', 'decimal'),
      number('high', 'decimal'),
      number('impact', 'decimal'),
      number('p', 'pValue'),
      number('pAdjusted', 'pValue'),
      number('sentiment', 'decimal'),
      { name: 'example', title: message('column.example'), type: 'string' },
    ],
    found.map((topic, index) => {
      const own = estimateOf(topic.tally);
      return [
        topic.name,
        topic.tally.n,
        topic.tally.n / comments,
        ...wilsonInterval(topic.tally.n, comments, confidence),
        own.value * 100,
        own.low * 100,
        own.high * 100,
        impacts[index],
        apart[index]?.p ?? null,
        apart[index] ? adjusted[index] : null,
        topic.felt > 0 ? topic.sentiment / topic.felt : null,
        topic.example,
      ];
    }),
    { title: message('table.topics') },
  );
  return { table, impacts, nps };
}

function impactChart(found: readonly Topic[], impacts: readonly number[]): ChartSpec {
  const order = found.map((_, index) => index).sort((a, b) => impacts[a] - impacts[b]);
  const shown = order.length > 16 ? [...order.slice(0, 8), ...order.slice(-8)] : order;
  return {
    kind: 'bar',
    id: 'impact',
    title: message('chart.impact'),
    table: 'topics',
    orientation: 'horizontal',
    categories: shown.map((index) => found[index].name),
    series: [{ name: message('column.impact'), values: shown.map((index) => impacts[index]) }],
    value: { title: message('column.impact'), format: 'decimal' },
  };
}
