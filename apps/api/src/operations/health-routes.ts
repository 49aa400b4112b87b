import { type ModelHealthStore, toAiHealth, toHealthByModel } from '@engineer-chat/chat/operations'
import { withTimeout } from '@engineer-chat/process/with-timeout'
import { AiHealth, Nullable } from '@engineer-chat/protocol'
import { Type } from 'typebox'
import type { Api, ApiDeps } from '../deps.ts'

const Livez = Type.Object({ status: Type.Literal('ok') })
const Readyz = Type.Object({
  status: Type.Enum(['ok', 'degraded', 'unavailable', 'closing']),
  mysql: Type.Enum(['ready', 'down'], {
    description:
      'It is `down` while MySQL does not answer or accepts no writes, for example because it is read-only or its disk is full.',
  }),
  redis: Type.Enum(['ready', 'down'], {
    description: 'While it is `down`, live updates and answers are late, but nothing is lost.',
  }),
  ai: Nullable(AiHealth),
})
const publicRoute = { tags: ['operations'], security: [] }

export function registerHealthRoutes(app: Api, { health, stores }: ApiDeps, isClosing: () => boolean): void {
  const readAiHealth = createAiHealthReader(stores.modelHealth)
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
      const mysql = await health.probeMysql().then(
        () => 'ready' as const,
        () => 'down' as const,
      )
      const redis = health.getRedisStatus()
      const ai = mysql === 'ready' ? await readAiHealth() : null
      reply.header('cache-control', 'no-store')
      if (isClosing()) return reply.code(503).send({ status: 'closing', mysql, redis, ai })
      if (mysql === 'down')
        return reply.code(503).header('retry-after', 1).send({ status: 'unavailable', mysql, redis, ai })
      return { status: redis === 'ready' ? ('ok' as const) : ('degraded' as const), mysql, redis, ai }
    },
  )
}

/** The result is cached, because proxies ask every second, but workers report only every ten seconds. */
const AI_HEALTH_CACHE_MS = 5_000
const AI_HEALTH_TIMEOUT_MS = 500

/**
 * Resolves to null if the health of the models cannot be read in time. The status of `/readyz` does not depend on it.
 */
function createAiHealthReader(store: Pick<ModelHealthStore, 'list'>): () => Promise<AiHealth | null> {
  let cached: { health: Promise<AiHealth | null>; untilMs: number } | undefined
  return () => {
    if (cached && Date.now() < cached.untilMs) return cached.health
    const reading = store.list().then(
      (reports) => toAiHealth([...toHealthByModel(reports).values()]),
      () => null,
    )
    const health = withTimeout(reading, AI_HEALTH_TIMEOUT_MS, () => null)
    cached = { health, untilMs: Date.now() + AI_HEALTH_CACHE_MS }
    return health
  }
}
