import type { SpanFields, SpanOptions, Tracer } from '../../src/shared/tracing.ts'

export interface MemorySpan {
  name: string
  kind: SpanOptions['kind']
  traceId: string
  spanId: string
  /** Holds the `traceparent` of the span that caused this one. */
  parent: string | undefined
  fields: SpanFields
  /** Holds the code with which the span ended, or undefined. */
  error: string | undefined
}

export interface MemoryTracer extends Tracer {
  /** Lists the spans in the order in which they ended. */
  readonly ended: MemorySpan[]
}

/** Records spans with ids that count up. The request `r-7` begins the trace `7`. */
export function createMemoryTracer(): MemoryTracer {
  const ended: MemorySpan[] = []
  let ids = 0
  return {
    ended,
    startSpan(name, { kind, parent, fields = {} } = {}) {
      const spanId = String(++ids).padStart(16, '0')
      const traceId = parent?.split('-')[1] ?? spanId.padStart(32, '0')
      const span: MemorySpan = { name, kind, traceId, spanId, parent, fields: { ...fields }, error: undefined }
      return {
        traceId,
        traceparent: `00-${traceId}-${spanId}-01`,
        set: (more) => void Object.assign(span.fields, more),
        end: (error) => void ended.push({ ...span, error }),
      }
    },
    deriveTraceparent: (request_id) =>
      request_id.startsWith('r-') ? `00-${request_id.slice(2).padStart(32, '0')}-${'1'.repeat(16)}-01` : undefined,
  }
}
