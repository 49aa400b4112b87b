import { type IdGenerator, RandomIdGenerator } from '@opentelemetry/sdk-trace'

export interface TraceIds {
  traceId: string
  spanId: string
}

/**
 * Derives the ids of the trace that a request begins, and of its first span, from the id of the request. Returns
 * undefined if the request's id is no UUID of version 7. The second half of such a UUID is random, as W3C
 * requires for the id of a trace.
 */
export function toTraceIds(request_id: string): TraceIds | undefined {
  if (!/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(request_id)) return undefined
  const traceId = request_id.replaceAll('-', '')
  return { traceId, spanId: traceId.slice(16) }
}

/** Generates random ids, except for a span that is started by `startWith`. */
export class ChosenIdGenerator implements IdGenerator {
  readonly #random = new RandomIdGenerator()
  #chosen: TraceIds | undefined

  /** Gives the span these ids: OpenTelemetry asks for them while `startSpan` runs. Undefined means random ids. */
  startWith<T>(ids: TraceIds | undefined, startSpan: () => T): T {
    this.#chosen = ids
    try {
      return startSpan()
    } finally {
      this.#chosen = undefined
    }
  }

  generateTraceId(): string {
    return this.#chosen?.traceId ?? this.#random.generateTraceId()
  }

  generateSpanId(): string {
    return this.#chosen?.spanId ?? this.#random.generateSpanId()
  }
}
