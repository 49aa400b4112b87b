import { Type } from 'typebox'
import type { Api, ApiDeps } from '../deps.ts'

const Livez = Type.Object({ status: Type.Literal('ok') })
const Readyz = Type.Object({
  status: Type.Enum(['ok', 'degraded', 'unavailable', 'closing']),
  mysql: Type.Enum(['ready', 'down']),
  redis: Type.Enum(['ready', 'down'], {
    description: 'While it is `down`, live updates and answers are late, but nothing is lost.',
  }),
})
const publicRoute = { tags: ['operations'], security: [] }

export function registerHealthRoutes(app: Api, { health }: ApiDeps, isClosing: () => boolean): void {
  app.get(
    '/livez',
    { schema: { ...publicRoute, summary: 'Report that the process runs', response: { 200: Livez } } },
    async () => ({
      status: 'ok' as const,
    }),
  )

  app.get(
    '/readyz',
    {
      schema: {
        ...publicRoute,
        summary: 'Report whether the node can serve requests',
        response: { 200: Readyz, 503: Readyz },
      },
    },
    async (_request, reply) => {
      const mysql = await health.mysql().then(
        () => 'ready' as const,
        () => 'down' as const,
      )
      const redis = health.redis()
      reply.header('cache-control', 'no-store')
      if (isClosing()) return reply.code(503).send({ status: 'closing', mysql, redis })
      if (mysql === 'down')
        return reply.code(503).header('retry-after', 1).send({ status: 'unavailable', mysql, redis })
      return { status: redis === 'ready' ? ('ok' as const) : ('degraded' as const), mysql, redis }
    },
  )
}
