import { createMemo, createSignal, type JSX, Show } from 'solid-js';
import type { ImportOptions, TablePreview } from '../../tables/index.ts';
import { SelectField, TextField } from '../controls/field.tsx';
import { useWorkbench } from '../workbench.ts';

const encodings = ['utf-8', 'gb18030', 'utf-16le', 'utf-16be', 'big5', 'shift_jis', 'windows-1252'] as const;

const delimiters = [
  { value: ',', key: 'import.delimiter.comma' },
  { value: ';', key: 'import.delimiter.semicolon' },
  { value: '\t', key: 'import.delimiter.tab' },
  { value: '|', key: 'import.delimiter.pipe' },
  { value: 'whitespace', key: 'import.delimiter.whitespace' },
  { value: 'fixed-width', key: 'import.delimiter.fixed' },
  { value: 'other', key: 'import.delimiter.other' },
] as const;

/** How a text file is read: its encoding, and what sets its columns apart. */
export function TextOptions(props: {
  preview: TablePreview | null;
  options: ImportOptions;
  onChange(part: Partial<ImportOptions>): void;
}): JSX.Element {
  const { t } = useWorkbench().language;
  const [other, setOther] = createSignal(false);
  const detected = createMemo(() => {
    const { layout, delimiter } = props.preview?.detection ?? {};
    return layout === 'whitespace' || layout === 'fixed-width' ? layout : (delimiter ?? ',');
  });
  const delimiter = (): string =>
    other() || !delimiters.some(({ value }) => value === detected()) ? 'other' : detected();
  const choose = (value: string): void => {
    setOther(value === 'other');
    if (value === 'other') return;
    props.onChange(
      value === 'whitespace' || value === 'fixed-width'
        ? { layout: value, delimiter: undefined, columnStarts: undefined, columns: undefined }
        : { layout: 'delimited', delimiter: value, columnStarts: undefined, columns: undefined },
    );
  };
  const chooseStarts = (text: string): void => {
    const starts = [...new Set([0, ...(text.match(/\d+/g) ?? []).map(Number)])].sort((a, b) => a - b);
    props.onChange({ layout: 'fixed-width', delimiter: undefined, columnStarts: starts, columns: undefined });
  };
  return (
    <>
      <SelectField
        label={t('import.encoding')}
        value={props.options.encoding ?? ''}
        options={[
          { value: '', label: t('import.automatic', (props.preview?.detection.encoding ?? '…').toUpperCase()) },
          ...encodings.map((encoding) => ({ value: encoding, label: encoding.toUpperCase() })),
        ]}
        onChange={(encoding) => props.onChange({ encoding: encoding || undefined, columns: undefined })}
      />
      <SelectField
        label={t('import.delimiter')}
        value={delimiter()}
        options={delimiters.map(({ value, key }) => ({ value, label: t(key) }))}
        onChange={choose}
      />
      <Show when={delimiter() === 'other'}>
        <TextField
          label={t('import.otherDelimiter')}
          value={other() ? '' : detected()}
          onCommit={(text) => {
            if ([...text].length !== 1) return;
            setOther(false);
            props.onChange({ layout: 'delimited', delimiter: text, columnStarts: undefined, columns: undefined });
          }}
        />
      </Show>
      <Show when={delimiter() === 'fixed-width'}>
        <TextField
          label={t('import.columnStarts')}
          hint={t('import.columnStartsHint')}
          value={(props.preview?.detection.columnStarts ?? []).join(', ')}
          onCommit={chooseStarts}
        />
      </Show>
    </>
  );
}
