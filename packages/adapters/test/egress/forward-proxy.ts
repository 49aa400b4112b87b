import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type Server } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import type { Test } from 'tap'

type ProxyBehaviour = 'forward' | 'hang' | { refusalStatus: number }

export interface ForwardProxy {
  host: string
  /** Holds `CONNECT host:port` or `POST http://host/path` for each call so far. */
  calls: string[]
  credentials: Array<string | undefined>
  /** Counts connections of clients. */
  countConnections(): number
  /** Resolves when a client makes another call. */
  waitForCall(): Promise<void>
}

/** Starts a forward proxy that finds every host on this machine: `http://model.test:8000` is `127.0.0.1:8000`. */
export async function startForwardProxy(t: Test, behaviour: ProxyBehaviour = 'forward'): Promise<ForwardProxy> {
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
    if (behaviour === 'hang') return
    if (behaviour !== 'forward')
      return void socket.end(`HTTP/1.1 ${behaviour.refusalStatus} No\r\ncontent-length: 2\r\n\r\nno`)
    tunnel(socket, head, Number(incoming.url?.split(':').at(-1)))
  })
  server.on('request', (incoming: IncomingMessage, response) => {
    recordRequest(incoming)
    if (behaviour === 'hang') return
    if (behaviour !== 'forward') return void response.writeHead(behaviour.refusalStatus).end('PROXY-TEXT')
    const { port, pathname } = new URL(incoming.url ?? '')
    const options = { host: '127.0.0.1', port, path: pathname, method: incoming.method, headers: incoming.headers }
    const forwarded = request(options, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
    response.on('close', () => forwarded.destroy())
    forwarded.on('error', () => response.writeHead(502).end())
    incoming.pipe(forwarded)
  })
  await listen(t, server, () => {
    for (const socket of sockets) socket.destroy()
  })
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    credentials,
    countConnections: () => connections,
    waitForCall: async () => void (await once(server, 'called')),
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

async function listen(t: Test, server: Server, closeSockets: () => void): Promise<void> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    closeSockets()
    server.close()
  })
}
