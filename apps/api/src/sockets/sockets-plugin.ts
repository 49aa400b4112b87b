import { ChatError } from '@engineer-chat/chat/shared'
import websocket from '@fastify/websocket'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { acceptSocket } from './connection/accept.ts'
import { closeAllSockets } from './connection/go-away.ts'
import { releaseRequest } from './connection/release-request.ts'
import { SOCKET_LIMITS, type SocketLimits } from './socket-limits.ts'
import { createSocketMetrics, type SocketMetrics } from './socket-metrics.ts'
import { createSocketNode, type SocketDeps } from './socket-node.ts'

export interface SocketsOptions extends SocketDeps {
  /** Browsers may connect from these origins and from the server's own origin. */
  allowedOrigins: readonly string[]
  limits?: Partial<SocketLimits>
  metrics?: SocketMetrics
}

const PATH = '/ws'
const RESPONSE_DECORATOR = 'upgradedResponse'
const OTHER_FRAMES_AT_RECONNECT = 20

/**
 * Raises limits that are too low for a client that reconnects. Such a client subscribes to all its rooms in one burst,
 * and must be able to send other frames meanwhile.
 */
function raiseFrameLimits(limits: SocketLimits): SocketLimits {
  const minFrames = limits.roomsPerConnection + OTHER_FRAMES_AT_RECONNECT
  return {
    ...limits,
    framesBurst: Math.max(limits.framesBurst, minFrames),
    maxWaitingFrames: Math.max(limits.maxWaitingFrames, minFrames),
  }
}

/**
 * Serves `GET /ws`. It has to be registered before the routes, because its hook refuses an upgrade on any other route,
 * and a hook runs only for routes that are registered after it.
 */
export const socketsPlugin = fp(async (app: FastifyInstance, options: SocketsOptions) => {
  const { allowedOrigins, limits, metrics = createSocketMetrics(), ...deps } = options
  const node = createSocketNode(deps, raiseFrameLimits({ ...SOCKET_LIMITS, ...limits }), metrics)

  await app.register(websocket, {
    options: { maxPayload: node.limits.maxFrameBytes, perMessageDeflate: false },
    preClose: async () => {
      await closeAllSockets(node)
      for (const client of app.websocketServer.clients) client.terminate()
      app.websocketServer.close()
    },
  })
  app.decorateRequest(RESPONSE_DECORATOR, null)
  app.addHook('onRequest', async (request, reply) => {
    if (request.ws && request.routeOptions.url !== PATH) throw new ChatError('not_found')
    // `releaseRequest` needs the response, but `wsHandler` gets no reply.
    if (request.ws) request.setDecorator(RESPONSE_DECORATOR, reply.raw)
  })
  app.route({
    method: 'GET',
    url: PATH,
    logLevel: 'silent', // The URL of a request may contain a ticket.
    schema: { hide: true },
    handler: () => {
      throw new ChatError('not_found', 'Connect here with a WebSocket.')
    },
    wsHandler: (socket, request) => {
      releaseRequest(socket, request, request.getDecorator(RESPONSE_DECORATOR))
      acceptSocket(node, socket, request, allowedOrigins)
    },
  })
})
