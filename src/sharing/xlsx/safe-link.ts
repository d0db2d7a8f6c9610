/** An address that may be followed: of the web or of mail. Anything else (files, scripts, places in the workbook) is none. */
export function safeLink(target: string): string | undefined {
  const address = target.trim();
  if (address.length > 2000 || !/^(https?:\/\/|mailto:)/i.test(address)) return undefined;
  try {
    return /^(https?|mailto):$/.test(new URL(address).protocol) ? address : undefined;
  } catch {
    return undefined;
  }
}
