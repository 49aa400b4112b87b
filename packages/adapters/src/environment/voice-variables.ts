import { Type } from 'typebox'
import { Text, Whole } from './kinds.ts'

/** Speech to text and text to speech, which only API nodes do. */
export const voiceVariables = {
  VOICE_BASE_URL: Type.Optional(
    Text({
      description:
        'An OpenAI-compatible endpoint, up to and without `/audio/…`. Without it the voice routes answer 501 `voice_not_configured`.',
      expected: 'a URL that begins with http:// or https://',
      pattern: '^https?://\\S+$',
      example: 'https://api.openai.com/v1',
    }),
  ),
  VOICE_API_KEY: Type.Optional(
    Text({
      description: "The endpoint's key, sent as `Bearer`.",
      example: 'sk-0123456789',
      pattern: '^[\\x21-\\x7e]+$',
      secret: true,
    }),
  ),
  VOICE_TRANSCRIPTION_MODEL: Type.Optional(
    Text({
      description: 'What turns speech into text; without it that route is off.',
      minLength: 1,
      example: 'whisper-1',
    }),
  ),
  VOICE_SPEECH_MODEL: Type.Optional(
    Text({ description: 'What turns text into speech; without it that route is off.', minLength: 1, example: 'tts-1' }),
  ),
  VOICE_TRANSCRIPTION_PRICE: Type.Optional(
    Type.Number({
      description: 'What a minute that is transcribed costs; budgets of money count it.',
      unit: 'in the currency of the models file',
      minimum: 0,
      example: '0.006',
    }),
  ),
  VOICE_SPEECH_PRICE: Type.Optional(
    Type.Number({
      description: 'What a million characters that are spoken cost; budgets of money count it.',
      unit: 'in the currency of the models file',
      minimum: 0,
      example: '15',
    }),
  ),
  VOICE_SPEECH_VOICE: Text({
    description: 'The voice that speaks unless the caller names another.',
    minLength: 1,
    default: 'alloy',
    example: 'alloy',
  }),
  VOICE_MAX_AUDIO_BYTES: Whole({
    description: 'The largest recording that is taken.',
    unit: 'bytes',
    default: 10_485_760,
    minimum: 1_024,
    maximum: 26_214_400,
    example: '10485760',
  }),
  VOICE_MAX_UPLOADS: Whole({
    description:
      'Recordings that a node takes at once, each held in its memory until its text is there; one more is 503 `unavailable`.',
    default: 8,
    minimum: 1,
    maximum: 1_000,
    example: '8',
  }),
  VOICE_MAX_SPEECH_CHARACTERS: Whole({
    description: 'The longest text that is spoken at once.',
    unit: 'characters',
    default: 4_096,
    minimum: 1,
    maximum: 100_000,
    example: '4096',
  }),
  VOICE_TIMEOUT: Whole({
    description: 'How long one recording or one text may take.',
    unit: 's',
    default: 60,
    minimum: 1,
    maximum: 600,
    example: '60',
  }),
}
