/** Describes a span by ids, numbers and codes. It never contains a message's text, a name or a secret. */
export type SpanFields = Record<string, string | number | boolean | string[] | null | undefined>

export interface SpanOptions {
  /** Says on which side of a call or of a queue the span is measured. */
  kind?: 'internal' | 'server' | 'client' | 'producer' | 'consumer'
  /** Names the span that caused this one by its `traceparent`. Without a valid one, a new trace begins. */
  parent?: string | undefined
  /** Names the request with which a new trace begins. The ids of the trace are derived from it. */
  rootRequestId?: string | undefined
  /** Gives the start in milliseconds since 1970; the default is now. */
  startedAtMs?: number
  fields?: SpanFields
}

/** Measures one step of a trace, from its creation to `end`. A span that is not ended is not sent. */
export interface Span {
  /** Names the span for other processes, in the form of W3C's header `traceparent`. */
  readonly traceparent: string
  readonly traceId: string
  set(fields: SpanFields): void
  /** `error` is the code of the failure, if the step failed. */
  end(error?: string): void
}

/**
 * Records traces. A process that sends no traces has no tracer. No method throws or waits, whatever the collector of
 * the traces does.
 */
export interface Tracer {
  startSpan(name: string, options?: SpanOptions): Span
  /**
   * Computes the `traceparent` of a request from its id, for a job without one. Returns undefined if the ids of the
   * request's trace are not derived from this id.
   */
  deriveTraceparent(request_id: string): string | undefined
}
