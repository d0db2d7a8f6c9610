import { AnalysisError } from '@patron/sdk';

/** What went wrong in binding, for a message in the reader's language. */
export type BindingFault =
  | { readonly code: 'unknownRole'; readonly role: string; readonly known: readonly string[] }
  | { readonly code: 'missingRole'; readonly roles: readonly string[] }
  | { readonly code: 'twoRoles'; readonly roles: readonly string[] }
  | { readonly code: 'unknownField'; readonly role: string; readonly field: string; readonly known: readonly string[] }
  | { readonly code: 'missingField'; readonly role: string; readonly field: string }
  | {
      readonly code: 'unknownColumn';
      readonly table: string;
      readonly column: string;
      readonly known: readonly string[];
    }
  | { readonly code: 'notNumbers'; readonly column: string; readonly row: number; readonly value: string }
  | { readonly code: 'notTimes'; readonly column: string; readonly row: number; readonly value: string }
  | { readonly code: 'notTruth'; readonly column: string; readonly row: number; readonly value: string }
  | { readonly code: 'badFilterValue'; readonly column: string; readonly value: string; readonly type: string }
  | { readonly code: 'noRows'; readonly role: string; readonly read: number };

/** The mapping and the table do not fit. The message is English; `fault` carries what a catalogue needs. */
export class BindingError extends AnalysisError {
  readonly fault: BindingFault;

  constructor(fault: BindingFault, path: string) {
    super(describe(fault), { path });
    this.fault = fault;
  }
}

function describe(fault: BindingFault): string {
  switch (fault.code) {
    case 'unknownRole':
      return `There is no role '${fault.role}'; the analysis reads ${fault.known.join(', ')}.`;
    case 'missingRole':
      return `The analysis needs a table for ${fault.roles.map((role) => `'${role}'`).join(' or ')}.`;
    case 'twoRoles':
      return `Give a table for only one of ${fault.roles.map((role) => `'${role}'`).join(' and ')}.`;
    case 'unknownField':
      return `Role '${fault.role}' has no field '${fault.field}'; its fields are ${fault.known.join(', ')}.`;
    case 'missingField':
      return `Field '${fault.field}' of role '${fault.role}' is not mapped; name the column that holds it.`;
    case 'unknownColumn':
      return `'${fault.table}' has no column '${fault.column}'; its columns are ${fault.known.slice(0, 40).join(', ')}.`;
    case 'notNumbers':
      return `Column '${fault.column}' is to be read as numbers, but no row holds one; row ${fault.row} holds '${fault.value}'. Map a column of numbers.`;
    case 'notTimes':
      return `Column '${fault.column}' is to be read as days or times, but row ${fault.row} holds '${fault.value}'. Map a column of dates.`;
    case 'notTruth':
      return `Column '${fault.column}' is to be read as yes or no, but row ${fault.row} holds '${fault.value}'. Map a column of yes/no, true/false or 0/1.`;
    case 'badFilterValue':
      return `'${fault.value}' is no ${fault.type}, so column '${fault.column}' cannot be compared with it.`;
    case 'noRows':
      return `No row of role '${fault.role}' is left: ${fault.read} were read and all were left out. Check the filters and the mapping.`;
  }
}
