import { Amount, inMs, optional, section, Text, Whole } from '../variable-types.ts'

// These variables set up speech to text and text to speech, which only API nodes do.

export const voiceSection = section('Voice', {
  baseUrl: optional(
    Text('VOICE_BASE_URL', {
      description:
        'An OpenAI-compatible endpoint, up to and without `/audio/…`. Without it the voice routes answer 501 `voice_not_configured`.',
      expected: 'a URL that begins with http:// or https://',
      pattern: '^https?://\\S+$',
      example: 'https://api.openai.com/v1',
    }),
  ),
  apiKey: optional(
    Text('VOICE_API_KEY', {
      description: "The endpoint's key, sent as `Bearer`.",
      example: 'sk-0123456789',
      pattern: '^[\\x21-\\x7e]+$',
      secret: true,
    }),
  ),
  transcriptionModel: optional(
    Text('VOICE_TRANSCRIPTION_MODEL', {
      description: 'What turns speech into text; without it that route is off.',
      minLength: 1,
      example: 'whisper-1',
    }),
  ),
  speechModel: optional(
    Text('VOICE_SPEECH_MODEL', {
      description: 'What turns text into speech; without it that route is off.',
      minLength: 1,
      example: 'tts-1',
    }),
  ),
  transcriptionPrice: optional(
    Amount('VOICE_TRANSCRIPTION_PRICE', {
      description: 'What a minute that is transcribed costs; budgets of money count it.',
      unit: 'in the currency of the models file',
      minimum: 0,
      example: '0.006',
    }),
  ),
  speechPrice: optional(
    Amount('VOICE_SPEECH_PRICE', {
      description: 'What a million characters that are spoken cost; budgets of money count it.',
      unit: 'in the currency of the models file',
      minimum: 0,
      example: '15',
    }),
  ),
  speechVoice: Text('VOICE_SPEECH_VOICE', {
    description: 'The voice that speaks unless the caller names another.',
    minLength: 1,
    default: 'alloy',
    example: 'alloy',
  }),
  maxAudioBytes: Whole('VOICE_MAX_AUDIO_BYTES', {
    description: 'The largest recording that is taken.',
    unit: 'bytes',
    default: 10_485_760,
    minimum: 1_024,
    maximum: 26_214_400,
    example: '10485760',
  }),
  maxUploads: Whole('VOICE_MAX_UPLOADS', {
    description:
      'Recordings that a node takes at once, each held in its memory until its text is there; one more is 503 `unavailable`.',
    default: 8,
    minimum: 1,
    maximum: 1_000,
    example: '8',
  }),
  maxSpeechCharacters: Whole('VOICE_MAX_SPEECH_CHARACTERS', {
    description: 'The longest text that is spoken at once.',
    unit: 'characters',
    default: 4_096,
    minimum: 1,
    maximum: 100_000,
    example: '4096',
  }),
  timeoutMs: inMs(
    Whole('VOICE_TIMEOUT', {
      description: 'How long one recording or one text may take.',
      unit: 's',
      default: 60,
      minimum: 1,
      maximum: 600,
      example: '60',
    }),
  ),
})
