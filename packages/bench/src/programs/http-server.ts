import { SendMessage } from '@engineer-chat/protocol'
import jwt from '@fastify/jwt'
import fastify from 'fastify'

/** Serves the route `send` with Fastify, a schema and a token. `handle` contains the rest of a contender's work. */
export async function serveSends(
  secret: string,
  handle: (caller: { sub: string; sid: string }, input: SendMessage) => Promise<unknown>,
): Promise<void> {
  // The product has the same timeout and the same cache.
  const app = fastify({ keepAliveTimeout: 75_000 })
  await app.register(jwt, { secret, verify: { algorithms: ['HS256'], cache: 10_000 } })
  app.post<{ Body: SendMessage }>('/api/engineer-chat/send', { schema: { body: SendMessage } }, async (request) => {
    const token = request.headers.authorization?.slice('Bearer '.length) ?? ''
    return handle(app.jwt.verify<{ sub: string; sid: string }>(token), request.body)
  })
  console.log(`ready ${await app.listen({ host: '127.0.0.1', port: 0 })}`)
}
