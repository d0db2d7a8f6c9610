import { createSignal, createUniqueId, type JSX } from 'solid-js';
import { TextField } from '../controls/field.tsx';
import { Suggestions } from '../form/filters-editor.tsx';
import { useWorkbench } from '../workbench.ts';
import { isTimeZone, timeZones, zoneLabel } from './time-zones.ts';

/** The workbook's time zone: type a city or region and choose. */
export function TimeZoneField(): JSX.Element {
  const { language, session } = useWorkbench();
  const { t } = language;
  const list = createUniqueId();
  const [wrong, setWrong] = createSignal(false);
  return (
    <>
      <Suggestions id={list} values={timeZones()} />
      <TextField
        label={`${t('settings.timeZone')} (${zoneLabel(session.timeZone())})`}
        hint={t('settings.timeZoneHint')}
        placeholder={t('settings.timeZoneFind')}
        value={session.timeZone()}
        list={list}
        error={wrong() ? t('settings.timeZoneNone') : undefined}
        onCommit={(typed) => {
          const zone = typed.trim();
          setWrong(!isTimeZone(zone) || zone === '');
          if (isTimeZone(zone) && zone !== '') session.setTimeZone(zone);
        }}
      />
    </>
  );
}
