/** Controls one dictation, which records speech and converts it to text. */
export interface SpeechInput {
  /**
   * Ends the recording and resolves to its text. If a request to the server has failed, this can be called again: the
   * recording is kept until `cancel`.
   */
  finish(): Promise<string>
  cancel(): void
}
