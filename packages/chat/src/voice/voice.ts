import type { Spend } from '../budgets/index.ts'

/** A recording as it was uploaded. */
export interface Recording {
  audio: Uint8Array
  /** Its content type, without parameters. */
  type: string
  language?: string | undefined
}

export interface Transcript {
  text: string
  /** How long the recording is, by the endpoint's count; null where it gives none. */
  seconds: number | null
}

export interface SpeechAudio {
  type: string
  audio: AsyncIterable<Uint8Array>
}

/** Names a voice model and its price. */
export interface VoiceModel {
  name: string
  /**
   * The price is in the models file's currency: of a transcribed minute, or of a million spoken characters. Null means
   * that it is not known.
   */
  price: number | null
}

/** Turns speech to text and back. A missing method means that it is not configured. */
export interface Voice {
  transcription?: {
    model: VoiceModel
    /** @throws ChatError voice_failed; the signal's reason when it is aborted */
    transcribe(recording: Recording, signal: AbortSignal): Promise<Transcript>
  }
  speech?: {
    model: VoiceModel
    /** Resolves once the sound begins. @throws as above */
    speak(text: string, voice: string | undefined, signal: AbortSignal): Promise<SpeechAudio>
  }
}

/** Who a call is for; of no event, it counts for its user and for everybody alone. */
export interface VoiceCaller {
  call_id: string
  user_id: string
  event_id: string | null
}

/** One call to a voice endpoint, as it went. */
export interface VoiceCall extends VoiceCaller {
  kind: 'transcription' | 'speech'
  model: string
  outcome: 'ok' | 'cancelled' | 'failed'
  /** The size is a recording's seconds, counted or estimated, or a text's characters. */
  size: number
  /** Until the text is there, or the sound begins. */
  total_ms: number
  /** Millionths of the models file's currency; null where the price is unknown. */
  cost_micros: number | null
  /** This amount is booked against the budgets. */
  spent: Spend
}

export interface VoiceCallStore {
  /** Holds what the call may take at most. @throws ChatError budget_exceeded, and nothing changed */
  reserve(caller: VoiceCaller, amount: Spend): Promise<void>
  /** Puts the call on record and books what it took, in place of what was held for it. */
  record(call: VoiceCall): Promise<void>
}
