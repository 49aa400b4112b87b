import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import { setTimeout } from 'node:timers/promises'
import type { Test } from 'tap'
import { type StreamCase, toBytes } from './case.ts'

/** Starts an HTTP server that answers a request to `/<name>/` with the response of the case with this name. */
export async function startCasesEndpoint(t: Test, cases: StreamCase[]) {
  const casesByName = new Map(cases.map((streamCase) => [streamCase.name, streamCase]))
  const calls = new Map<string, number>()
  const server = createServer(async (request, response) => {
    for await (const _ of request);
    const name = request.url?.split('/')[1] ?? ''
    calls.set(name, (calls.get(name) ?? 0) + 1)
    await answer(casesByName.get(name), response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : 0
  return {
    getUrl: (name: string) => `http://127.0.0.1:${port}/${name}/v1`,
    countCalls: (name: string) => calls.get(name) ?? 0,
  }
}

async function answer(streamCase: StreamCase | undefined, response: ServerResponse): Promise<void> {
  if (streamCase === undefined) return void response.writeHead(404).end()
  response.writeHead(streamCase.response.status, streamCase.response.headers)
  response.flushHeaders()
  for (const write of streamCase.response.writes) {
    if (response.destroyed) return
    const bytes = toBytes(write)
    if (bytes) await new Promise<void>((resolve) => response.write(bytes, () => resolve()))
    if (write.wait_ms !== undefined) await setTimeout(write.wait_ms)
    if (write.cut) response.socket?.destroy()
    if (write.end) response.end()
  }
}
