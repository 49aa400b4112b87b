import { createId } from '@engineer-chat/chat/shared'
import { serveSends } from './http-server.ts'
import { createQuestion, toAnswer } from './rows.ts'
import { requireVariable } from './variables.ts'

/** This program stores nothing. It shows the cost of Fastify, a schema, a token and an answer of this size. */
await serveSends(requireVariable('SECRET'), async ({ sub }, input) =>
  toAnswer(createQuestion(input, sub, 'none', 1), createId(), input),
)
