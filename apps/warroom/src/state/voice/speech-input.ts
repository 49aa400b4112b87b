/** Controls one dictation, which records speech and converts it to text. */
export interface SpeechInput {
  /**
   * Resolves when the recording has ended: after `finish`, or by itself, for example because the microphone was unplugged
   * or the recogniser has failed.
   */
  readonly ended: Promise<void>
  /**
   * Ends the recording and resolves to its text. If a request to the server has failed, this can be called again: the
   * recording is kept until `cancel`.
   */
  finish(): Promise<string>
  cancel(): void
}
