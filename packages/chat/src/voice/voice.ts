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

/** A model for voice; null: its price isn't known. */
export interface VoiceModel {
  name: string
  /** In the currency of the models file: of a minute that is transcribed, of a million characters that are spoken. */
  price: number | null
}

/** Speech to text and back. What isn't there isn't configured. */
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
  /** Of a recording its seconds, counted or guessed; of a text its characters. */
  size: number
  /** Until the text is there, or the sound begins. */
  total_ms: number
  /** Millionths of the models file's currency; null where the price is unknown. */
  cost_micros: number | null
  /** What is booked against the budgets. */
  spent: Spend
}

export interface VoiceCallStore {
  /** Holds what the call may take at most. @throws ChatError budget_exceeded, and nothing changed */
  reserve(caller: VoiceCaller, amount: Spend): Promise<void>
  /** Puts the call on record and books what it took, in place of what was held for it. */
  record(call: VoiceCall): Promise<void>
}
