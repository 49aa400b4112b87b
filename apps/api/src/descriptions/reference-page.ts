import { createHash } from 'node:crypto'
import fastify, { type FastifyInstance } from 'fastify'
import type { Api } from '../deps.ts'
import { createLibraryPagePolicy } from '../http/security-headers.ts'
import { type CompressedFile, compressFile, sendCompressedFile } from './compressed-file.ts'
import { loadOnce } from './load-once.ts'

const PAGE_PATH = '/docs/'
const SCRIPT_PATH = '/docs/js/scalar.js'

/**
 * Serves Scalar's page, which loads nothing from other servers. The content security policy allows the page's only
 * inline script by the hash of the script. The files are created at the first request, because they need four megabytes
 * of memory and most nodes never use them.
 */
export function registerReferencePage(app: Api): void {
  const hidden = { schema: { hide: true } }
  const load = loadOnce(readReference)
  app.get('/docs', hidden, (_request, reply) => reply.redirect(PAGE_PATH, 301))
  app.get(PAGE_PATH, hidden, async (request, reply) => {
    const { page, policy } = await load()
    return sendCompressedFile(request, reply.header('content-security-policy', policy), page)
  })
  app.get(SCRIPT_PATH, hidden, async (request, reply) => sendCompressedFile(request, reply, (await load()).script))
}

interface Reference {
  page: CompressedFile
  policy: string
  script: CompressedFile
}

/** Reads the files from a temporary Fastify server that does not listen on a port. */
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
  const [html, code] = await Promise.all([requestFile(server, PAGE_PATH), requestFile(server, SCRIPT_PATH)])
  await server.close()
  return {
    page: await compressFile(html, 'text/html; charset=utf-8'),
    policy: createLibraryPagePolicy(hashInlineScripts(html.toString())),
    script: await compressFile(code, 'application/javascript; charset=utf-8'),
  }
}

/**
 * Requests a file of Scalar from the server.
 * @throws Error if there is no such file, because another version of Scalar may use other paths
 */
async function requestFile(server: FastifyInstance, url: string): Promise<Buffer> {
  const { statusCode, rawPayload } = await server.inject(url)
  if (statusCode !== 200) throw new Error(`The reference page has no ${url}.`)
  return rawPayload
}

function hashInlineScripts(html: string): string[] {
  return [...html.matchAll(/<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g)].map(
    ([, script = '']) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`,
  )
}
