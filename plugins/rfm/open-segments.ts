import type { Command } from '@patron/sdk';

/** `rfm.open-segments`: opens the form of RFM segments with the scheme that the user prefers. */
export const openSegments: Command = (_argument, { settings, execute }) =>
  execute('analysis.show', {
    analysis: 'rfm.segments',
    parameters: { scheme: settings['rfm.scheme'] ?? 'segments10' },
  });
