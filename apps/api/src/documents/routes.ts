import { createHash } from 'node:crypto'
import fastify, { type FastifyInstance } from 'fastify'
import type { Api } from '../deps.ts'
import { createLibraryPagePolicy } from '../http/security-headers.ts'
import { describeSockets } from './asyncapi.ts'

const hidden = { hide: true }

export function registerDocumentRoutes(app: Api): void {
  const socket = describeSockets()
  app.get('/openapi.json', { schema: hidden }, async () => app.swagger())
  app.get('/asyncapi.json', { schema: hidden }, async () => socket)
}

/**
 * Serves Scalar's page, which loads nothing from other servers. The policy admits its one inline script by its hash.
 */
export function registerReferencePage(app: Api): void {
  let scalar: Promise<FastifyInstance> | undefined
  for (const url of ['/docs', '/docs/*']) {
    app.get(url, { schema: hidden }, async (request, reply) => {
      scalar ??= createScalarServer().catch((error) => {
        scalar = undefined // The next request tries again.
        throw error
      })
      const { statusCode, headers, payload, rawPayload } = await (await scalar).inject(request.url)
      const type = headers['content-type']
      if (type?.startsWith('text/html')) {
        reply.header('content-security-policy', createLibraryPagePolicy(hashInlineScripts(payload)))
      }
      if (headers.location !== undefined) reply.header('location', headers.location)
      return reply
        .code(statusCode)
        .type(type ?? 'text/plain')
        .send(rawPayload)
    })
  }
}

/**
 * Creates a separate server without a port at the first request, because most nodes never need its four megabytes.
 */
async function createScalarServer(): Promise<FastifyInstance> {
  const { default: scalar } = await import('@scalar/fastify-api-reference')
  const page = fastify()
  page.register(scalar, {
    routePrefix: '/docs',
    configuration: {
      url: '/openapi.json',
      pageTitle: 'Engineer Chat: HTTP',
      withDefaultFonts: false,
      telemetry: false,
      agent: { disabled: true },
    },
  })
  await page.ready()
  return page
}

function hashInlineScripts(html: string): string[] {
  return [...html.matchAll(/<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g)].map(
    ([, script = '']) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`,
  )
}
