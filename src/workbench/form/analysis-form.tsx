import { Collapsible } from '@ark-ui/solid/collapsible';
import { AnalysisError, type Json, type JsonObject, type ParameterContribution } from '@patron/sdk';
import ChevronRight from 'lucide-solid/icons/chevron-right';
import X from 'lucide-solid/icons/x';
import { createEffect, createMemo, createResource, createSignal, For, type JSX, on, onCleanup, Show } from 'solid-js';
import { reportProvenance, startRun } from '../actions/result-actions.ts';
import { AnalysisIcon } from '../analyses/analysis-icon.tsx';
import { Button, IconButton } from '../controls/button.tsx';
import { SelectField } from '../controls/field.tsx';
import { ProgressBar } from '../controls/progress.tsx';
import { isRefused } from '../files/read-only.ts';
import { PanelEmpty } from '../shell/panel.tsx';
import type { ListedAnalysis } from '../state/analyses.ts';
import { explainRunError, isCancelled } from '../state/explain-error.ts';
import type { RunJob } from '../state/results.ts';
import { useWorkbench } from '../workbench.ts';
import styles from './analysis-form.module.css';
import { distinctValues } from './distinct-values.ts';
import { checkForm, type Problem } from './form-check.ts';
import {
  draftFromRequest,
  type FormDraft,
  type FormTable,
  firstDraft,
  type RoleDraft,
  rolesInUse,
} from './form-state.ts';
import { ParameterField } from './parameter-field.tsx';
import { RoleEditor } from './role-editor.tsx';

function withParameters(draft: FormDraft, parameters: JsonObject = {}): FormDraft {
  return { ...draft, parameters: { ...draft.parameters, ...parameters } };
}

/** The form of an analysis, made from its manifest: data, options, Run, progress, Cancel. */
export function AnalysisForm(props: {
  analysis: ListedAnalysis;
  result?: string;
  /** What to start with in place of the defaults. */
  parameters?: JsonObject;
}): JSX.Element {
  const workbench = useWorkbench();
  const { commands, importDialog, language, layout, runs, session, tables, analyses } = workbench;
  const { t, locale } = language;
  const formTables = createMemo<readonly FormTable[]>(() => [...tables.list(), ...tables.results()]);
  const record = createMemo(() => (props.result === undefined ? undefined : runs.find(props.result)));
  const [draft, setDraft] = createSignal<FormDraft>({ roles: {}, chosen: {}, parameters: {} });
  const [tried, setTried] = createSignal(false);
  const [job, setJob] = createSignal<RunJob | null>(null);
  const [failure, setFailure] = createSignal<unknown>(null);
  const [touched, setTouched] = createSignal(false);

  const startOver = (): void => {
    const known = record();
    const shown = session.activeSheet()?.source as { table?: string } | undefined;
    setDraft(
      known
        ? draftFromRequest(props.analysis.contribution, known.request)
        : withParameters(firstDraft(props.analysis.contribution, tables.list(), shown?.table), props.parameters),
    );
    setTried(false);
    setTouched(false);
    setFailure(null);
  };
  const analysisId = createMemo(() => props.analysis.id);
  const resultId = createMemo(() => props.result);
  createEffect(on([analysisId, resultId, () => props.parameters], startOver));
  // A table that arrives while nothing was filled in yet is guessed from, too.
  createEffect(
    on(
      createMemo(() => tables.list().length),
      () => {
        if (!touched() && !props.result) startOver();
      },
      { defer: true },
    ),
  );

  const check = createMemo(() => checkForm(props.analysis.contribution, draft(), formTables(), (title) => title));
  const problemAt = (path: string): Problem | undefined => {
    if (tried()) {
      const own = check().problems[path];
      if (own) return own;
    }
    const error = failure();
    if (error instanceof AnalysisError && error.path === path)
      return () => explainRunError(error, props.analysis, t, locale());
    return undefined;
  };
  const roles = createMemo(() => rolesInUse(props.analysis.contribution, draft()));
  const groups = createMemo(() => {
    const found = new Map<string, { role: string; title: string }[]>();
    for (const { group, role, title } of props.analysis.contribution.inputs) {
      if (group !== undefined) found.set(group, [...(found.get(group) ?? []), { role, title }]);
    }
    return [...found].filter(([, members]) => members.length > 1);
  });
  const changeRole = (role: string, changed: RoleDraft): void => {
    setTouched(true);
    setFailure(null);
    setDraft((before) => ({ ...before, roles: { ...before.roles, [role]: changed } }));
  };
  const changeParameter = (name: string, value: Json): void => {
    setTouched(true);
    setFailure(null);
    setDraft((before) => ({ ...before, parameters: { ...before.parameters, [name]: value } }));
  };
  const running = (): boolean => job() !== null;

  const run = (): void => {
    setTried(true);
    const request = check().request;
    if (!request || runs.active() || isRefused(workbench)) return;
    setFailure(null);
    const started = startRun(workbench, request, props.result);
    setJob(started);
    started.done
      .catch((error: unknown) => {
        if (!isCancelled(error)) setFailure(error);
      })
      .finally(() => setJob(null));
  };
  commands.register({
    id: 'analysis.run',
    title: 'command.run',
    category: 'command.category.analysis',
    keys: ['mod+enter'],
    run,
  });
  onCleanup(() => setJob(null));

  const parameters = createMemo(() => props.analysis.contribution.parameters ?? []);
  const plain = createMemo(() => bySection(parameters().filter(({ advanced }) => !advanced)));
  const advanced = createMemo(() => parameters().filter((parameter) => parameter.advanced));
  const progressText = (): string => {
    const progress = job()?.progress();
    if (job()?.silent() && progress?.stage === 'running') return t('run.notResponding');
    if (!progress || progress.stage === 'reading') return t('form.starting');
    if (progress.stage === 'saving') return t('import.phase.store');
    return progress.text === undefined
      ? t('form.running')
      : analyses.render(props.analysis.plugin.id, progress.text, locale());
  };
  /** What the parameter came to in this result, or in the latest run of the same analysis: where an editor begins. */
  const lastSettled = (name: string): Json | undefined => {
    const latest = runs.list().find((each) => each.record.request.analysis === props.analysis.id)?.record;
    return (record() ?? latest)?.parameters[name];
  };
  const field = (parameter: ParameterContribution): JSX.Element => (
    <ConnectedParameter
      parameter={parameter}
      analysis={props.analysis}
      draft={draft()}
      tables={formTables()}
      settled={lastSettled(parameter.name)}
      error={problemAt(`parameters.${parameter.name}`)?.(t)}
      onChange={(value) => changeParameter(parameter.name, value)}
    />
  );

  return (
    <form
      class={styles.form}
      aria-label={props.analysis.title}
      onSubmit={(event) => {
        event.preventDefault();
        run();
      }}
    >
      <header class={styles.header}>
        <AnalysisIcon name={props.analysis.icon} size={16} />
        <h2 title={props.analysis.title}>{props.analysis.title}</h2>
        <IconButton label={t('form.close')} onClick={() => layout.showForm(null)}>
          <X size={16} aria-hidden="true" />
        </IconButton>
      </header>
      <div class={styles.body}>
        <Show when={props.analysis.description}>
          <p class={styles.description}>{props.analysis.description}</p>
        </Show>
        <Show
          when={formTables().length > 0}
          fallback={
            <PanelEmpty>
              <span>{t('form.noTable')}</span>
              <Button variant="primary" onClick={() => importDialog.show()}>
                {t('form.noTableAction')}
              </Button>
            </PanelEmpty>
          }
        >
          <section class={styles.section}>
            <h3>{t('form.data')}</h3>
            <For each={groups()}>
              {([group, members]) => (
                <SelectField
                  label={t('form.role')}
                  value={draft().chosen[group] ?? null}
                  options={members.map(({ role, title }) => ({ value: role, label: title }))}
                  onChange={(role) =>
                    setDraft((before) => ({ ...before, chosen: { ...before.chosen, [group]: role } }))
                  }
                />
              )}
            </For>
            <For each={roles()}>
              {(role) => (
                <RoleEditor
                  role={role}
                  several={roles().length > 1}
                  draft={draft().roles[role.role] ?? { table: null, fields: {}, filters: [] }}
                  tables={formTables()}
                  problemAt={problemAt}
                  onChange={(changed) => changeRole(role.role, changed)}
                />
              )}
            </For>
          </section>
          <For each={plain()}>
            {([section, members]) => (
              <section class={styles.section}>
                <Show when={members.length > 1 || members[0].title !== section}>
                  <h3>{section ?? t('form.options')}</h3>
                </Show>
                <For each={members}>{field}</For>
              </section>
            )}
          </For>
          <Show when={advanced().length > 0}>
            <Collapsible.Root lazyMount>
              <Collapsible.Trigger class={styles.moreButton}>
                <ChevronRight size={14} aria-hidden="true" />
                {t('form.more')}
              </Collapsible.Trigger>
              <Collapsible.Content>
                <div class={styles.advanced}>
                  <For each={advanced()}>{field}</For>
                </div>
              </Collapsible.Content>
            </Collapsible.Root>
          </Show>
          <Show when={record()}>
            {(known) => (
              <section class={styles.section}>
                <h3>{t('report.provenance')}</h3>
                <div class={styles.facts}>
                  <For each={reportProvenance(workbench, known())}>{(line) => <span>{line}</span>}</For>
                </div>
              </section>
            )}
          </Show>
        </Show>
      </div>
      <footer class={styles.footer}>
        <Show when={failure()}>
          {(error) => (
            <div class={styles.error} role="alert">
              {explainRunError(error(), props.analysis, t, locale())}
            </div>
          )}
        </Show>
        <Show when={tried() && Object.keys(check().problems).length > 0}>
          <div class={styles.error} role="alert">
            {t('form.problems', Object.keys(check().problems).length)}
          </div>
        </Show>
        <Show
          when={running() && job()}
          fallback={
            <div class={styles.run}>
              <Button type="submit" variant="primary" disabled={formTables().length === 0 || runs.active() !== null}>
                {props.result === undefined ? t('form.run') : t('form.runAgain')}
              </Button>
              <span class={styles.keys}>{commands.keysOf('analysis.run')}</span>
            </div>
          }
        >
          {(active) => (
            <ProgressBar
              label={props.analysis.title}
              text={progressText()}
              share={active().share()}
              cancelLabel={t('common.cancel')}
              onCancel={() => active().cancel()}
            />
          )}
        </Show>
      </footer>
    </form>
  );
}

function bySection(parameters: readonly ParameterContribution[]): [string | undefined, ParameterContribution[]][] {
  const sections = new Map<string | undefined, ParameterContribution[]>();
  for (const parameter of parameters) {
    sections.set(parameter.section, [...(sections.get(parameter.section) ?? []), parameter]);
  }
  return [...sections];
}

/** A parameter's field with the columns and values of the role it speaks of. */
function ConnectedParameter(props: {
  parameter: ParameterContribution;
  analysis: ListedAnalysis;
  draft: FormDraft;
  tables: readonly FormTable[];
  /** What an earlier run settled it to. */
  settled: Json | undefined;
  error?: string;
  onChange(value: Json): void;
}): JSX.Element {
  const { tables, analyses } = useWorkbench();
  const role = createMemo(() => {
    const named = 'role' in props.parameter ? props.parameter.role : undefined;
    const inUse = rolesInUse(props.analysis.contribution, props.draft);
    // A parameter of a role that another stands in for speaks of that other.
    return inUse.find((given) => given.role === named)?.role ?? (inUse.find((given) => given.open) ?? inUse[0])?.role;
  });
  const roleDraft = createMemo(() => (role() === undefined ? undefined : props.draft.roles[role() as string]));
  const columns = createMemo(
    () => props.tables.find(({ id }) => id === roleDraft()?.table)?.columns.map(({ name }) => name) ?? [],
  );
  const valueColumn = createMemo(() => {
    const wanted =
      props.parameter.type === 'value' ? props.parameter.field : props.parameter.type === 'json' ? 'event' : undefined;
    const source = wanted === undefined ? undefined : roleDraft()?.fields[wanted];
    const table = roleDraft()?.table;
    return typeof source === 'string' && table ? `${table}\n${source}` : null;
  });
  const [values] = createResource(valueColumn, (key) => {
    const [table, column] = key.split('\n');
    return distinctValues(tables.client, table, column);
  });
  /** The rules that stand while the user has none: the chosen scheme's, for five scores; else those of the last run. */
  const standardRules = createMemo((): Json => {
    const presets = props.parameter.type === 'json' ? props.parameter.presets : undefined;
    const chosen = presets && props.draft.parameters[presets.by];
    const preset = typeof chosen === 'string' ? presets?.values[chosen] : undefined;
    const bins = Number(props.draft.parameters.bins);
    return (bins === 5 || chosen === 'zh8' ? preset : undefined) ?? props.settled ?? null;
  });
  const levels = createMemo(() => {
    const value = props.draft.parameters[props.parameter.name] ?? standardRules();
    const ends = JSON.stringify(value ?? null).match(/\[(\d+),(\d+)\]/g) ?? [];
    const highest = Math.max(0, ...ends.flatMap((end) => end.match(/\d+/g) ?? []).map(Number));
    const bins = Number(props.draft.parameters.bins);
    return highest === 2 ? 2 : Math.max(highest, Number.isInteger(bins) && bins > 1 ? bins : 5);
  });
  return (
    <ParameterField
      parameter={props.parameter}
      value={props.draft.parameters[props.parameter.name] ?? null}
      error={props.error}
      columns={columns()}
      values={values() ?? []}
      levels={levels()}
      standardRules={standardRules()}
      segmentName={(segment) => analyses.segmentName(props.analysis.plugin.id, segment)}
      onChange={props.onChange}
    />
  );
}
