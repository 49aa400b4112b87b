import type { Spend } from '../budgets/index.ts'

/** Holds a recording as it was uploaded. */
export interface Recording {
  audio: Uint8Array
  /** Is the content type without parameters. */
  type: string
  /** Is the ISO 639 code of the spoken language. Without it, the endpoint detects the language. */
  language?: string | undefined
}

export interface Transcript {
  text: string
  /** Is the length of the recording as the endpoint reports it, or null if the endpoint reports none. */
  seconds: number | null
}

export interface SpeechAudio {
  /** Is the content type. */
  type: string
  /** Gives the sound in pieces while it is made. It throws if the endpoint breaks off. */
  audio: AsyncIterable<Uint8Array>
}

/** Names a voice model and its price. */
export interface VoiceModel {
  name: string
  /**
   * The price is in the models file's currency, per transcribed minute or per million spoken characters. Null means
   * that it is not known.
   */
  price: number | null
}

/** Turns speech into text (`transcription`) and text into speech (`speech`). Each is undefined if not configured. */
export interface Voice {
  /** If true, the endpoint may get recordings and texts of events that are TLP:RED. */
  inside?: boolean
  transcription?: {
    model: VoiceModel
    /** @throws ChatError voice_failed; the signal's reason when it is aborted */
    transcribe(recording: Recording, signal: AbortSignal): Promise<Transcript>
  }
  speech?: {
    model: VoiceModel
    /**
     * Resolves when the sound begins. Without `voiceName`, the endpoint uses the voice that the operator chose.
     * @throws ChatError voice_failed; the signal's reason when it is aborted
     */
    speak(text: string, voiceName: string | undefined, signal: AbortSignal): Promise<SpeechAudio>
  }
}

/** Holds the ids of a call, its user and its event. A call without an event counts towards no event's budget. */
export interface VoiceCallIds {
  call_id: string
  user_id: string
  event_id: string | null
}

/** Describes one finished call to a voice endpoint. */
export interface VoiceCall extends VoiceCallIds {
  kind: 'transcription' | 'speech'
  model: string
  outcome: 'ok' | 'cancelled' | 'failed'
  /**
   * The size of a recording is its seconds, as the endpoint reports them or else as estimated. The size of a text is
   * its characters.
   */
  size: number
  /** Is the time from the start of the call until the text is complete, the sound begins or the call fails. */
  total_ms: number
  /**
   * The cost is in millionths of the models file's currency. Null means that the price is not known, or that the call
   * failed.
   */
  cost_micros: number | null
  /** Is what the call counts towards the budgets. */
  spent: Spend
}

export interface VoiceCallStore {
  /** Reserves the amount in the budgets. If it throws, nothing has changed. @throws ChatError budget_exceeded */
  reserve(ids: VoiceCallIds, amount: Spend): Promise<void>
  /** Stores the call, counts what it spent, and releases its reservation. */
  record(call: VoiceCall): Promise<void>
}
