import { createHash } from 'node:crypto'
import scalar from '@scalar/fastify-api-reference'
import type { Api } from '../deps.ts'
import { foreignPagePolicy } from '../http/security-headers.ts'
import { asyncApi } from './asyncapi.ts'

const hidden = { hide: true }

export function documentRoutes(app: Api): void {
  const socket = asyncApi()
  app.get('/openapi.json', { schema: hidden }, async () => app.swagger())
  app.get('/asyncapi.json', { schema: hidden }, async () => socket)
}

/** Scalar's page, without a request to anybody else: its one inline script is let in by its hash. */
export function referencePage(app: Api): void {
  app.addHook('onSend', async (_request, reply, payload) => {
    if (typeof payload === 'string' && String(reply.getHeader('content-type')).startsWith('text/html')) {
      reply.header('content-security-policy', foreignPagePolicy(inlineScriptHashes(payload)))
    }
    return payload
  })
  app.register(scalar, {
    routePrefix: '/docs',
    configuration: {
      url: '/openapi.json',
      pageTitle: 'Engineer Chat: HTTP',
      withDefaultFonts: false,
      telemetry: false,
      agent: { disabled: true },
    },
  })
}

function inlineScriptHashes(html: string): string[] {
  return [...html.matchAll(/<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g)].map(
    ([, script = '']) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`,
  )
}
