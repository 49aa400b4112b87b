import { createId } from '@engineer-chat/chat/shared'
import { serveSends } from './http-server.ts'
import { createQuestion, toResponseBody } from './rows.ts'
import { requireVariable } from './variables.ts'

/**
 * This program stores nothing. It shows the cost of Fastify, a schema, a token and a response as large as that of the
 * product.
 */
await serveSends(requireVariable('SECRET'), async ({ sub }, input) =>
  toResponseBody(createQuestion(input, sub, 'none', 1), createId(), input),
)
