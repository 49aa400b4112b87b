/** A listener records or transcribes what somebody is saying. */
export interface Listener {
  /** Ends and resolves to the text. After a failure it can be called again: the sound is kept until `cancel`. */
  finish(): Promise<string>
  cancel(): void
}
