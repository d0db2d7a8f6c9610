import { type AnalysisContribution, AnalysisError, type Json, type ParameterContribution } from '@patron/sdk';

/**
 * Parameters written as text (a command line, a pasted recipe) as the values their types want. Ranges and choices are checked
 * later, where every run checks them.
 * @throws AnalysisError naming the parameter and what it wants.
 */
export function readParameters(
  analysis: AnalysisContribution,
  written: readonly (readonly [name: string, text: string])[],
): Record<string, Json> {
  const values: Record<string, Json> = {};
  for (const [name, text] of written) {
    const parameter = analysis.parameters?.find((candidate) => candidate.name === name);
    if (!parameter) {
      const known = (analysis.parameters ?? []).map((candidate) => candidate.name).join(', ');
      throw new AnalysisError(`'${analysis.id}' has no parameter '${name}'; it has ${known || 'none'}.`, {
        path: `parameters.${name}`,
      });
    }
    values[name] = readValue(parameter, text);
  }
  return values;
}

function readValue(parameter: ParameterContribution, text: string): Json {
  const wants = (form: string): AnalysisError =>
    new AnalysisError(`Parameter '${parameter.name}' wants ${form}, got '${text}'.`, {
      path: `parameters.${parameter.name}`,
    });
  switch (parameter.type) {
    case 'number':
    case 'integer': {
      const number = text.trim() === '' ? Number.NaN : Number(text);
      if (text === 'null') return null;
      if (Number.isNaN(number)) throw wants('a number');
      return number;
    }
    case 'boolean':
      if (text !== 'true' && text !== 'false') throw wants('true or false');
      return text === 'true';
    case 'columns':
      return text.trimStart().startsWith('[') ? readJson(text, wants) : text.split(',').filter((name) => name !== '');
    case 'json':
      return readJson(text, wants);
    default:
      return text === 'null' ? null : text;
  }
}

function readJson(text: string, wants: (form: string) => AnalysisError): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (cause) {
    const error = wants('a list or an object as JSON');
    error.cause = cause;
    throw error;
  }
}
