import type { Log, Span, SpanOptions, Tracer } from '@engineer-chat/chat/shared'
import { withTimeout } from '@engineer-chat/process/with-timeout'
import {
  type Context,
  ROOT_CONTEXT,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  trace,
} from '@opentelemetry/api'
import { parseTraceParent } from '@opentelemetry/core'
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources'
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  SamplingDecision,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace'
import type { EgressSettings } from '../egress/index.ts'
import { type CollectorSettings, createOtlpExporter } from './otlp-exporter.ts'
import { ChosenIdGenerator, toTraceIds } from './request-ids.ts'
import { MAX_VALUE_CHARACTERS, toAttributes } from './span-attributes.ts'

export interface TracingOptions {
  settings: CollectorSettings & {
    maxQueuedSpans: number
    sendIntervalMs: number
    serviceName?: string | undefined
    /** This share of the traces that begin in this process is sent: 0 for none, 1 for all. */
    samplingRatio: number
    /** If true, traces begin in other systems, so their ids cannot be derived from the id of a request. */
    isTraceparentTrusted: boolean
  }
  egress: EgressSettings
  service: 'api' | 'worker'
  /** Distinguishes the processes of one service. */
  instanceId: string
  log: Log
}

export interface Tracing {
  readonly tracer: Tracer
  /** Sends the last spans, for at most `timeoutMs`. It always resolves. */
  close(): Promise<void>
}

const MAX_BATCH_SPANS = 512

const KINDS: Record<NonNullable<SpanOptions['kind']>, SpanKind> = {
  internal: SpanKind.INTERNAL,
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
}

/**
 * Sends spans to a collector by OTLP. The caller names the parent of each span. Nothing is registered globally and
 * nothing is instrumented, so that no other code creates spans.
 */
export function openTracing({ settings, egress, service, instanceId, log }: TracingOptions): Tracing {
  const exporter = createOtlpExporter(settings, egress, log)
  const idGenerator = new ChosenIdGenerator()
  const { maxQueuedSpans, sendIntervalMs, timeoutMs, samplingRatio } = settings
  const sampler = new TraceIdRatioBasedSampler(samplingRatio)
  const provider = new TracerProvider({
    resource: defaultResource().merge(
      resourceFromAttributes({
        'service.name': settings.serviceName ?? `engineer-chat-${service}`,
        'service.instance.id': instanceId,
      }),
    ),
    sampler: new ParentBasedSampler({ root: sampler }),
    idGenerator,
    spanLimits: { attributeValueLengthLimit: MAX_VALUE_CHARACTERS },
    spanProcessors: [
      new BatchSpanProcessor({
        exporter,
        maxQueueSize: maxQueuedSpans,
        maxExportBatchSize: Math.min(MAX_BATCH_SPANS, maxQueuedSpans),
        scheduledDelayMillis: sendIntervalMs,
        exportTimeoutMillis: 2 * timeoutMs, // The exporter itself ends each request after `timeoutMs`.
      }),
    ],
  })
  const flush = async (): Promise<void> => {
    await provider.shutdown().catch(() => undefined)
    await exporter.forceFlush()
  }
  return {
    tracer: {
      startSpan: createStartSpan(provider, idGenerator),
      deriveTraceparent(request_id) {
        const traceIds = settings.isTraceparentTrusted ? undefined : toTraceIds(request_id)
        if (!traceIds) return undefined
        const isSampled =
          sampler.shouldSample(ROOT_CONTEXT, traceIds.traceId).decision === SamplingDecision.RECORD_AND_SAMPLED
        return toTraceparent({ ...traceIds, traceFlags: isSampled ? TraceFlags.SAMPLED : TraceFlags.NONE })
      },
    },
    async close() {
      await withTimeout(flush(), timeoutMs, () => undefined)
      await exporter.destroy()
    },
  }
}

function createStartSpan(provider: TracerProvider, idGenerator: ChosenIdGenerator): Tracer['startSpan'] {
  const tracer = provider.getTracer('engineer-chat')
  return (name, { kind = 'internal', parent, rootRequestId, startedAtMs, fields } = {}): Span => {
    const options = {
      kind: KINDS[kind],
      attributes: toAttributes(fields),
      ...(startedAtMs !== undefined && { startTime: startedAtMs }),
    }
    const context = toContext(parent)
    const isStartOfRequest = context === ROOT_CONTEXT && rootRequestId !== undefined
    const span = idGenerator.startWith(isStartOfRequest ? toTraceIds(rootRequestId) : undefined, () =>
      tracer.startSpan(name, options, context),
    )
    return {
      traceId: span.spanContext().traceId,
      traceparent: toTraceparent(span.spanContext()),
      set: (moreFields) => void span.setAttributes(toAttributes(moreFields)),
      end(errorCode) {
        if (errorCode !== undefined) {
          span.setStatus({ code: SpanStatusCode.ERROR })
          span.setAttribute('error.type', errorCode)
        }
        span.end()
      },
    }
  }
}

/** Returns an empty context for a text that is no `traceparent`, so that a new trace begins. */
function toContext(traceparent: string | undefined): Context {
  const parent = traceparent === undefined ? null : parseTraceParent(traceparent)
  return parent === null ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, { ...parent, isRemote: true })
}

const toTraceparent = ({ traceId, spanId, traceFlags }: SpanContext): string =>
  `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`
