import { type Static, Type } from 'typebox'
import { EventId } from './scalars.ts'

const optionalEventId = {
  event_id: Type.Optional(
    Type.String({
      ...EventId,
      description:
        'It is the event to which the recording or text belongs. The call also counts towards the budget of the event.',
    }),
  ),
}

/** The server accepts recordings of these content types; parameters such as `codecs` may follow. */
export const AUDIO_TYPES = [
  'audio/webm',
  'audio/ogg',
  'audio/wav',
  'audio/x-wav',
  'audio/mp4',
  'audio/x-m4a',
  'audio/mpeg',
  'audio/flac',
] as const

export const TranscriptionQuery = Type.Object({
  ...optionalEventId,
  language: Type.Optional(
    Type.String({
      pattern: '^[a-z]{2,3}$',
      description: 'It is an ISO 639 code. Without it, the voice endpoint detects the language.',
    }),
  ),
})
export type TranscriptionQuery = Static<typeof TranscriptionQuery>

export const Transcription = Type.Object({ text: Type.String() })
export type Transcription = Static<typeof Transcription>

/**
 * The server redacts secrets in the whole `text`. If a client splits the text itself, the server does not recognise a
 * secret that the split cuts in two.
 */
export const SpeechRequest = Type.Object({
  ...optionalEventId,
  text: Type.String({ minLength: 1 }),
  part: Type.Optional(
    Type.Integer({
      minimum: 0,
      description:
        'The server splits the text into parts of a few sentences each and speaks the part with this number, from 0. The response is 204 if there is no such part. Without a number, the whole text is spoken.',
    }),
  ),
  voice: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9_.-]{1,64}$' })),
})
export type SpeechRequest = Static<typeof SpeechRequest>

/** States which voice functions this installation has, and their limits per request. */
export const VoiceAbilities = Type.Object({
  transcription: Type.Boolean(),
  speech: Type.Boolean(),
  max_audio_bytes: Type.Integer({ minimum: 1 }),
  max_speech_characters: Type.Integer({ minimum: 1 }),
  inside: Type.Optional(
    Type.Boolean({
      description:
        'True means that recordings and texts of events that are TLP:RED may be sent to the voice endpoint. Nodes before version 0.12 omit this field.',
    }),
  ),
})
export type VoiceAbilities = Static<typeof VoiceAbilities>
