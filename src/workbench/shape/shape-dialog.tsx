import { createEffect, createMemo, createSignal, type JSX, on, onCleanup, Show } from 'solid-js';
import type { CellFix, MergePreview, MergeRule, Rejects, Step, StepPreview, TableMeta } from '../../tables/index.ts';
import { Button } from '../controls/button.tsx';
import { Dialog } from '../controls/dialog.tsx';
import { CheckboxField, SelectField, TextField } from '../controls/field.tsx';
import { ProgressBar } from '../controls/progress.tsx';
import { isCancelled } from '../state/explain-error.ts';
import { useWorkbench } from '../workbench.ts';
import { emptyStep, isComplete } from './draft-step.ts';
import { HistoryList } from './history-list.tsx';
import { MergeForm } from './merge-form.tsx';
import { RejectsForm } from './rejects-form.tsx';
import styles from './shape.module.css';
import { applySteps, fixRejects, mergeFile } from './shape-actions.ts';
import { type ShapeTask, shapeTasks } from './shape-state.ts';
import { StepForm } from './step-form.tsx';
import { type PreviewState, PreviewView } from './step-preview.tsx';

/** Milliseconds without a keystroke after which the preview is worked out. */
const quietTime = 250;
const newRule: MergeRule = { keys: [], mode: 'append', mapping: {} };

/** Shaping a table: what to do, its form, what would change, Apply, and the history. */
export function ShapeDialog(): JSX.Element {
  const { shape, tables } = useWorkbench();
  const table = createMemo(() => tables.list().find(({ id }) => id === shape.target()?.table));
  return (
    <Show when={table()?.id} keyed>
      <Show when={table()}>{(current) => <Shaping table={current()} />}</Show>
    </Show>
  );
}

function Shaping(props: { table: TableMeta }): JSX.Element {
  const workbench = useWorkbench();
  const { shape, language, session, tables } = workbench;
  const { t, locale } = language;
  const task = (): ShapeTask => shape.target()?.task ?? 'filter';
  const stepKind = createMemo(() => {
    const kind = task();
    return kind === 'merge' || kind === 'rejects' || kind === 'history' ? undefined : kind;
  });
  const [steps, setSteps] = createSignal<readonly Step[]>([]);
  const [asNew, setAsNew] = createSignal(false);
  const [newName, setNewName] = createSignal('');
  const [file, setFile] = createSignal<File | null>(null);
  const [rule, setRule] = createSignal<MergeRule>(newRule);
  const [isRemembered, setRemembered] = createSignal(false);
  const [fileColumns, setFileColumns] = createSignal<MergePreview['fileColumns']>([]);
  const [rejects, setRejects] = createSignal<Rejects | null>(null);
  const [fixes, setFixes] = createSignal<readonly CellFix[]>([]);
  const [state, setState] = createSignal<PreviewState>({ kind: 'none' });
  const [applying, setApplying] = createSignal<AbortController | null>(null);
  const [share, setShare] = createSignal<number | null>(null);
  let repeated: readonly Step[] | undefined;
  let form!: HTMLFormElement;

  createEffect(
    on(stepKind, (kind) => {
      const chosen = repeated;
      repeated = undefined;
      setSteps(chosen ?? (kind ? [emptyStep(kind, locale(), session.timeZone())] : []));
      setAsNew(false);
      setNewName('');
    }),
  );
  // The rule of the latest update is filled in for the next month's file.
  createEffect(
    on([task, () => props.table.id], ([kind, id]) => {
      if (kind !== 'merge') return;
      void tables.client.steps.history(id).then((entries) => {
        const last = entries.findLast((entry) => entry.merge)?.merge;
        if (!last || rule() !== newRule) return;
        setRule(last);
        setRemembered(true);
      });
    }),
  );
  createEffect(
    on([task, () => props.table.version], ([kind]) => {
      if (kind !== 'rejects') return;
      setFixes([]);
      void tables.client.rejects(props.table.id).then(setRejects);
    }),
  );
  createEffect(
    on([task, steps, file, rule, () => props.table.version], ([kind, wanted, chosen, by]) => {
      const isStep = kind !== 'merge' && wanted.length > 0 && wanted.every((step) => isComplete(step, props.table));
      const isMerge = kind === 'merge' && chosen !== null && (by.mode === 'append' || by.keys.length > 0);
      if (!isStep && !isMerge) {
        setState({ kind: 'none' });
        return;
      }
      setState({ kind: 'working' });
      const stop = new AbortController();
      const { id } = props.table;
      const ask = async (): Promise<void> => {
        try {
          let preview: StepPreview;
          if (isMerge && chosen) {
            const merge = await tables.client.steps.previewMerge(id, chosen, by, stop.signal);
            if (!stop.signal.aborted) setFileColumns(merge.fileColumns);
            preview = merge;
          } else preview = await tables.client.steps.preview(id, wanted, stop.signal);
          if (stop.signal.aborted) return;
          setState({ kind: 'ready', preview, sorts: wanted.length === 1 && wanted[0].kind === 'sort' });
        } catch (error) {
          if (!stop.signal.aborted && !isCancelled(error)) setState({ kind: 'failed', error });
        }
      };
      const timer = setTimeout(() => void ask(), quietTime);
      onCleanup(() => {
        clearTimeout(timer);
        stop.abort();
      });
    }),
  );
  // A file's columns are known before its keys are chosen, so that the mapping can be filled in first.
  const takeFile = (chosen: File): void => {
    setFile(chosen);
    setFileColumns([]);
    void tables.client.preview(chosen, rule().options).then(
      ({ detection }) => {
        if (file() !== chosen) return;
        const { mapping } = rule();
        const to = (name: string): string | null => (Object.hasOwn(mapping, name) ? mapping[name] : name);
        setFileColumns(detection.columns.map(({ name, type }) => ({ name, type, to: to(name) })));
      },
      (error: unknown) => setState({ kind: 'failed', error }),
    );
  };
  onCleanup(() => applying()?.abort());

  const canApply = (): boolean => {
    if (applying()) return false;
    if (task() === 'rejects') return fixes().length > 0;
    return task() !== 'history' && state().kind === 'ready' && (!asNew() || newName().trim() !== '');
  };
  const apply = async (): Promise<void> => {
    if (!canApply()) return;
    const stop = new AbortController();
    const run = { signal: stop.signal, onShare: (done: number) => void setShare(done) };
    setShare(null);
    setApplying(stop);
    const chosen = file();
    const target = asNew() && task() !== 'merge' ? { newTable: newName().trim() } : {};
    const done =
      task() === 'rejects'
        ? await fixRejects(workbench, props.table, fixes())
        : task() === 'merge' && chosen
          ? await mergeFile(workbench, props.table, chosen, rule(), run)
          : await applySteps(workbench, props.table, steps(), target, run);
    setApplying(null);
    if (done) shape.close();
  };
  const repeat = (wanted: readonly Step[]): void => {
    const { kind } = wanted[wanted.length - 1];
    if (stepKind() === kind) setSteps(wanted);
    else repeated = wanted;
    shape.show(props.table.id, kind);
  };

  return (
    <Dialog
      open
      title={t('shape.title', props.table.name)}
      closeLabel={t('common.close')}
      width={1080}
      closeOutside={false}
      onClose={() => shape.close()}
      initialFocus={() => form.querySelector('select')}
      footer={
        task() === 'history' ? undefined : (
          <Show
            when={applying()}
            fallback={
              <>
                <Button onClick={() => shape.close()}>{t('common.cancel')}</Button>
                <Button variant="primary" type="submit" form="shape-form" disabled={!canApply()}>
                  {task() === 'rejects' ? t('shape.rejects.apply') : t('shape.apply')}
                </Button>
              </>
            }
          >
            {(work) => (
              <div class={styles.spread}>
                <ProgressBar
                  label={t('shape.applyingTo', props.table.name)}
                  text={t('shape.applying')}
                  share={share()}
                  cancelLabel={t('common.cancel')}
                  onCancel={() => work().abort()}
                />
              </div>
            )}
          </Show>
        )
      }
    >
      <div classList={{ [styles.layout]: true, [styles.wide]: task() === 'history' }}>
        <form
          ref={form}
          id="shape-form"
          class={styles.form}
          onSubmit={(event) => {
            event.preventDefault();
            void apply();
          }}
        >
          <SelectField
            label={t('shape.task')}
            value={task()}
            options={shapeTasks.map((each) => ({ value: each, label: t(`shape.task.${each}`) }))}
            onChange={(next) => shape.show(props.table.id, next as ShapeTask)}
          />
          <Show when={stepKind() && steps().at(-1)}>
            {(step) => (
              <StepForm
                step={step()}
                table={props.table}
                onChange={(next) => setSteps([...steps().slice(0, -1), next])}
              />
            )}
          </Show>
          <Show when={stepKind()}>
            <CheckboxField label={t('shape.newTable')} checked={asNew()} onChange={setAsNew} />
            <Show when={asNew()}>
              <TextField label={t('shape.newTableName')} value={newName()} onInput={setNewName} />
            </Show>
          </Show>
          <Show when={task() === 'merge'}>
            <MergeForm
              table={props.table}
              file={file()}
              rule={rule()}
              isRemembered={isRemembered()}
              fileColumns={fileColumns()}
              onFile={takeFile}
              onChange={setRule}
            />
          </Show>
          <Show when={task() === 'history'}>
            <HistoryList table={props.table} onRepeat={repeat} />
          </Show>
        </form>
        <Show
          when={task() === 'rejects'}
          fallback={
            <Show when={task() !== 'history'}>
              <PreviewView state={state()} />
            </Show>
          }
        >
          <div class={styles.result}>
            <Show when={rejects()}>
              {(known) => <RejectsForm rejects={known()} fixes={fixes()} onChange={setFixes} />}
            </Show>
          </div>
        </Show>
      </div>
    </Dialog>
  );
}
