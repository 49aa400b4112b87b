import { collectDefaultMetrics, Histogram, Registry } from 'prom-client'
import { measureEventLoopLag, NO_SAMPLES_MS } from './event-loop-lag.ts'

export { measureBuild } from './build-info.ts'
export { type ChatCounters, createChatCounters, createSessionCounter } from './chat.ts'
export * from './models.ts'
export { createReplyCounters } from './replies.ts'
export * from './servers.ts'

const FAST_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]
const MODEL_BUCKETS = [0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 8, 13, 20, 30, 60, 120]

export interface Metrics {
  /** The registry belongs to one app, so that two apps in one process don't collide. */
  readonly registry: Registry
  /** The specification names these four response times, in seconds. */
  readonly apiResponse: Histogram<'method' | 'route' | 'status'>
  /** Measures from the commit of a person's message until a node has written the message to its sockets. */
  readonly userMessageDisplay: Histogram
  /** Measures from a reply's claim to its final row. */
  readonly aiResponseGeneration: Histogram<'model' | 'outcome'>
  /** Measures from the commit of a reply's final row until a node has written the row to its sockets. */
  readonly aiResponseDisplay: Histogram
}

/** Sets the label `component` on each metric. `service` is not used, because Prometheus sets it in Kubernetes. */
export function createMetrics(component: string): Metrics {
  const registry = new Registry()
  registry.setDefaultLabels({ component })
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: NO_SAMPLES_MS })
  measureEventLoopLag(registry)
  // promtool refuses these gauges, because their names end in `_total`, as only a counter's may. Those by type remain.
  for (const kind of ['handles', 'requests', 'resources']) registry.removeSingleMetric(`nodejs_active_${kind}_total`)
  const registers = [registry]
  return {
    registry,
    apiResponse: new Histogram({
      name: 'engineer_chat_api_response_duration_seconds',
      help: 'Time from an HTTP request to its response.',
      labelNames: ['method', 'route', 'status'],
      buckets: FAST_BUCKETS,
      registers,
    }),
    userMessageDisplay: new Histogram({
      name: 'engineer_chat_user_message_display_duration_seconds',
      help: "Time from a user message's commit to its delivery to sockets.",
      buckets: FAST_BUCKETS,
      registers,
    }),
    aiResponseGeneration: new Histogram({
      name: 'engineer_chat_ai_response_generation_duration_seconds',
      help: "Time from a reply's claim by a worker to its final row.",
      labelNames: ['model', 'outcome'],
      buckets: MODEL_BUCKETS,
      registers,
    }),
    aiResponseDisplay: new Histogram({
      name: 'engineer_chat_ai_response_display_duration_seconds',
      help: "Time from a reply's final row to its delivery to sockets.",
      buckets: FAST_BUCKETS,
      registers,
    }),
  }
}
