import { Choice, createSection, DecimalNumber, optional, Switch, TextValue, WholeNumber } from '../variable-types.ts'

// These variables have the names of OpenTelemetry's specification, except the last one.

/** Matches `name=value`. A value has visible ASCII characters except the comma, which is `\x2c`. */
const HEADER_PATTERN = String.raw`\s*[\w.-]+\s*=\s*[\x21-\x2b\x2d-\x7e]*\s*`
const HEADERS_PATTERN = `^${HEADER_PATTERN}(,${HEADER_PATTERN})*$`

export const tracingSection = createSection('Traces', {
  endpoint: optional(
    TextValue('OTEL_EXPORTER_OTLP_ENDPOINT', {
      description:
        'Traces are sent to this collector by OTLP over HTTP, at `/v1/traces` below the URL. Without it, nothing of OpenTelemetry is loaded. The proxy of `HTTP_PROXY` and `HTTPS_PROXY` is used.',
      expected: 'a URL that begins with http:// or https://, without a user and without a query',
      pattern: '^https?://[^\\s/?#@]+(/[^\\s?#@]*)?$',
      example: 'http://tempo:4318',
    }),
  ),
  headers: optional(
    TextValue('OTEL_EXPORTER_OTLP_HEADERS', {
      description: 'The collector gets these headers, separated by commas; their values are percent-encoded.',
      expected: 'name=value, separated by commas',
      pattern: HEADERS_PATTERN,
      example: 'authorization=Bearer%200123456789',
      secret: true,
    }),
  ),
  protocol: Choice('OTEL_EXPORTER_OTLP_PROTOCOL', ['http/protobuf', 'http/json'], {
    description: 'Traces are encoded this way.',
    default: 'http/protobuf',
    example: 'http/protobuf',
  }),
  timeoutMs: WholeNumber('OTEL_EXPORTER_OTLP_TIMEOUT', {
    description:
      'A batch of spans is dropped if the collector does not accept it within this time. A shutdown waits for the last spans at most as long.',
    unit: 'ms',
    default: 3_000,
    minimum: 100,
    maximum: 30_000,
    example: '3000',
  }),
  maxQueuedSpans: WholeNumber('OTEL_BSP_MAX_QUEUE_SIZE', {
    description: 'At most this many spans wait for the collector. Further ones are dropped.',
    unit: 'spans',
    default: 2_048,
    minimum: 1,
    maximum: 100_000,
    example: '2048',
  }),
  sendIntervalMs: WholeNumber('OTEL_BSP_SCHEDULE_DELAY', {
    description: 'Waiting spans are sent together at this interval, or earlier when 512 of them wait.',
    unit: 'ms',
    default: 5_000,
    minimum: 1,
    maximum: 60_000,
    example: '5000',
  }),
  serviceName: optional(
    TextValue('OTEL_SERVICE_NAME', {
      description:
        'Traces show the process under this name. If it is not set, it is `engineer-chat-api` or `engineer-chat-worker`.',
      minLength: 1,
      example: 'engineer-chat',
    }),
  ),
  samplingRatio: DecimalNumber('OTEL_TRACES_SAMPLER_ARG', {
    description:
      'This share of the requests is traced, with all that follows from them: 1 means all, 0 none. Give API nodes and workers the same value.',
    default: 1,
    minimum: 0,
    maximum: 1,
    example: '0.1',
  }),
  isTraceparentTrusted: Switch('TRACEPARENT_TRUSTED', {
    description:
      'If `true`, a request with the header `traceparent` continues the trace of the header, which also decides whether the request is traced. Switch it on only where a proxy of yours writes the header: otherwise clients choose what is traced, and under which id.',
    default: false,
    example: 'true',
  }),
})
