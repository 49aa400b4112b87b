import type { RecentRowsCache } from '@engineer-chat/chat/events'
import { describeAct } from '@engineer-chat/chat/shared'
import { Counter, Gauge } from 'prom-client'
import type { Api, ApiDeps } from './deps.ts'
import type { RateLimits } from './http/rate-limits.ts'
import { createDisplayMeasure } from './operations/measure-display.ts'
import { traceDelivery } from './operations/trace-delivery.ts'
import { verifyAccessToken } from './people/access-tokens.ts'
import { createSocketMetrics, SOCKET_COUNTS, type SocketMetrics, socketsPlugin } from './sockets/index.ts'

/**
 * Serves `GET /ws`. It is called before the routes are registered, because the plugin's hook, which refuses an upgrade
 * on every route other than `/ws`, runs only for routes that are registered after it.
 */
export function serveSockets(app: Api, deps: ApiDeps, rateLimits: RateLimits, recentRows: RecentRowsCache): void {
  const { config, stores, nodeId, log, metrics, getMysqlTimeMs = Date.now } = deps
  const deliveryTrace = deps.tracer && traceDelivery(deps.tracer, deps.feed)
  const measureDisplay = createDisplayMeasure(metrics, getMysqlTimeMs, log)
  const socketMetrics = createSocketMetrics()
  exposeSocketMetrics(metrics.registry, socketMetrics)
  app.register(socketsPlugin, {
    nodeId,
    timeline: stores.timeline,
    events: stores.events,
    inbox: stores.inbox,
    recentRows,
    uncachedRights: stores.uncachedRights,
    tickets: stores.tickets,
    feed: deliveryTrace?.feed ?? deps.feed,
    verifyToken: (token) => verifyAccessToken(app, token),
    log,
    onDelivered: (row) => measureDisplay(row, deliveryTrace?.recordDelivery(row)),
    onUnknownCaller: (address) => rateLimits.countUnknownSocket(address),
    onAdminView({ user_id: actor, address }, event_id) {
      const act = describeAct('admin_view', { object_type: 'event', event_id, detail: 'subscribe' })
      return stores.audit.write([{ ...act, actor, address, request_id: null }])
    },
    allowedOrigins: config.http.allowedOrigins,
    limits: {
      connectionsPerUser: config.sockets.maxConnectionsPerUser,
      roomsPerConnection: config.sockets.maxRoomsPerConnection,
      maxFrameBytes: config.sockets.maxFrameBytes,
      framesPerSecond: config.sockets.maxFramesPerMinute / 60,
      maxWaitingBytes: config.sockets.maxBufferedBytes,
      heartbeatMs: config.sockets.heartbeatMs,
    },
    metrics: socketMetrics,
  })
}

/** Copies the counts into metrics when they are scraped, so that a change of a count costs only an addition. */
function exposeSocketMetrics(registry: ApiDeps['metrics']['registry'], socketMetrics: SocketMetrics): void {
  new Gauge({
    name: 'engineer_chat_ws_buffered_bytes',
    help: 'Bytes that wait for sockets of this node.',
    registers: [registry],
    collect() {
      this.set(socketMetrics.bufferedBytes())
    },
  })
  for (const name of SOCKET_COUNTS) {
    const options = {
      name: `engineer_chat_ws_${name}`,
      help: `Sockets of this node: ${name.replaceAll('_', ' ')}.`,
      registers: [registry],
    }
    if (name.endsWith('_total')) {
      new Counter({
        ...options,
        collect() {
          this.reset()
          this.inc(socketMetrics[name])
        },
      })
    } else {
      new Gauge({
        ...options,
        collect() {
          this.set(socketMetrics[name])
        },
      })
    }
  }
}
