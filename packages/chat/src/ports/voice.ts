/** A recording as it was uploaded. */
export interface Recording {
  audio: Uint8Array
  /** Its content type, without parameters. */
  type: string
  language?: string | undefined
}

export interface Spoken {
  type: string
  audio: AsyncIterable<Uint8Array>
}

/** Speech to text and back. What isn't there isn't configured. */
export interface Voice {
  /** @throws ChatError voice_failed; the signal's reason when it is aborted */
  transcribe?(recording: Recording, signal: AbortSignal): Promise<string>
  /** Resolves once the sound begins. @throws as above */
  speak?(text: string, voice: string | undefined, signal: AbortSignal): Promise<Spoken>
}
