import type { Contributions } from '@patron/sdk';
import type { ContributionPoint } from './contribution-point.ts';
import { analysesPoint } from './points/analyses.ts';
import { chartsPoint } from './points/charts.ts';
import { commandsPoint } from './points/commands.ts';
import { configurationPoint } from './points/configuration.ts';
import { enginesPoint } from './points/engines.ts';
import { exportersPoint } from './points/exporters.ts';
import { functionsPoint } from './points/functions.ts';
import { importersPoint } from './points/importers.ts';
import { keybindingsPoint } from './points/keybindings.ts';
import { menusPoint } from './points/menus.ts';
import { templatesPoint } from './points/templates.ts';

/** What one item of a point is. */
export type ItemOf<Name extends keyof Contributions> = NonNullable<Contributions[Name]>[number];

/** Every contribution point by name. */
export const contributionPoints: { readonly [Name in keyof Contributions]-?: ContributionPoint<ItemOf<Name>> } = {
  analyses: analysesPoint,
  functions: functionsPoint,
  commands: commandsPoint,
  menus: menusPoint,
  keybindings: keybindingsPoint,
  configuration: configurationPoint,
  importers: importersPoint,
  exporters: exportersPoint,
  charts: chartsPoint,
  templates: templatesPoint,
  engines: enginesPoint,
};
