import { catalogues, type Translate } from '../../i18n/index.ts';
import { TableError } from '../../tables/index.ts';
import { explainTableError } from '../state/explain-error.ts';

/** What is wrong with a step, and what to do about it. */
export function explainStepError(error: unknown, t: Translate): string {
  if (!(error instanceof TableError)) return explainTableError(error, t);
  const { details } = error;
  const word = (name: string): string => String(details[name] ?? '');
  switch (error.code) {
    case 'bad-formula': {
      const problem = word('problem');
      if (problem === 'empty') return t('shape.formulaError.empty');
      const key = `shape.formulaError.${problem}`;
      if (problem === 'too-deep' || !(key in catalogues['en-US'])) return t('shape.formulaError.too-deep');
      return t(key as 'shape.formulaError.unexpected', word('word'), Number(details.position));
    }
    case 'no-column':
      return t('shape.error.column', word('column'));
    case 'duplicate-keys':
      return t('shape.error.duplicates', word('table'), word('keys'));
    case 'different-types':
      return word('left') === '' ? t('shape.error.retype') : t('shape.error.types', word('left'), word('right'));
    case 'no-row':
      return t('shape.error.row', word('raw'));
    case 'no-version':
      return t('shape.error.changed');
    case 'two-columns':
      return t('shape.error.twoColumns', word('column'));
    case 'bad-option':
      return t('shape.error.option');
    default:
      return explainTableError(error, t);
  }
}
