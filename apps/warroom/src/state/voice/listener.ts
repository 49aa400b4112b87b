/** Somebody is speaking. */
export interface Listener {
  /** Ends it, and gives the text. After a failure it can be called again: what was said is kept until it is cancelled. */
  finish(): Promise<string>
  cancel(): void
}
