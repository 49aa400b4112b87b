import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { ClientFrame, ServerFrame } from '@engineer-chat/protocol'
import { type WebSocket, WebSocketServer } from 'ws'
import { AsyncQueue } from './async-queue.ts'

export interface ReceivedRequest {
  method: string
  path: string
  query: URLSearchParams
  headers: IncomingMessage['headers']
  body: unknown
}

export interface FakeResponse {
  status?: number
  headers?: Record<string, string>
  body?: unknown
}

/** Controls the server's side of one connection. */
export interface Peer {
  ticket: string | null
  /** Queues the frames that the client has sent. */
  frames: AsyncQueue<ClientFrame>
  send(...frames: ServerFrame[]): void
  /** Sends a text that need not be a frame. */
  sendText(text: string): void
  close(code: number): void
  /** Cuts the connection without a close frame. */
  cut(): void
  /** Resolves to the code of the close. */
  closed: Promise<number>
}

/** Starts a server that responds as `answer` says and records the requests. `cut` drops the connection. */
export async function startFakeServer(answer: (request: ReceivedRequest) => FakeResponse | 'cut') {
  const requests: ReceivedRequest[] = []
  const peers = new AsyncQueue<Peer>()
  const http = createServer(async (request, response) => {
    const receivedRequest = await readRequest(request)
    requests.push(receivedRequest)
    respond(response, answer(receivedRequest))
  })
  const sockets = new WebSocketServer({ server: http, path: '/ws' })
  sockets.on('connection', (socket, request) => peers.put(createPeer(socket, request)))
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  const address = http.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return {
    baseUrl: `http://127.0.0.1:${port}`,
    requests,
    peers,
    async close() {
      if (!http.listening) return
      for (const socket of sockets.clients) socket.terminate()
      sockets.close()
      http.closeAllConnections()
      http.close()
      await once(http, 'close')
    },
  }
}

function createPeer(socket: WebSocket, request: IncomingMessage): Peer {
  const frames = new AsyncQueue<ClientFrame>()
  socket.on('message', (data) => frames.put(JSON.parse(String(data)) as ClientFrame))
  socket.on('error', () => {})
  return {
    ticket: new URL(request.url ?? '', 'http://fake').searchParams.get('ticket'),
    frames,
    send: (...serverFrames) => {
      for (const frame of serverFrames) socket.send(JSON.stringify(frame))
    },
    sendText: (text) => socket.send(text),
    close: (code) => socket.close(code),
    cut: () => socket.terminate(),
    closed: new Promise((resolve) => socket.on('close', resolve)),
  }
}

async function readRequest(request: IncomingMessage): Promise<ReceivedRequest> {
  const { pathname, searchParams } = new URL(request.url ?? '', 'http://fake')
  const bytes = Buffer.concat(await Array.fromAsync<Uint8Array>(request))
  const isJson = request.headers['content-type'] === 'application/json'
  const bodyBytes = bytes.length > 0 ? bytes : undefined
  const body: unknown = isJson ? JSON.parse(`${bytes}`) : bodyBytes
  return { method: request.method ?? '', path: pathname, query: searchParams, headers: request.headers, body }
}

function respond(response: ServerResponse, content: FakeResponse | 'cut'): void {
  if (content === 'cut') {
    response.destroy()
    return
  }
  const { status = 200, headers = {}, body } = content
  const isProblem = status >= 400
  response.writeHead(status, {
    'content-type': isProblem ? 'application/problem+json' : 'application/json',
    ...headers,
  })
  if (body === undefined) response.end()
  else response.end(body instanceof Uint8Array ? body : JSON.stringify(body))
}
