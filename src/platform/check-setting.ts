import type { Message, SettingContribution } from '@patron/sdk';
import { expected } from './problem.ts';
import { platformText } from './texts.ts';

/** What is wrong with a value for a setting; undefined where it fits. */
export function checkSetting(setting: SettingContribution, value: unknown): Message | undefined {
  switch (setting.type) {
    case 'boolean':
      return typeof value === 'boolean' ? undefined : expected('platform.boolean', value);
    case 'number':
    case 'integer': {
      const whole = setting.type === 'integer';
      if (typeof value !== 'number' || !Number.isFinite(value) || (whole && !Number.isSafeInteger(value)))
        return expected(whole ? 'platform.integer' : 'platform.number', value);
      const { minimum, maximum } = setting;
      if (minimum !== undefined && value < minimum)
        return expected(platformText('platform.atLeast', { minimum: String(minimum) }), value);
      if (maximum !== undefined && value > maximum)
        return expected(platformText('platform.atMost', { maximum: String(maximum) }), value);
      return undefined;
    }
    case 'text':
      if (typeof value !== 'string') return expected('platform.text', value);
      return setting.pattern === undefined || matchesWhole(setting.pattern, value)
        ? undefined
        : expected(platformText('platform.pattern', { pattern: setting.pattern }), value);
    case 'choice': {
      const known = setting.choices.map((choice) => choice.value);
      return typeof value === 'string' && known.includes(value)
        ? undefined
        : expected(platformText('platform.oneOf', { choices: known.join(', ') }), value);
    }
    case 'list':
      return Array.isArray(value) && value.every((item) => typeof item === 'string')
        ? undefined
        : expected('platform.texts', value);
  }
}

/** The longest text that is matched, in characters. */
const longestMatched = 200;

/**
 * Whether the whole of `text` matches. The pattern may be a stranger's, so one that could take long is refused. A refused
 * pattern matches nothing.
 */
export function matchesWhole(pattern: string, text: string): boolean {
  if (text.length > longestMatched || mayBeSlow(pattern)) return false;
  try {
    return new RegExp(`^(?:${pattern})$`, 'u').test(text);
  } catch {
    return false;
  }
}

/**
 * Whether matching could take long: a repeated group, a back reference, a look-around; or too many ways in which repetitions,
 * optional parts and alternatives can share out a text among them.
 */
function mayBeSlow(pattern: string): boolean {
  const bare = pattern.replace(/\\./g, 'x').replace(/\[[^\]]*\]/g, 'x');
  if (/\)[*+{]|\(\?[^:]/.test(bare) || /\\[1-9k]/.test(pattern)) return true;
  const repetitions = (bare.match(/[*+]|\{\d*,\d*\}/g) ?? []).length;
  const optional = (bare.match(/\?/g) ?? []).length;
  const ways = longestMatched ** repetitions * 2 ** optional * waysThroughGroups(bare);
  return ways > longestMatched ** 3;
}

/** In how many ways the alternatives of the groups can be combined. */
function waysThroughGroups(bare: string): number {
  const alternatives = [1];
  let ways = 1;
  for (const letter of bare) {
    if (letter === '(') alternatives.push(1);
    else if (letter === '|') alternatives[alternatives.length - 1]++;
    else if (letter === ')' && alternatives.length > 1) ways *= alternatives.pop() as number;
  }
  return ways * alternatives[0];
}
