import { AnalysisError, type Json, type JsonObject, type Message, message, type Text } from '@patron/sdk';

/** The four stages, in order. Own rules may have others. */
const STAGES = ['acquire', 'nurture', 'convert', 'retain'] as const;

const MEASURES = ['events', 'activeDays', 'purchases', 'amount', 'daysSinceFirst', 'daysSinceLast'] as const;
type Measure = (typeof MEASURES)[number];

/** One condition on a customer. Exactly one of the bounds is given. */
export interface Condition {
  readonly measure: Measure;
  /** Only rows of these events count; all where absent. */
  readonly events?: readonly string[];
  readonly atLeast?: number;
  readonly atMost?: number;
}

/** A customer is in the last stage of the list whose conditions all hold. */
export interface StageRule {
  readonly stage: string;
  readonly when: readonly Condition[];
  readonly name?: string;
}

/** The rules where rows other than purchases are known: visits, sign-ups, … */
export const EVENT_RULES: readonly StageRule[] = [
  { stage: 'acquire', when: [] },
  { stage: 'nurture', when: [{ measure: 'activeDays', atLeast: 2 }] },
  { stage: 'convert', when: [{ measure: 'purchases', atLeast: 1 }] },
  {
    stage: 'retain',
    when: [
      { measure: 'purchases', atLeast: 2 },
      { measure: 'daysSinceLast', atMost: 90 },
    ],
  },
];

/** The rules where every row is a purchase. */
export const PURCHASE_RULES: readonly StageRule[] = [
  { stage: 'acquire', when: [] },
  { stage: 'nurture', when: [{ measure: 'daysSinceFirst', atLeast: 30 }] },
  { stage: 'convert', when: [{ measure: 'purchases', atLeast: 2 }] },
  {
    stage: 'retain',
    when: [
      { measure: 'purchases', atLeast: 3 },
      { measure: 'daysSinceLast', atMost: 90 },
    ],
  },
];

/** Reads the parameter `rules`. @throws AnalysisError that points at what is wrong. */
export function parseStageRules(given: Json): readonly StageRule[] {
  if (!Array.isArray(given) || given.length === 0) {
    throw new AnalysisError(
      '\'rules\' must be a list of stages such as [{"stage": "convert", "when": [{"measure": "purchases", "atLeast": 1}]}].',
      { text: message('error.rules'), path: 'parameters.rules' },
    );
  }
  const rules = given.map((rule: Json, index) => parseRule(rule, `parameters.rules.${index}`, index + 1));
  const names = rules.map((rule) => rule.stage);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    throw new AnalysisError(`Stage '${twice}' stands twice in 'rules'; a customer's stage must be one line.`, {
      text: message('error.stageTwice', { stage: twice }),
      path: 'parameters.rules',
    });
  }
  return rules;
}

function fieldsOf(given: Json): JsonObject {
  return given !== null && typeof given === 'object' && !Array.isArray(given) ? (given as JsonObject) : {};
}

function parseRule(given: Json, path: string, number: number): StageRule {
  const { stage, when = [], name } = fieldsOf(given);
  if (typeof stage !== 'string' || stage === '' || !Array.isArray(when)) {
    throw new AnalysisError(`Rule ${number} needs a text 'stage' and a list 'when'.`, {
      text: message('error.rule', { rule: number }),
      path,
    });
  }
  return {
    stage,
    when: when.map((condition: Json, index) => parseCondition(condition, `${path}.when.${index}`, stage)),
    ...(typeof name === 'string' && name !== '' && { name }),
  };
}

function parseCondition(given: Json, path: string, stage: string): Condition {
  const { measure, events, atLeast, atMost } = fieldsOf(given);
  const known = MEASURES.find((name) => name === measure);
  const list = typeof events === 'string' ? [events] : events;
  const named = list === undefined || (Array.isArray(list) && list.every((event) => typeof event === 'string'));
  const bounds = [atLeast, atMost].filter((bound) => typeof bound === 'number');
  if (!known || !named || bounds.length !== 1) {
    throw new AnalysisError(
      `A condition of stage '${stage}' needs a 'measure' (${MEASURES.join(', ')}) and either 'atLeast' or 'atMost' with a number; 'events' may be a list of names.`,
      { text: message('error.condition', { stage, measures: MEASURES.join(', ') }), path },
    );
  }
  return {
    measure: known,
    ...(list !== undefined && { events: list as readonly string[] }),
    ...(typeof atLeast === 'number' ? { atLeast } : { atMost: atMost as number }),
  };
}

/** A rule as the parameter holds it. */
export function ruleJson({ stage, when, name }: StageRule): JsonObject {
  return {
    stage,
    when: when.map(({ events, ...condition }) => ({ ...condition, ...(events && { events: [...events] }) })),
    ...(name !== undefined && { name }),
  };
}

/** Heading of a stage. */
export function stageName({ stage, name }: StageRule): Text {
  if (name !== undefined) return name;
  return STAGES.some((known) => known === stage) ? message(`stage.${stage}`) : stage;
}

/** Why a customer is in a stage, in words: the rule that holds. */
export function ruleText({ when }: StageRule): Message {
  if (when.length === 0) return message('rule.always');
  return when.map(conditionText).reduce((left, right) => message('rule.and', { left, right }));
}

function conditionText({ measure, events, atLeast, atMost }: Condition): Message {
  const bound = atLeast ?? atMost ?? 0;
  const text = message(`rule.${measure}.${atLeast === undefined ? 'atMost' : 'atLeast'}`, { bound });
  return events ? message('rule.of', { condition: text, events: events.join(', ') }) : text;
}
