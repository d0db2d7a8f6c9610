/** The version of Patron that `engines.patron` is matched against. */
export const patronVersion = '0.1.0';

/** The protocol versions this end speaks, newest first. A breaking change of `protocol.ts` adds one and keeps an adapter. */
export const protocolVersions: readonly number[] = [1];
