import { existsSync } from 'node:fs'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { Api } from '../deps.ts'

const YEAR_MS = 365 * 24 * 3_600_000

/** Stricter than the API's own: nothing from anywhere else, and no script made of text. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  'media-src blob:', // an answer that is spoken
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join(';')

/** The microphone is for dictation, in this page alone; the rest of what browsers have to give nobody needs here. */
const PERMISSIONS = 'microphone=(self), camera=(), display-capture=(), geolocation=(), payment=(), usb=()'

/** The war room, as it was built. Places within it stand in the URL's fragment, so one address is all there is. */
export function warRoomPage(app: Api, folder: string): void {
  const hide = { schema: { hide: true } }
  app.register(fastifyStatic, { root: folder, serve: false, preCompressed: true, dotfiles: 'deny' })

  app.get('/', hide, async (_request, reply) => {
    if (!existsSync(join(folder, 'index.html'))) return reply.callNotFound()
    reply.header('content-security-policy', POLICY).header('permissions-policy', PERMISSIONS)
    return reply.sendFile('index.html', { cacheControl: false, maxAge: 0 }).header('cache-control', 'no-cache')
  })
  app.get('/favicon.svg', hide, (_request, reply) => reply.sendFile('favicon.svg', { maxAge: 3_600_000 }))
  // Their names hold a hash of what is in them.
  app.get<{ Params: { '*': string } }>('/assets/*', hide, ({ params }, reply) =>
    reply.sendFile(`assets/${params['*']}`, { maxAge: YEAR_MS, immutable: true }),
  )
}
