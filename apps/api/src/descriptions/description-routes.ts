import type { Api } from '../deps.ts'
import { describeSockets } from './asyncapi.ts'
import { compressFile, sendCompressedFile } from './compressed-file.ts'
import { loadOnce } from './load-once.ts'

/** Registers the descriptions of this API: OpenAPI for its routes, and AsyncAPI for its socket. */
export function registerDescriptionRoutes(app: Api): void {
  serveDescription(app, '/openapi.json', () => app.swagger())
  serveDescription(app, '/asyncapi.json', describeSockets)
}

/** Serves a description, which is built and compressed at the first request. */
function serveDescription(app: Api, url: string, build: () => object): void {
  const load = loadOnce(async () =>
    compressFile(Buffer.from(JSON.stringify(build())), 'application/json; charset=utf-8'),
  )
  app.get(url, { schema: { hide: true } }, async (request, reply) => sendCompressedFile(request, reply, await load()))
}
