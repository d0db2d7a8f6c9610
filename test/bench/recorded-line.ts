/** A line that runs in Node and is held against a peer's time recorded on this class of machine. */
export interface RecordedLine {
  readonly line: string;
  readonly rows: number;
  readonly ours: number;
  /** Ours on one thread, where `ours` is on two. */
  readonly oneThread?: number;
  readonly peer?: { readonly name: string; readonly milliseconds: number; readonly limit: number };
}
