import { createHash } from 'node:crypto'
import fastify, { type FastifyInstance } from 'fastify'
import type { Api } from '../deps.ts'
import { createLibraryPagePolicy } from '../http/security-headers.ts'
import { type KeptFile, keepFile, sendKeptFile } from './kept-file.ts'
import { loadOnce } from './load-once.ts'

const PAGE = '/docs/'
const SCRIPT = '/docs/js/scalar.js'

/**
 * Serves Scalar's page, which loads nothing from other servers. The policy admits its one inline script by its hash. The
 * files are made at the first request, because most nodes never need their four megabytes.
 */
export function registerReferencePage(app: Api): void {
  const hide = { schema: { hide: true } }
  const load = loadOnce(readReference)
  app.get('/docs', hide, (_request, reply) => reply.redirect(PAGE, 301))
  app.get(PAGE, hide, async (request, reply) => {
    const { page, policy } = await load()
    return sendKeptFile(request, reply.header('content-security-policy', policy), page)
  })
  app.get(SCRIPT, hide, async (request, reply) => sendKeptFile(request, reply, (await load()).script))
}

interface Reference {
  page: KeptFile
  policy: string
  script: KeptFile
}

/** Takes the files from a separate server without a port, which ends then. */
async function readReference(): Promise<Reference> {
  const { default: scalar } = await import('@scalar/fastify-api-reference')
  const server = fastify()
  server.register(scalar, {
    routePrefix: '/docs',
    configuration: {
      url: '/openapi.json',
      pageTitle: 'Engineer Chat: HTTP',
      withDefaultFonts: false,
      telemetry: false,
      agent: { disabled: true },
    },
  })
  const [html, code] = await Promise.all([readFile(server, PAGE), readFile(server, SCRIPT)])
  await server.close()
  return {
    page: await keepFile(html, 'text/html; charset=utf-8'),
    policy: createLibraryPagePolicy(hashInlineScripts(html.toString())),
    script: await keepFile(code, 'application/javascript; charset=utf-8'),
  }
}

/** @throws Error if another version of Scalar has no such file */
async function readFile(server: FastifyInstance, url: string): Promise<Buffer> {
  const { statusCode, rawPayload } = await server.inject(url)
  if (statusCode !== 200) throw new Error(`The reference page has no ${url}.`)
  return rawPayload
}

function hashInlineScripts(html: string): string[] {
  return [...html.matchAll(/<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g)].map(
    ([, script = '']) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`,
  )
}
