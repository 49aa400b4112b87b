import {
  createSection,
  DecimalNumber,
  optional,
  Switch,
  secondsToMs,
  TextValue,
  WholeNumber,
} from '../variable-types.ts'

// These variables set up speech to text and text to speech. Only API nodes use them.

export const voiceSection = createSection('Voice', {
  baseUrl: optional(
    TextValue('VOICE_BASE_URL', {
      description:
        'This is the URL of the OpenAI-compatible voice endpoint, without `/audio/…` at its end. If it is not set, the voice routes answer 501 `voice_not_configured`.',
      expected: 'a URL that begins with http:// or https://',
      pattern: '^https?://\\S+$',
      example: 'https://api.openai.com/v1',
    }),
  ),
  apiKey: optional(
    TextValue('VOICE_API_KEY', {
      description: 'The endpoint gets this key as a `Bearer` token.',
      example: 'sk-0123456789',
      pattern: '^[\\x21-\\x7e]+$',
      secret: true,
    }),
  ),
  isInside: Switch('VOICE_INSIDE', {
    description:
      'If `true`, the voice endpoint may get the speech and the texts of events that are TLP:RED. Set it only for an endpoint that runs within your organisation.',
    default: false,
    example: 'true',
  }),
  transcriptionModel: optional(
    TextValue('VOICE_TRANSCRIPTION_MODEL', {
      description: 'This model turns speech into text. Without it, the route for transcriptions is off.',
      minLength: 1,
      example: 'whisper-1',
    }),
  ),
  speechModel: optional(
    TextValue('VOICE_SPEECH_MODEL', {
      description: 'This model turns text into speech. Without it, the route for speech is off.',
      minLength: 1,
      example: 'tts-1',
    }),
  ),
  transcriptionPrice: optional(
    DecimalNumber('VOICE_TRANSCRIPTION_PRICE', {
      description: 'A transcribed minute costs this much; budgets of money count it.',
      unit: 'in the currency of the models file',
      minimum: 0,
      example: '0.006',
    }),
  ),
  speechPrice: optional(
    DecimalNumber('VOICE_SPEECH_PRICE', {
      description: 'A million spoken characters cost this much; budgets of money count it.',
      unit: 'in the currency of the models file',
      minimum: 0,
      example: '15',
    }),
  ),
  speechVoice: TextValue('VOICE_SPEECH_VOICE', {
    description: 'This voice speaks unless the caller names another.',
    minLength: 1,
    default: 'alloy',
    example: 'alloy',
  }),
  maxAudioBytes: WholeNumber('VOICE_MAX_AUDIO_BYTES', {
    description: 'A recording may have at most this size.',
    unit: 'bytes',
    default: 10_485_760,
    minimum: 1_024,
    maximum: 26_214_400,
    example: '10485760',
  }),
  maxUploads: WholeNumber('VOICE_MAX_UPLOADS', {
    description:
      'A node accepts this many recordings at once and holds each in memory until its text has arrived. A further one gets 503 `unavailable`.',
    unit: 'recordings',
    default: 8,
    minimum: 1,
    maximum: 1_000,
    example: '8',
  }),
  maxSpeechCharacters: WholeNumber('VOICE_MAX_SPEECH_CHARACTERS', {
    description: 'The text of one request for speech may have at most this length.',
    unit: 'characters',
    default: 4_096,
    minimum: 1,
    maximum: 100_000,
    example: '4096',
  }),
  timeoutMs: secondsToMs(
    WholeNumber('VOICE_TIMEOUT', {
      description: 'The endpoint may take this time for one recording or one text.',
      unit: 's',
      default: 60,
      minimum: 1,
      maximum: 600,
      example: '60',
    }),
  ),
})
