import { SendMessage } from '@engineer-chat/protocol'
import jwt from '@fastify/jwt'
import fastify from 'fastify'

/** Serves `send` with Fastify, a schema and a token. `answer` does what a contender does. */
export async function serveSends(
  secret: string,
  answer: (caller: { sub: string; sid: string }, input: SendMessage) => Promise<unknown>,
): Promise<void> {
  const app = fastify({ keepAliveTimeout: 75_000 })
  await app.register(jwt, { secret, verify: { algorithms: ['HS256'], cache: 10_000 } })
  app.post<{ Body: SendMessage }>('/api/engineer-chat/send', { schema: { body: SendMessage } }, async (request) => {
    const token = request.headers.authorization?.slice('Bearer '.length) ?? ''
    return answer(app.jwt.verify<{ sub: string; sid: string }>(token), request.body)
  })
  console.log(`ready ${await app.listen({ host: '127.0.0.1', port: 0 })}`)
}
