import type { ChartSpec, Text } from '@patron/sdk';
import type { Injector, Worksheet } from '@univerjs/core';
import { ICommandService } from '@univerjs/core';
import { DrawingApplyType, ISheetDrawingService, SetDrawingApplyMutation } from '@univerjs/preset-sheets-drawing';
import type { FUniver } from '@univerjs/presets';
import { ComponentManager } from '@univerjs/ui';
import { type MountedChart, mountChart } from '../charts/index.ts';

/** What is saved of a chart over the cells: all that it takes to draw it again. */
export interface FloatingChart {
  readonly spec: ChartSpec;
  readonly scope: string;
}

/** Where a chart lies, in pixels from the top left cell. */
export interface ChartPlace {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

const COMPONENT = 'PatronChart';
const DOM_DRAWING = 8;

export interface FloatingCharts {
  /** Puts a chart over the cells, or gives the one of that id new data where it lies. */
  put(unitId: string, worksheet: Worksheet, id: string, chart: FloatingChart, place: ChartPlace): void;
  remove(unitId: string, sheetId: string, ids: readonly string[]): void;
  has(unitId: string, sheetId: string, id: string): boolean;
  /** Draws all charts on screen again: the language or the theme changed. */
  redraw(): void;
}

interface Look {
  readonly locale: string;
  readonly dark: boolean;
}

/** Charts that float over the cells. Must be made before a workbook is, so that saved charts find their component. */
export function createFloatingCharts(
  univerAPI: FUniver,
  injector: Injector,
  look: () => Look,
  renderText: (text: Text, scope: string, locale: string) => string,
): FloatingCharts {
  const mounted = new Set<() => void>();
  const options = (chart: FloatingChart) => {
    const { locale, dark } = look();
    return {
      theme: dark ? ('dark' as const) : ('light' as const),
      locale,
      render: (text: Text) => renderText(text, chart.scope, locale),
    };
  };
  const mount = (element: HTMLElement, first: FloatingChart) => {
    let chart = first;
    const frame = element.appendChild(document.createElement('div'));
    frame.style.cssText = 'width:100%;height:100%;box-sizing:border-box;border-radius:6px;overflow:hidden';
    const drawn: MountedChart = mountChart(frame, chart.spec, options(chart));
    const redraw = (): void => {
      frame.style.border = `1px solid ${look().dark ? '#3a3f47' : '#e2e5ea'}`;
      drawn.update(chart.spec, options(chart));
    };
    redraw();
    mounted.add(redraw);
    const observer = new ResizeObserver(() => drawn.resize());
    observer.observe(frame);
    return {
      update(next: FloatingChart) {
        if (next === chart) return;
        chart = next;
        redraw();
      },
      dispose() {
        observer.disconnect();
        mounted.delete(redraw);
        drawn.dispose();
        frame.remove();
      },
    };
  };
  registerChartComponent(univerAPI, injector, mount);

  // The service comes into being with the first workbook.
  const drawings = () => injector.get(ISheetDrawingService);
  const commands = injector.get(ICommandService);
  const apply = (unitId: string, sheetId: string, operation: unknown, type: DrawingApplyType): void => {
    const { redo, objects } = operation as { redo: unknown; objects: unknown };
    commands.syncExecuteCommand(SetDrawingApplyMutation.id, { unitId, subUnitId: sheetId, op: redo, objects, type });
  };
  const find = (unitId: string, subUnitId: string, drawingId: string) =>
    drawings().getDrawingByParam({ unitId, subUnitId, drawingId });

  return {
    put(unitId, worksheet, id, chart, place) {
      const subUnitId = worksheet.getSheetId();
      const former = find(unitId, subUnitId, id);
      if (former) {
        const next = { ...former, data: chart };
        apply(unitId, subUnitId, drawings().getBatchUpdateOp([next]), DrawingApplyType.UPDATE);
        return;
      }
      const sheetTransform = anchor(worksheet, place);
      const drawing = {
        unitId,
        subUnitId,
        drawingId: id,
        drawingType: DOM_DRAWING,
        componentKey: COMPONENT,
        sheetTransform,
        axisAlignSheetTransform: sheetTransform,
        transform: { ...place, left: place.left + 46, top: place.top + 20 },
        data: chart,
        allowTransform: true,
      };
      apply(unitId, subUnitId, drawings().getBatchAddOp([drawing] as never), DrawingApplyType.INSERT);
    },
    remove(unitId, sheetId, ids) {
      const there = ids.filter((id) => find(unitId, sheetId, id));
      if (there.length === 0) return;
      const operation = drawings().getBatchRemoveOp(
        there.map((drawingId) => ({ unitId, subUnitId: sheetId, drawingId })),
      );
      apply(unitId, sheetId, operation, DrawingApplyType.REMOVE);
    },
    has: (unitId, sheetId, id) => Boolean(find(unitId, sheetId, id)),
    redraw() {
      for (const redraw of mounted) redraw();
    },
  };
}

/** The cells under a place's corners, and how far into them the corners lie. */
function anchor(worksheet: Worksheet, { left, top, width, height }: ChartPlace) {
  const corner = (x: number, y: number) => {
    let column = 0;
    while (column < worksheet.getColumnCount() - 1 && x >= worksheet.getColumnWidth(column))
      x -= worksheet.getColumnWidth(column++);
    let row = 0;
    while (row < worksheet.getRowCount() - 1 && y >= worksheet.getRowHeight(row)) y -= worksheet.getRowHeight(row++);
    return { column, columnOffset: x, row, rowOffset: y };
  };
  return { from: corner(left, top), to: corner(left + width, top + height) };
}

type ChartMount = (
  element: HTMLElement,
  chart: FloatingChart,
) => { update(chart: FloatingChart): void; dispose(): void };

/** Univer's components are React's; the chart only needs an element, so a small bridge gives it one. */
function registerChartComponent(univerAPI: FUniver, injector: Injector, mount: ChartMount): void {
  const manager = injector.get(ComponentManager);
  const { createElement, useEffect, useRef } = manager.reactUtils;
  const component = (props: { data: FloatingChart }) => {
    const element = useRef<HTMLDivElement | null>(null);
    const instance = useRef<ReturnType<ChartMount> | null>(null);
    useEffect(() => {
      if (element.current) instance.current = mount(element.current, props.data);
      return () => instance.current?.dispose();
    }, []);
    useEffect(() => instance.current?.update(props.data));
    return createElement('div', { ref: element, style: { width: '100%', height: '100%' } });
  };
  univerAPI.registerComponent(COMPONENT, component as never);
}
