/** Describes a span by ids, numbers and codes. It never contains a message's text, a name or a secret. */
export type SpanFields = Record<string, string | number | boolean | string[] | null | undefined>

export interface SpanOptions {
  /** Says on which side of a call or of a queue the span is. */
  kind?: 'internal' | 'server' | 'client' | 'producer' | 'consumer'
  /** Names the span that caused this one by its `traceparent`. Without a valid one, a new trace begins. */
  parent?: string | undefined
  /** Begins the trace with ids that are derived from this id of a request. */
  begunRequestId?: string | undefined
  /** Gives the start in milliseconds since 1970; the default is now. */
  startedAtMs?: number
  fields?: SpanFields
}

/** Measures one step of a trace, from its creation to `end`. A span that is not ended is not sent. */
export interface Span {
  /** Names the span for other processes, in the form of the header `traceparent` of W3C. */
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
   * Names the span of the request with this id, so that a process that lost the `traceparent` finds the trace. It is
   * undefined if the id does not lead to a trace.
   */
  findRequestSpan(request_id: string): string | undefined
}
