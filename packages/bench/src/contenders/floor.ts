import { createId } from '@engineer-chat/chat/shared'
import { listenForSends } from './http-server.ts'
import { createQuestion, toAnswer } from './rows.ts'
import { requireVariable } from './variables.ts'

/** Nothing is stored: what Fastify, a schema, a token and an answer of this size cost by themselves. */
await listenForSends(requireVariable('SECRET'), async ({ sub }, input) =>
  toAnswer(createQuestion(input, sub, 'none', 1), createId(), input),
)
