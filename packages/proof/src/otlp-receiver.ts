import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'

/** Describes a span as a collector reads it from OTLP's JSON. */
export interface ReceivedSpan {
  traceId: string
  spanId: string
  /** Identifies the parent; undefined for the first span of a trace. */
  parentSpanId: string | undefined
  name: string
  /** Holds OTLP's number of the kind of span. */
  kind: number
  service: string
  attributes: Record<string, unknown>
  isError: boolean
  startedAtMs: number
  endedAtMs: number
}

type ReceiverMode = 'accept' | 'refuse' | 'hang'

export interface OtlpReceiver {
  url: string
  spans: ReceivedSpan[]
  /** Holds the body of each request, in the order of arrival. */
  bodies: Buffer[]
  headers: IncomingHttpHeaders[]
  /** Sets how the receiver handles requests from now on. With `hang` it reads them and never answers. */
  setMode(mode: ReceiverMode): void
  close(): Promise<void>
}

/**
 * Starts a collector of traces, which reads OTLP by HTTP. It keeps bodies in Protocol Buffers, but does not decode
 * them.
 */
export async function startOtlpReceiver(): Promise<OtlpReceiver> {
  const spans: ReceivedSpan[] = []
  const bodies: Buffer[] = []
  const headers: IncomingHttpHeaders[] = []
  let mode: ReceiverMode = 'accept'
  const server = createServer(async (request, response) => {
    const body = await buffer(request)
    bodies.push(body)
    headers.push(request.headers)
    if (request.url !== '/v1/traces') return void response.writeHead(404).end()
    respond(response, mode)
    if (mode === 'accept' && request.headers['content-type'] === 'application/json')
      spans.push(...decodeSpans(JSON.parse(body.toString())))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = address !== null && typeof address === 'object' ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}`,
    spans,
    bodies,
    headers,
    setMode(newMode) {
      mode = newMode
    },
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

function respond(response: ServerResponse, mode: ReceiverMode): void {
  if (mode === 'hang') return
  response.writeHead(mode === 'refuse' ? 503 : 200, { 'content-type': 'application/json' }).end('{}')
}

interface AttributeValue {
  stringValue?: string
  intValue?: number | string
  doubleValue?: number
  boolValue?: boolean
  arrayValue?: { values: AttributeValue[] }
}

interface KeyValue {
  key: string
  value: AttributeValue
}

interface ExportRequest {
  resourceSpans: Array<{
    resource: { attributes: KeyValue[] }
    scopeSpans: Array<{
      spans: Array<{
        traceId: string
        spanId: string
        parentSpanId?: string
        name: string
        kind: number
        attributes: KeyValue[]
        status: { code?: number }
        startTimeUnixNano: string
        endTimeUnixNano: string
      }>
    }>
  }>
}

function decodeSpans({ resourceSpans }: ExportRequest): ReceivedSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const service = String(toRecord(resource.attributes)['service.name'])
    return scopeSpans.flatMap(({ spans }) =>
      spans.map(({ parentSpanId, attributes, status, startTimeUnixNano, endTimeUnixNano, ...span }) => ({
        traceId: span.traceId,
        spanId: span.spanId,
        parentSpanId: parentSpanId || undefined,
        name: span.name,
        kind: span.kind,
        service,
        attributes: toRecord(attributes),
        isError: status.code === STATUS_CODE_ERROR,
        startedAtMs: toMs(startTimeUnixNano),
        endedAtMs: toMs(endTimeUnixNano),
      })),
    )
  })
}

/** OTLP has this number for the status of a failed span. */
const STATUS_CODE_ERROR = 2

/** Converts to microseconds as a BigInt first, because nanoseconds since 1970 are above `Number.MAX_SAFE_INTEGER`. */
const toMs = (unixNano: string): number => Number(BigInt(unixNano) / 1_000n) / 1_000

const toRecord = (attributes: KeyValue[]): Record<string, unknown> =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, toValue(value)]))

function toValue({ stringValue, intValue, doubleValue, boolValue, arrayValue }: AttributeValue): unknown {
  if (intValue !== undefined) return Number(intValue)
  return stringValue ?? doubleValue ?? boolValue ?? arrayValue?.values.map(toValue)
}
