import { existsSync } from 'node:fs'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { Api } from '../deps.ts'

const HOUR_MS = 3_600_000
const YEAR_MS = 365 * 24 * HOUR_MS

/**
 * The page's policy is stricter than the API's: the page loads nothing from other servers, and no script is created
 * from text.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  'media-src blob:', // Spoken answers are blobs.
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join(';')

/** The page may use the microphone, for dictation. It needs no other of these browser features. */
const PERMISSIONS = 'microphone=(self), camera=(), display-capture=(), geolocation=(), payment=(), usb=()'

/**
 * Serves the built page and its files. The page has only one path, because the fragment of the URL names the view
 * within the page.
 */
export function registerWarRoomPage(app: Api, folder: string): void {
  const hidden = { schema: { hide: true } }
  app.register(fastifyStatic, { root: folder, serve: false, preCompressed: true, dotfiles: 'deny' })

  app.get('/', hidden, async (_request, reply) => {
    if (!existsSync(join(folder, 'index.html'))) return reply.callNotFound()
    reply.header('content-security-policy', POLICY).header('permissions-policy', PERMISSIONS)
    return reply.sendFile('index.html', { cacheControl: false, maxAge: 0 }).header('cache-control', 'no-cache')
  })
  app.get('/favicon.svg', hidden, (_request, reply) => reply.sendFile('favicon.svg', { maxAge: HOUR_MS }))
  // An asset's name contains a hash of its content, so browsers may keep it.
  app.get<{ Params: { '*': string } }>('/assets/*', hidden, ({ params }, reply) =>
    reply.sendFile(`assets/${params['*']}`, { maxAge: YEAR_MS, immutable: true }),
  )
}
