import { type AddressInfo, connect, type Socket } from 'node:net'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import t, { type Test } from 'tap'
import { createHarness } from '../harness.ts'

async function startHarness(t: Test) {
  const harness = await createHarness()
  t.teardown(() => harness.close())
  return harness
}

const FILES = ['/openapi.json', '/asyncapi.json', '/docs/', '/docs/js/scalar.js']

t.test(
  '[HTTP18] a document is compressed with a coding that the client accepts; its content is the same in each coding',
  async (t) => {
    const { app } = await startHarness(t)
    for (const url of FILES) {
      const get = (accept: string) => app.inject({ url, headers: { 'accept-encoding': accept } })
      const plain = await app.inject(url)
      t.equal(plain.headers['content-encoding'], undefined)
      t.equal(plain.headers.vary, 'accept-encoding')
      const br = await get('gzip, deflate, br;q=0.9')
      t.equal(br.headers['content-encoding'], 'br')
      t.ok(brotliDecompressSync(br.rawPayload).equals(plain.rawPayload), url)
      const zipped = await get('GZIP, br;q=0.0')
      t.equal(zipped.headers['content-encoding'], 'gzip')
      t.ok(gunzipSync(zipped.rawPayload).equals(plain.rawPayload), url)
      t.equal((await get('zstd, *')).headers['content-encoding'], undefined, '`*` names no coding')
      t.equal(
        new Set([plain, br, zipped].map(({ headers }) => headers.etag)).size,
        3,
        'each coding has a different entity tag',
      )
      t.same(
        [plain, br, zipped].map(({ headers }) => headers['content-type']),
        Array(3).fill(plain.headers['content-type']),
      )
    }
  },
)

t.test(
  '[HTTP18] a client with the current version gets 304, HEAD gets only headers, and a range request gets the whole file',
  async (t) => {
    const { app } = await startHarness(t)
    for (const url of FILES) {
      const { headers, rawPayload } = await app.inject(url)
      const { etag = '' } = headers
      const get = (requestHeaders: Record<string, string>) => app.inject({ url, headers: requestHeaders })
      for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
        const unchanged = await get({ 'if-none-match': known })
        t.match(
          unchanged,
          { statusCode: 304, body: '', headers: { etag, 'cache-control': 'no-cache' } },
          `${url} ${known}`,
        )
      }
      t.equal((await get({ 'if-none-match': '"other", W/"*"' })).statusCode, 200, 'only a bare `*` matches every tag')
      t.equal(
        (await get({ 'if-none-match': etag, 'accept-encoding': 'br' })).statusCode,
        200,
        'the tag of another coding does not match',
      )
      const head = await app.inject({ method: 'HEAD', url })
      t.match(head, { statusCode: 200, body: '', headers: { etag, 'content-length': `${rawPayload.length}` } }, url)
      const range = await get({ range: 'bytes=0-9' })
      t.match([range.statusCode, range.rawPayload.length], [200, rawPayload.length], url)
    }
    t.match(await app.inject('/docs'), { statusCode: 301, headers: { location: '/docs/' } })
    t.equal((await app.inject('/docs/nothing')).statusCode, 404)
  },
)

const CLIENT_COUNT = 200

t.test(
  '[HTTP18] 200 slow clients that download the largest file share its bytes and do not delay other requests',
  async (t) => {
    const harness = await startHarness(t)
    await harness.app.listen({ host: '127.0.0.1', port: 0 })
    const { port } = harness.app.server.address() as AddressInfo
    const url = '/docs/js/scalar.js'
    const { length } = (await harness.app.inject(url)).rawPayload
    t.ok(length > 2_000_000, `${length} bytes`)
    const bytesBefore = process.memoryUsage().arrayBuffers
    const eventLoopDelay = monitorEventLoopDelay({ resolution: 5 }) // It measures in nanoseconds.
    eventLoopDelay.enable()
    const startedAtMs = performance.now()
    const clients = await Promise.all(Array.from({ length: CLIENT_COUNT }, () => beginDownload(port, url)))
    t.equal((await harness.app.inject('/livez')).statusCode, 200)
    eventLoopDelay.disable()
    const grownBytes = process.memoryUsage().arrayBuffers - bytesBefore
    t.comment(
      `${CLIENT_COUNT} downloads started in ${Math.round(performance.now() - startedAtMs)} ms, ` +
        `event loop at most ${Math.round(eventLoopDelay.max / 1_000_000)} ms late, ${Math.round(grownBytes / 2 ** 20)} MiB more`,
    )
    // A copy of the file for each client would need ten times as much.
    t.ok(grownBytes < 20 * length, `${grownBytes} bytes more`)
    t.ok(
      (await Promise.all(clients.map(readRest))).every((receivedBytes) => receivedBytes > length),
      'each client gets the whole file',
    )
  },
)

/** Requests a file and reads only its beginning. */
async function beginDownload(port: number, url: string): Promise<{ socket: Socket; firstBytes: number }> {
  const socket = connect(port, '127.0.0.1')
  socket.write(`GET ${url} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`)
  const { promise, resolve } = Promise.withResolvers<number>()
  socket.once('data', (chunk) => {
    socket.pause()
    resolve(chunk.length)
  })
  return { socket, firstBytes: await promise }
}

/** Reads the rest of the response, and returns the length of its headers and body. */
async function readRest({ socket, firstBytes }: { socket: Socket; firstBytes: number }): Promise<number> {
  let bytes = firstBytes
  for await (const chunk of socket) bytes += chunk.length
  return bytes
}
