import type { Api } from '../deps.ts'
import { describeSockets } from './asyncapi.ts'
import { compressFile, sendCompressedFile } from './compressed-file.ts'
import { loadOnce } from './load-once.ts'

export function registerDocumentRoutes(app: Api): void {
  serveDocument(app, '/openapi.json', () => app.swagger())
  serveDocument(app, '/asyncapi.json', describeSockets)
}

/** Serves a document, which is built and compressed at the first request. */
function serveDocument(app: Api, url: string, build: () => object): void {
  const load = loadOnce(async () =>
    compressFile(Buffer.from(JSON.stringify(build())), 'application/json; charset=utf-8'),
  )
  app.get(url, { schema: { hide: true } }, async (request, reply) => sendCompressedFile(request, reply, await load()))
}
