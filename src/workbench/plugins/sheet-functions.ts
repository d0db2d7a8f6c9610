import type { FunctionArgument, FunctionContribution, FunctionValue } from '@patron/sdk';
import { createEffect, createSignal, onCleanup } from 'solid-js';
import type { PluginHost } from '../../platform/index.ts';
import type { WorkbookHost } from '../../workbook/index.ts';
import type { Workbench } from '../workbench.ts';

type Grid = readonly (readonly (string | number | boolean | null)[])[];
type Call = readonly FunctionArgument[];

/** What a cell shows where a plugin's function refused its arguments. */
const refused = '#VALUE!';

/** Offers the spreadsheet functions of plugins in the open workbook, described in the language in use. */
export function offerSheetFunctions(workbench: Workbench): void {
  const { commands, language, session } = workbench;
  const { host } = commands;
  const [turn, setTurn] = createSignal(0);
  const listening = host.contributions.handle('functions', () => setTurn((before) => before + 1));
  onCleanup(() => listening.dispose());
  createEffect(() => {
    turn();
    if (!session.current()) return;
    const offered = host.contributions.all('functions').map(({ pluginId, item }) => {
      const { name, description, parameters } = host.plugin(pluginId).texts.localized(item, language.locale());
      return {
        name,
        description,
        parameters: parameters.map((one) => ({ description: '', ...one })),
        calculate: (calls: readonly Call[]) => calculate(host, item, calls),
      };
    });
    onCleanup(registerEach(session.host(), offered, (name) => host.refuseFunction(name)));
  });
}

type Sheets = Pick<WorkbookHost, 'registerFunctions'>;
type Offered = Parameters<Sheets['registerFunctions']>[0][number];

/** Registers all at once; where one is refused, as its name is taken, each by itself, and that one is left out. */
function registerEach(sheets: Sheets, offered: readonly Offered[], onRefused: (name: string) => void): () => void {
  try {
    return sheets.registerFunctions(offered);
  } catch {
    const [one, ...others] = offered;
    if (one && others.length === 0) {
      onRefused(one.name);
      return () => {};
    }
    const registered = offered.map((each) => registerEach(sheets, [each], onRefused));
    return () => {
      for (const withdraw of registered) withdraw();
    };
  }
}

/** Works out all calls of one calculation in one batch. A range given for a single value is worked out cell by cell. */
async function calculate(
  host: PluginHost,
  item: FunctionContribution,
  calls: readonly Call[],
): Promise<readonly FunctionValue[]> {
  const spread = calls.map((call) => spreadOver(item, call));
  const outcomes = await host.callFunction(
    item.name,
    spread.flatMap(({ calls: each }) => each),
    AbortSignal.timeout(10_000),
  );
  let next = 0;
  return spread.map(({ calls: each, width }) => {
    const values = each.map(() => {
      const outcome = outcomes[next++];
      return 'value' in outcome ? outcome.value : refused;
    });
    if (width === undefined) return values[0];
    const cells = values.map((value) => (Array.isArray(value) ? refused : value)) as Grid[number];
    return Array.from({ length: cells.length / width }, (_, row) => cells.slice(row * width, (row + 1) * width));
  });
}

/** The calls behind one call: one, or one a cell of the first range that stands where a value belongs. */
function spreadOver(item: FunctionContribution, call: Call): { calls: readonly Call[]; width?: number } {
  const given = call.map((value, i) => {
    const parameter = item.parameters[Math.min(i, item.parameters.length - 1)];
    if (parameter?.kind === 'range') return isGrid(value) ? value : [[value]];
    return isGrid(value) && value.length === 1 && value[0].length === 1 ? value[0][0] : value;
  });
  const isSpread = (value: FunctionArgument, i: number): value is Grid =>
    isGrid(value) && item.parameters[Math.min(i, item.parameters.length - 1)]?.kind === 'value';
  const over = given.find(isSpread) as Grid | undefined;
  if (!over) return { calls: [given] };
  const calls = over.flatMap((cells, row) =>
    cells.map((_, column) => given.map((value, i) => (isSpread(value, i) ? (value[row]?.[column] ?? null) : value))),
  );
  return { calls, width: over[0]?.length ?? 1 };
}

function isGrid(value: FunctionArgument): value is Grid {
  return Array.isArray(value);
}
