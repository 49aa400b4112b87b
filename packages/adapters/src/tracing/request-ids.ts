import { type IdGenerator, RandomIdGenerator } from '@opentelemetry/sdk-trace'

export interface TraceIds {
  traceId: string
  spanId: string
}

/**
 * Returns the ids of the trace that a request begins, and of its first span. They follow from the request's id, if that
 * is a UUID of version 7, as this system's ids are: their last half is random, as W3C asks of the id of a trace.
 */
export function toTraceIds(request_id: string): TraceIds | undefined {
  if (!/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(request_id)) return undefined
  const traceId = request_id.replaceAll('-', '')
  return { traceId, spanId: traceId.slice(16) }
}

/** Generates random ids, or for one span those that are given. */
export class ChosenIds implements IdGenerator {
  readonly #random = new RandomIdGenerator()
  #chosen: TraceIds | undefined

  /** OpenTelemetry asks for the ids while it starts the span. */
  use<T>(ids: TraceIds | undefined, startSpan: () => T): T {
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
