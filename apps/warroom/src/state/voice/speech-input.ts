/** Controls one dictation, which records speech and converts it to text. */
export interface SpeechInput {
  /**
   * Ends the recording and resolves to its text. After a failure it can be called again, because the sound is kept
   * until `cancel`.
   */
  finish(): Promise<string>
  cancel(): void
}
