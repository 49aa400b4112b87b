import { CONTEXT_SOURCE_KINDS, DEFAULT_CONTEXT_SOURCE_KINDS } from '@engineer-chat/chat/prompting'
import { Choices, createSection, optional, Switch, secondsToMs, TextValue, WholeNumber } from '../variable-types.ts'

// These variables set the length of sessions, the contents of prompts, and the age of stored data.

export const sessionsSection = createSection('Sessions and reviews', {
  maxRounds: WholeNumber('ENGINEER_CHAT_MAX_ROUNDS', {
    description: 'A session has at most this many questions.',
    unit: 'questions',
    default: 10,
    minimum: 1,
    maximum: 1_000,
    example: '10',
  }),
  idleHours: WholeNumber('ENGINEER_CHAT_SESSION_IDLE_HOURS', {
    description:
      'A session that gets no question for this many hours is closed, and the next question starts a new one. 0 means never.',
    unit: 'h',
    default: 72,
    minimum: 0,
    example: '72',
  }),
  isPrivateTextReviewed: Switch('ENGINEER_CHAT_REVIEW_PRIVATE_TEXT', {
    description:
      'If `true`, admins who review flagged replies see the text of private sessions too. The audit records each view.',
    default: false,
    example: 'false',
  }),
})

export const promptsSection = createSection('Prompts', {
  contextWindowTokens: WholeNumber('LLM_CONTEXT_TOKENS', {
    description:
      'This size of the context window, for prompt and answer together, is assumed for a model that has none configured.',
    unit: 'tokens',
    default: 32_768,
    minimum: 4_096,
    maximum: 10_000_000,
    example: '131072',
  }),
  answerTokens: WholeNumber('LLM_ANSWER_TOKENS', {
    description:
      'The prompt leaves this much of the context window free for the answer, if the model has no `max_tokens`.',
    unit: 'tokens',
    default: 4_096,
    minimum: 256,
    maximum: 1_000_000,
    example: '4096',
  }),
  historyMessages: WholeNumber('ENGINEER_CHAT_CONTEXT_HISTORY_LIMIT', {
    description:
      'A prompt contains at most this many messages of the session, the newest ones. Questions and answers both count.',
    unit: 'messages',
    default: 20,
    minimum: 0,
    maximum: 200,
    example: '20',
  }),
  sources: Choices('ENGINEER_CHAT_CONTEXT_SOURCES', [...CONTEXT_SOURCE_KINDS, 'none'], {
    description:
      'Besides its question and its own session, a prompt contains these kinds of sources. `none` alone switches all of them off. The offline analyst sends nothing to other servers, so it always reads the event and its summary.',
    default: DEFAULT_CONTEXT_SOURCE_KINDS,
    expected: `some of ${CONTEXT_SOURCE_KINDS.join(', ')}, or none alone`,
    example: 'event,summary,change,pin,message,document',
  }),
  roomTokens: WholeNumber('ENGINEER_CHAT_CONTEXT_ROOM_TOKENS', {
    description:
      'Pins, messages and changes of the room take at most this many tokens of a question’s prompt, because they cost money with each question. An AI command such as `/summary` takes what fits into the context window.',
    unit: 'tokens',
    default: 8_192,
    minimum: 256,
    maximum: 10_000_000,
    example: '8192',
  }),
  isMailRedacted: Switch('LLM_REDACT_MAIL', {
    description:
      'If `true`, the part of each mail address before the `@` is hidden from models, but not the domain. Keys, passwords and personal numbers (identity, card, bank account, phone) are always hidden.',
    default: true,
    example: 'true',
  }),
  arePromptsKept: Switch('LLM_KEEP_PROMPTS', {
    description:
      'If `true`, the record of a call to a model keeps the prompt as it was sent. Otherwise it keeps only a hash.',
    default: false,
    example: 'false',
  }),
})

export const retentionSection = createSection('Retention', {
  cleanupIntervalMs: secondsToMs(
    WholeNumber('ENGINEER_CHAT_SESSION_CLEANUP_INTERVAL', {
      description: 'A worker closes idle sessions and removes expired data at this interval.',
      unit: 's',
      default: 3_600,
      minimum: 1,
      example: '3600',
    }),
  ),
  chatDays: WholeNumber('RETENTION_DAYS', {
    description:
      'Chats (sessions with their messages, calls to models and feedback, and the read positions of their askers) older than this many days are removed, except those of events under a legal hold. 0 means never.',
    unit: 'days',
    default: 0,
    minimum: 0,
    maximum: 36_500,
    example: '365',
  }),
  recordDays: WholeNumber('RECORDS_RETENTION_DAYS', {
    description:
      'These records are removed when they are older than this many days: calls to models (with their prompts, if kept) and to voice, flags and their verdicts, earlier versions of answers and documents, removed documents, and changes of events. Calls to models are removed by whole months, so each stays up to a month longer. Records of events under a legal hold stay. 0 means never.',
    unit: 'days',
    default: 365,
    minimum: 0,
    maximum: 36_500,
    example: '90',
  }),
  auditDays: WholeNumber('AUDIT_RETENTION_DAYS', {
    description:
      'Audit entries older than this many days are removed, except those of events under a legal hold. They are removed by whole months, so each stays up to a month longer. 0 means never.',
    unit: 'days',
    default: 365,
    minimum: 0,
    maximum: 36_500,
    example: '365',
  }),
  archiveFolder: optional(
    TextValue('ARCHIVE_DIR', {
      description:
        'A worker writes each month of the audit and of calls to models to a file in this folder, with a hash, before it removes the month. Set it for every worker, or for none.',
      expected: 'the path of a folder that every worker can write to',
      minLength: 1,
      example: '/srv/engineer-chat-archive',
    }),
  ),
  spendDays: WholeNumber('SPEND_RETENTION_DAYS', {
    description:
      'The daily spend of each user, and of everybody together, is kept for this many days. The spend of an event is never removed.',
    unit: 'days',
    default: 31,
    minimum: 1,
    maximum: 36_500,
    example: '90',
  }),
})
