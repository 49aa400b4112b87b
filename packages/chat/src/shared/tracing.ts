/** Describes a span by ids, numbers and codes. No field contains a message's text, a name or a secret. */
export type SpanFields = Record<string, string | number | boolean | string[] | null | undefined>

export interface SpanOptions {
  /** Says on which side of a call or of a queue the span is measured. */
  kind?: 'internal' | 'server' | 'client' | 'producer' | 'consumer'
  /** Is the `traceparent` of the span that caused the new span. If it is missing or not valid, a new trace begins. */
  parent?: string | undefined
  /**
   * Is the id of the request with which a new trace begins. If it is a UUID of version 7, the ids of the trace and of
   * this span are derived from it. It has no effect with a valid `parent`.
   */
  rootRequestId?: string | undefined
  /** Is the start of the span in milliseconds since 1970. The default is now. */
  startedAtMs?: number
  fields?: SpanFields
}

/** Measures one step of a trace, from `startSpan` to `end`. A span that is not ended is not sent. */
export interface Span {
  /** Names the span for other processes, in the form of W3C's header `traceparent`. */
  readonly traceparent: string
  readonly traceId: string
  /** Adds fields to the span. Earlier fields with other names stay. */
  set(fields: SpanFields): void
  /** Ends the span. With `errorCode`, the step failed for this reason. */
  end(errorCode?: string): void
}

/**
 * Records traces. A process that sends no traces has no tracer. No method throws or waits, even if the collector of the
 * traces is slow or cannot be reached.
 */
export interface Tracer {
  startSpan(name: string, options?: SpanOptions): Span
  /**
   * Computes the `traceparent` of a request from the request's id. A worker needs it for a job that has no
   * `traceparent`. Returns undefined if the ids of the request's trace are not derived from this id.
   */
  deriveTraceparent(request_id: string): string | undefined
}
