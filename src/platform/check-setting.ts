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

/**
 * Whether the whole of `text` matches. The pattern may be a stranger's, so one that could take long is refused: a repeated
 * group, a back reference or look-around, more than three open repetitions. A refused pattern matches nothing.
 */
export function matchesWhole(pattern: string, text: string): boolean {
  const bare = pattern.replace(/\\./g, 'x').replace(/\[[^\]]*\]/g, 'x');
  const slow =
    /\)[*+{]|\(\?[^:]/.test(bare) || /\\[1-9k]/.test(pattern) || (bare.match(/[*+]|\{\d*,\}/g) ?? []).length > 3;
  if (slow || text.length > 200) return false;
  try {
    return new RegExp(`^(?:${pattern})$`, 'u').test(text);
  } catch {
    return false;
  }
}
