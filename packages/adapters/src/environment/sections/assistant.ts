import { inMs, Switch, section, Whole } from '../variable-types.ts'

// These variables set the length of sessions, the contents of prompts, and the age of stored data.

export const sessionsSection = section('Sessions and reviews', {
  maxRounds: Whole('ENGINEER_CHAT_MAX_ROUNDS', {
    description: 'Questions per session.',
    unit: 'questions',
    default: 10,
    minimum: 1,
    maximum: 1_000,
    example: '10',
  }),
  idleHours: Whole('ENGINEER_CHAT_SESSION_IDLE_HOURS', {
    description: 'A session without a question for so long is closed: the next question starts a new one. 0: never.',
    unit: 'h',
    default: 72,
    minimum: 0,
    example: '72',
  }),
  isPrivateTextReviewed: Switch('ENGINEER_CHAT_REVIEW_PRIVATE_TEXT', {
    description:
      'Whether admins who review flagged replies see the text of private sessions, too. Each look at one is put on record.',
    default: false,
    example: 'false',
  }),
})

export const promptsSection = section('Prompts', {
  contextWindowTokens: Whole('LLM_CONTEXT_TOKENS', {
    description: 'The context window of a model for which none is known: prompt and answer together.',
    unit: 'tokens',
    default: 32_768,
    minimum: 4_096,
    maximum: 10_000_000,
    example: '131072',
  }),
  answerTokens: Whole('LLM_ANSWER_TOKENS', {
    description: 'How much of it is kept free for the answer of a model that has no limit of its own.',
    unit: 'tokens',
    default: 4_096,
    minimum: 256,
    maximum: 1_000_000,
    example: '4096',
  }),
  historyMessages: Whole('ENGINEER_CHAT_CONTEXT_HISTORY_LIMIT', {
    description: 'Messages of the session that a model is told, newest first, questions and answers counted alike.',
    unit: 'messages',
    default: 20,
    minimum: 0,
    maximum: 200,
    example: '20',
  }),
  isMailRedacted: Switch('LLM_REDACT_MAIL', {
    description:
      'Whether the names of mail addresses are hidden from models, as keys, passwords and personal numbers always are; their domains stay.',
    default: true,
    example: 'true',
  }),
  arePromptsKept: Switch('LLM_KEEP_PROMPTS', {
    description:
      'Keeps what was sent to a model with the record of the call, as it was sent. Without it only a hash is kept.',
    default: false,
    example: 'false',
  }),
})

export const retentionSection = section('Retention', {
  cleanupIntervalMs: inMs(
    Whole('ENGINEER_CHAT_SESSION_CLEANUP_INTERVAL', {
      description: 'How often a worker closes idle sessions and removes what has expired.',
      unit: 's',
      default: 3_600,
      minimum: 1,
      example: '3600',
    }),
  ),
  chatDays: Whole('RETENTION_DAYS', {
    description:
      'Chats (sessions, their messages, calls, feedback, and how far their asker read the room) older than this are removed, those of events under a legal hold aside. 0: never.',
    unit: 'days',
    default: 0,
    minimum: 0,
    maximum: 36_500,
    example: '365',
  }),
  recordDays: Whole('RECORDS_RETENTION_DAYS', {
    description:
      'Records of calls to models (with their prompts, if kept) and to voice, flags of answers and what was made of them, earlier versions of answers, and changes of events are removed when they are older, those of events under a legal hold aside. 0: never.',
    unit: 'days',
    default: 365,
    minimum: 0,
    maximum: 36_500,
    example: '90',
  }),
  auditDays: Whole('AUDIT_RETENTION_DAYS', {
    description: 'Lines of the audit older than this are removed, those of events under a legal hold aside. 0: never.',
    unit: 'days',
    default: 365,
    minimum: 0,
    maximum: 36_500,
    example: '365',
  }),
  spendDays: Whole('SPEND_RETENTION_DAYS', {
    description:
      'How long what a user, or everybody, spent on a day is kept, for who asks where it went. An event’s spend is kept for ever.',
    unit: 'days',
    default: 31,
    minimum: 1,
    maximum: 36_500,
    example: '90',
  }),
})
