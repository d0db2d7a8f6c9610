import type { Word } from './words.ts';

const list = (text: string): ReadonlySet<string> => new Set(text.split(' '));

/** Words of praise and of blame, as `wordCutter` leaves them. */
const PRAISE = list(
  'good great excellent amazing awesome fantastic perfect love loved lovely happy pleased satisfied friendly helpful fast quick easy simple smooth ' +
    'reliable recommend nice best better clean comfortable convenient beautiful polite professional efficient fair cheap affordable fresh tasty thank ' +
    'thanks wonderful superb enjoy enjoyed responsive intuitive clear patient courteous prompt quality impressed delighted secure stable ' +
    '好 很好 不错 满意 喜欢 推荐 方便 快 快速 迅速 及时 便宜 实惠 划算 优惠 热情 耐心 友好 专业 周到 贴心 优秀 完美 漂亮 美观 舒适 舒服 清晰 简单 易用 流畅 稳定 ' +
    '靠谱 放心 值得 超值 赞 棒 感谢 谢谢 开心 愉快 细心 负责 新鲜 好吃 好用 高效 准时 丰富 惊喜 信赖 可靠 给力 齐全 优质 整洁 干净',
);
const BLAME = list(
  'bad poor terrible awful horrible worst worse slow late delay delayed delays expensive pricey broken bug buggy crash crashes crashed error rude unhelpful hate hated ' +
    'disappointed disappointing disappointment confusing confused difficult hard complicated problem issue fail failed failure fails missing wrong damaged defective ' +
    'dirty cold unreliable unfriendly useless waste annoying frustrating frustrated angry unhappy refund complain complaint cancel cancelled ' +
    'never lost lack lacking overpriced unclear stuck noisy unacceptable ignored unprofessional ' +
    '差 很差 太差 慢 太慢 贵 太贵 糟糕 失望 不满 不满意 投诉 退款 退货 破损 坏 坏了 故障 问题 错误 麻烦 复杂 难用 难 卡 卡顿 闪退 崩溃 延迟 拖延 迟 迟到 冷漠 粗鲁 敷衍 ' +
    '不耐烦 欺骗 骗 虚假 假货 垃圾 恶心 难吃 脏 吵 生气 愤怒 后悔 浪费 缺货 漏 漏发 少发 错发 丢失 丢 无语 坑 推诿 忽悠 不好 不行 不便 缺少 差劲 劣质 过期 昂贵',
);
const TURNS = list(
  "not no never don't doesn't didn't isn't wasn't can't cannot won't hardly without 不 没 没有 未 无 别 不是 不够 不太 不会 不能",
);

/** How far a negation reaches. */
const REACH = 2;

/**
 * Praise less blame over their number, −1 to 1, a word turned round by a negation up to two words before it; undefined
 * where the comment has neither.
 */
export function sentimentOf(words: readonly Word[]): number | undefined {
  let praise = 0;
  let blame = 0;
  words.forEach(({ text }, index) => {
    const good = PRAISE.has(text);
    if (!good && !BLAME.has(text)) return;
    const before = words.slice(Math.max(0, index - REACH), index);
    const turned = before.some((word) => TURNS.has(word.text));
    if (good !== turned) praise++;
    else blame++;
  });
  const count = praise + blame;
  return count === 0 ? undefined : (praise - blame) / count;
}
