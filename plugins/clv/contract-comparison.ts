import { chiSquareUpperTail, message, type Note, type ResultTable, tableFromRows } from '@patron/sdk';
import type { ContractModelName } from './contract-model.ts';
import type { Fit } from './likelihood-fit.ts';

/** Twice what the log-likelihood gains where the chance to leave may change with age: sBG is BdW with c = 1. */
function likelihoodRatio(simple: Fit, ageing: Fit): number {
  return Math.max(0, 2 * (ageing.logLikelihood - simple.logLikelihood));
}

/** Both models of the same contracts, with the likelihood-ratio test of the richer one. */
export function contractModelTable(simple: Fit, ageing: Fit): ResultTable {
  const ratio = likelihoodRatio(simple, ageing);
  const row = (name: ContractModelName, { names, logLikelihood, observations }: Fit): (string | number | null)[] => [
    name,
    names.length,
    logLikelihood,
    2 * names.length - 2 * logLikelihood,
    Math.log(observations) * names.length - 2 * logLikelihood,
    name === 'bdw' ? ratio : null,
    name === 'bdw' ? chiSquareUpperTail(ratio, 1) : null,
  ];
  return tableFromRows(
    [
      {
        name: 'model',
        title: message('column.model'),
        type: 'string',
        labels: { sbg: message('model.sbg'), bdw: message('model.bdw') },
      },
      { name: 'parameters', title: message('column.parameters'), type: 'integer' },
      { name: 'logLikelihood', title: message('metric.logLikelihood'), type: 'number', format: 'decimal4' },
      { name: 'aic', title: message('metric.aic'), type: 'number', format: 'decimal' },
      { name: 'bic', title: message('metric.bic'), type: 'number', format: 'decimal' },
      { name: 'likelihoodRatio', title: message('column.likelihoodRatio'), type: 'number', format: 'decimal' },
      { name: 'p', title: message('column.p'), type: 'number', format: 'decimal4' },
    ],
    [row('sbg', simple), row('bdw', ageing)].filter(([, , logLikelihood]) => Number.isFinite(logLikelihood)),
    { title: message('table.models') },
  );
}

/** Whether the chance to leave changes with age beyond what differences between customers explain. */
export function ageingNotes(simple: Fit, ageing: Fit, model: ContractModelName): Note[] {
  if (simple.verdict === 'unfinished' || ageing.verdict === 'unfinished') return [];
  const ratio = likelihoodRatio(simple, ageing);
  const p = chiSquareUpperTail(ratio, 1);
  const needed = p < 0.05;
  return [
    {
      level: needed && model === 'sbg' ? 'warning' : 'info',
      text: message(needed ? 'note.contract.ageing' : 'note.contract.ageless', {
        ratio: { value: ratio, as: 'decimal' },
        p: { value: p, as: 'decimal4' },
      }),
    },
  ];
}
