import { AnalysisError, type Json, type JsonObject, type ParameterContribution } from '@patron/sdk';
import { matchesWhole } from './check-setting.ts';
import { at, expected, type Problem, problemText } from './problem.ts';
import { inEnglish, platformText } from './texts.ts';

const day = /^(\d{4})-(\d{2})-(\d{2})$/;
const duration = /^\d+(\.\d+)?[smhd]$/;

/** What is wrong with a value for a parameter; undefined where it fits. `path` leads to the value. */
export function checkParameter(parameter: ParameterContribution, value: unknown, path = ''): Problem | undefined {
  if (value === null && parameter.default === null) return undefined;
  const wrong = (problem: Problem['problem']): Problem => ({ path, problem });
  switch (parameter.type) {
    case 'number':
    case 'integer': {
      const whole = parameter.type === 'integer';
      if (typeof value !== 'number' || !Number.isFinite(value) || (whole && !Number.isSafeInteger(value)))
        return wrong(expected(whole ? 'platform.integer' : 'platform.number', value));
      const { minimum, maximum } = parameter;
      if (minimum !== undefined && value < minimum)
        return wrong(expected(platformText('platform.atLeast', { minimum: String(minimum) }), value));
      if (maximum !== undefined && value > maximum)
        return wrong(expected(platformText('platform.atMost', { maximum: String(maximum) }), value));
      return undefined;
    }
    case 'boolean':
      return typeof value === 'boolean' ? undefined : wrong(expected('platform.boolean', value));
    case 'date':
      return typeof value === 'string' && isDay(value) ? undefined : wrong(expected('platform.date', value));
    case 'duration':
      return typeof value === 'string' && (value === 'none' || duration.test(value))
        ? undefined
        : wrong(expected('platform.duration', value));
    case 'choice': {
      const known = parameter.choices.map((choice) => choice.value);
      const fits =
        typeof value === 'string' &&
        (known.includes(value) || (parameter.accepts !== undefined && matchesWhole(parameter.accepts, value)));
      return fits ? undefined : wrong(expected(platformText('platform.oneOf', { choices: known.join(', ') }), value));
    }
    case 'columns': {
      if (!Array.isArray(value)) return wrong(expected('platform.texts', value));
      const odd = value.findIndex((item) => typeof item !== 'string');
      return odd < 0 ? undefined : { path: at(path, odd), problem: expected('platform.text', value[odd]) };
    }
    case 'json':
      return value === undefined ? wrong(expected('platform.object', value)) : undefined;
    default:
      return typeof value === 'string' ? undefined : wrong(expected('platform.text', value));
  }
}

function isDay(text: string): boolean {
  if (!day.test(text)) return false;
  const time = Date.parse(text);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

/**
 * All parameters of an analysis: those given, checked, and the defaults of the others.
 * @throws AnalysisError "parameters.bins: expected a whole number, got 'five'", with that path.
 */
export function completeParameters(parameters: readonly ParameterContribution[], given: JsonObject): JsonObject {
  const complete: Record<string, Json> = {};
  for (const name of Object.keys(given))
    if (!parameters.some((parameter) => parameter.name === name)) refuse(unknownParameter(parameters, name));
  for (const parameter of parameters) {
    const value = given[parameter.name];
    const path = `parameters.${parameter.name}`;
    const problem = value === undefined ? undefined : checkParameter(parameter, value, path);
    if (problem) refuse(problem);
    complete[parameter.name] = value === undefined ? parameter.default : value;
  }
  return complete;
}

function refuse(problem: Problem): never {
  const text = problemText(problem);
  throw new AnalysisError(inEnglish(text), { text, path: problem.path });
}

function unknownParameter(parameters: readonly ParameterContribution[], name: string): Problem {
  const names = parameters.map((parameter) => parameter.name);
  const letters = name.toLowerCase();
  const meant = names.find(
    (known) => known.toLowerCase().startsWith(letters) || letters.startsWith(known.toLowerCase()),
  );
  return {
    path: `parameters.${name}`,
    problem: meant
      ? platformText('platform.noParameterMeant', { meant })
      : platformText('platform.noParameter', { names: names.join(', ') || platformText('platform.nothing') }),
  };
}

/**
 * A parameter's value from text, as a command line gives it: numbers and booleans are read, lists and objects are JSON, and a
 * list of column names may also be written with commas. What cannot be read stays text and fails the check.
 */
export function parameterFromText(parameter: ParameterContribution, text: string): Json {
  if (text === 'null' && parameter.default === null) return null;
  switch (parameter.type) {
    case 'number':
    case 'integer':
      return text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text);
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : text;
    case 'columns':
      return text.trimStart().startsWith('[') ? readJson(text, parameter.name) : text.split(',').filter(Boolean);
    case 'json':
      return readJson(text, parameter.name);
    default:
      return text;
  }
}

function readJson(text: string, name: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (cause) {
    // A bare word such as a scheme's name stands for itself.
    if (/^[\w:-]+$/.test(text)) return text;
    const path = `parameters.${name}`;
    throw new AnalysisError(`${path}: this is not JSON: ${(cause as Error).message}`, { path, cause });
  }
}
