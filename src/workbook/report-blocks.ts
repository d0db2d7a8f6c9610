import type { CellValue, ChartSpec, ValueFormat } from '@patron/sdk';

/** A figure of a report: its name, the value as a real cell, and a line of detail (interval, sample) in words. */
export interface MetricItem {
  readonly label: string;
  readonly value: number | string | null;
  readonly format?: ValueFormat;
  /** Stands behind the number: "days". */
  readonly unit?: string;
  readonly detail?: string;
}

/** A column of a report table; `values` land as real cells that formulas can use. */
export interface ReportColumn {
  readonly header: string;
  readonly format?: ValueFormat;
  readonly values: readonly CellValue[];
}

export type ReportContent =
  | { readonly kind: 'title'; readonly text: string; readonly subtitle?: string }
  | { readonly kind: 'heading'; readonly text: string }
  | { readonly kind: 'text'; readonly text: string; readonly small?: boolean }
  | { readonly kind: 'metrics'; readonly items: readonly MetricItem[] }
  | { readonly kind: 'table'; readonly columns: readonly ReportColumn[] }
  | {
      readonly kind: 'chart';
      readonly spec: ChartSpec;
      /** Whose catalogue the chart's texts are in; handed back to the host's `renderText`. */
      readonly scope: string;
      readonly width?: number;
      readonly height?: number;
    }
  | {
      readonly kind: 'notes';
      readonly items: readonly { readonly level: 'info' | 'warning'; readonly text: string }[];
    };

/**
 * One part of a report, from the top down. `id` is the same in every run and every language, so that a later run finds
 * the cells that an earlier one wrote.
 */
export type ReportBlock = { readonly id: string } & ReportContent;
