import { type Injector, LocaleType, mergeLocales, type Univer } from '@univerjs/core';
import { UniverSheetsConditionalFormattingPreset } from '@univerjs/preset-sheets-conditional-formatting';
import conditionalEnUS from '@univerjs/preset-sheets-conditional-formatting/locales/en-US';
import conditionalZhCN from '@univerjs/preset-sheets-conditional-formatting/locales/zh-CN';
import { UniverSheetsCorePreset } from '@univerjs/preset-sheets-core';
import coreEnUS from '@univerjs/preset-sheets-core/locales/en-US';
import coreZhCN from '@univerjs/preset-sheets-core/locales/zh-CN';
import { UniverSheetsDataValidationPreset } from '@univerjs/preset-sheets-data-validation';
import validationEnUS from '@univerjs/preset-sheets-data-validation/locales/en-US';
import validationZhCN from '@univerjs/preset-sheets-data-validation/locales/zh-CN';
import { UniverSheetsDrawingPreset } from '@univerjs/preset-sheets-drawing';
import drawingEnUS from '@univerjs/preset-sheets-drawing/locales/en-US';
import drawingZhCN from '@univerjs/preset-sheets-drawing/locales/zh-CN';
import { UniverSheetsFilterPreset } from '@univerjs/preset-sheets-filter';
import filterEnUS from '@univerjs/preset-sheets-filter/locales/en-US';
import filterZhCN from '@univerjs/preset-sheets-filter/locales/zh-CN';
import { UniverSheetsFindReplacePreset } from '@univerjs/preset-sheets-find-replace';
import findEnUS from '@univerjs/preset-sheets-find-replace/locales/en-US';
import findZhCN from '@univerjs/preset-sheets-find-replace/locales/zh-CN';
import { UniverSheetsSortPreset } from '@univerjs/preset-sheets-sort';
import sortEnUS from '@univerjs/preset-sheets-sort/locales/en-US';
import sortZhCN from '@univerjs/preset-sheets-sort/locales/zh-CN';
import { createUniver, type FUniver } from '@univerjs/presets';
import { SheetPermissionCheckController } from '@univerjs/sheets';
import '@univerjs/preset-sheets-core/lib/index.css';
import '@univerjs/preset-sheets-drawing/lib/index.css';
import '@univerjs/preset-sheets-filter/lib/index.css';
import '@univerjs/preset-sheets-sort/lib/index.css';
import '@univerjs/preset-sheets-conditional-formatting/lib/index.css';
import '@univerjs/preset-sheets-data-validation/lib/index.css';
import '@univerjs/preset-sheets-find-replace/lib/index.css';
import { layOutTableRowsEvenly } from './even-rows.ts';
import type { WorkbookLocale } from './host-contract.ts';

export interface UniverApp {
  readonly univer: Univer;
  readonly api: FUniver;
  readonly injector: Injector;
}

export const localeType = (locale: WorkbookLocale): LocaleType =>
  locale === 'zh-CN' ? LocaleType.ZH_CN : LocaleType.EN_US;

/** A check that walks every cell a formula refers to, on this thread; nothing in a workbook is hidden from its reader. */
function skipFormulaPermissions(): void {
  const prototype = SheetPermissionCheckController.prototype as unknown as {
    _permissionCheckWithFormula: () => boolean;
  };
  prototype._permissionCheckWithFormula = () => true;
}

/** Starts Univer in `container`, calculating in `worker`. It owns toolbar, formula bar, grid and tabs; the rest is the shell's. */
export function startUniver(
  container: HTMLElement,
  worker: Worker,
  { locale, darkMode }: { locale: WorkbookLocale; darkMode: boolean },
): UniverApp {
  skipFormulaPermissions();
  layOutTableRowsEvenly();
  const { univer, univerAPI } = createUniver({
    locale: localeType(locale),
    darkMode,
    locales: {
      [LocaleType.EN_US]: mergeLocales(
        coreEnUS,
        drawingEnUS,
        filterEnUS,
        sortEnUS,
        conditionalEnUS,
        validationEnUS,
        findEnUS,
      ),
      [LocaleType.ZH_CN]: mergeLocales(
        coreZhCN,
        drawingZhCN,
        filterZhCN,
        sortZhCN,
        conditionalZhCN,
        validationZhCN,
        findZhCN,
      ),
    },
    presets: [
      UniverSheetsCorePreset({
        container,
        // The type asks for an address; an instance is taken as well, so that our own messages can use the same port.
        workerURL: worker as unknown as string,
        header: true,
        toolbar: true,
        formulaBar: true,
        footer: { statisticBar: false },
        disableAutoFocus: true,
        // Identifiers and months are texts that look like numbers; a mark on each of their cells warns of nothing.
        disableTextFormatAlert: true,
        disableTextFormatMark: true,
        sheets: { disableForceStringAlert: true, disableForceStringMark: true },
      }),
      UniverSheetsDrawingPreset(),
      UniverSheetsFilterPreset(),
      UniverSheetsSortPreset(),
      UniverSheetsConditionalFormattingPreset(),
      UniverSheetsDataValidationPreset(),
      UniverSheetsFindReplacePreset(),
    ],
  });
  const injector = univer.__getInjector();
  return { univer, api: univerAPI, injector };
}
