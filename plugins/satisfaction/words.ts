/** A word of a comment as topics are made of: lower case, plural endings off. */
export interface Word {
  readonly text: string;
  readonly chinese: boolean;
}

const STOP = new Set(
  (
    'a an and are as at be been but by can could did do does for from get got had has have he her his how i if in into is it its just me more most ' +
    'my no not of on one only or our out over please really she so some such than that the their them then there these they this to too up us very was ' +
    "we were what when which who will with would you your all also am any because being both each few here i'm it's let made make many much now off " +
    'other own same should still thing things think time use used way want well went while were even ever every ' +
    '的 了 和 是 我 也 就 都 而 及 与 着 或 一个 没有 我们 你们 他们 她们 它们 这 那 这个 那个 这些 那些 在 有 对 不 很 非常 太 还 又 但 但是 因为 所以 如果 ' +
    '可以 可能 已经 自己 什么 怎么 为什么 时候 一下 一些 一点 一直 有点 比较 真的 觉得 感觉 认为 希望 请 吧 吗 呢 啊 哦 呀 被 把 给 让 到 从 上 下 里 中 个 次 ' +
    '你 他 她 它 您 要 会 能 想 去 来 说 做 用 再 更 最 只 才 没 未 别 等 过 得 地 之 其 这样 那样 这么 那么 还是 或者 以及 而且 不过 然后 虽然 尽管'
  ).split(' '),
);

const CHINESE = /\p{Script=Han}/u;

/** Cuts comments into words by the browser's own segmentation (ICU), Chinese and English alike. */
export function wordCutter(): (comment: string) => Word[] {
  const segmenter = new Intl.Segmenter('zh', { granularity: 'word' });
  return (comment) => {
    const words: Word[] = [];
    for (const { segment, isWordLike } of segmenter.segment(comment.toLowerCase())) {
      if (!isWordLike || /^\p{N}+$/u.test(segment)) continue;
      const chinese = CHINESE.test(segment);
      words.push({ text: chinese ? segment : stem(segment), chinese });
    }
    return words;
  };
}

/** Whether a word can name a topic: no stop word, and more than one letter or sign. */
export function isTopical({ text }: Word): boolean {
  return text.length > 1 && !STOP.has(text);
}

/** English plurals only: "deliveries" is "delivery", "prices" is "price". */
function stem(word: string): string {
  if (word.length > 4 && word.endsWith('ies')) return `${word.slice(0, -3)}y`;
  if (word.length > 4 && /(?:ss|x|ch|sh)es$/.test(word)) return word.slice(0, -2);
  if (word.length > 3 && word.endsWith('s') && !/(?:ss|us|is)$/.test(word)) return word.slice(0, -1);
  return word;
}
