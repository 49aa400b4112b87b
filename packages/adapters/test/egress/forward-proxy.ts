import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type Server } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import type { Test } from 'tap'

type Mood = 'passes' | 'hangs' | { refuses: number }

export interface ForwardProxy {
  host: string
  /** Holds `CONNECT host:port` or `POST http://host/path` for each call so far. */
  calls: string[]
  credentials: Array<string | undefined>
  /** Counts connections of clients. */
  connections(): number
  /** Resolves when a client has called once more. */
  called(): Promise<void>
}

/** Starts a forward proxy that finds every host on this machine: `http://model.test:8000` is `127.0.0.1:8000`. */
export async function forwardProxy(t: Test, mood: Mood = 'passes'): Promise<ForwardProxy> {
  const calls: string[] = []
  const credentials: Array<string | undefined> = []
  const server = createServer()
  const sockets = new Set<Socket>()
  let connections = 0
  server.on('connection', (socket) => {
    connections += 1
    sockets.add(socket)
    socket.on('error', () => {})
  })
  const recordRequest = (incoming: IncomingMessage) => {
    calls.push(`${incoming.method} ${incoming.url}`)
    credentials.push(incoming.headers['proxy-authorization'])
    server.emit('called')
  }
  server.on('connect', (incoming: IncomingMessage, socket: Socket, head: Buffer) => {
    recordRequest(incoming)
    if (mood === 'hangs') return
    if (mood !== 'passes') return void socket.end(`HTTP/1.1 ${mood.refuses} No\r\ncontent-length: 2\r\n\r\nno`)
    tunnel(socket, head, Number(incoming.url?.split(':').at(-1)))
  })
  server.on('request', (incoming: IncomingMessage, response) => {
    recordRequest(incoming)
    if (mood === 'hangs') return
    if (mood !== 'passes') return void response.writeHead(mood.refuses).end('PROXY-TEXT')
    const { port, pathname } = new URL(incoming.url ?? '')
    const options = { host: '127.0.0.1', port, path: pathname, method: incoming.method, headers: incoming.headers }
    const passedOn = request(options, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
    response.on('close', () => passedOn.destroy())
    passedOn.on('error', () => response.writeHead(502).end())
    incoming.pipe(passedOn)
  })
  await start(t, server, () => {
    for (const socket of sockets) socket.destroy()
  })
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    credentials,
    connections: () => connections,
    called: async () => void (await once(server, 'called')),
  }
}

function tunnel(socket: Socket, head: Buffer, port: number): void {
  const endpoint = connect(port, '127.0.0.1', () => {
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
    endpoint.write(head)
    socket.pipe(endpoint).pipe(socket)
  })
  endpoint.on('error', () => socket.destroy())
  socket.on('error', () => endpoint.destroy())
  socket.on('close', () => endpoint.destroy())
}

async function start(t: Test, server: Server, cut: () => void): Promise<void> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    cut()
    server.close()
  })
}
