import type { Log } from '@engineer-chat/chat/shared'
import { createOutageReporter } from '@engineer-chat/process/outage'
import { ExportResultCode } from '@opentelemetry/core'
import { JsonTraceSerializer, ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer'
import type { SpanExporter } from '@opentelemetry/sdk-trace'
import { createDispatcher, type EgressSettings, requestUntilAborted } from '../egress/index.ts'
import { parseHeaders } from './parse-headers.ts'

export interface CollectorSettings {
  /** The collector accepts traces at `/v1/traces` below this URL. */
  endpoint: string
  /** The text has the form `name=value,…`, with percent-encoded values. */
  headers?: string | undefined
  protocol: 'http/protobuf' | 'http/json'
  timeoutMs: number
}

export interface OtlpExporter extends SpanExporter {
  /** Resolves once all requests that are under way have ended, as `shutdown` does. */
  forceFlush(): Promise<void>
  /** Aborts the requests that are under way. */
  destroy(): Promise<void>
}

const ENCODINGS = {
  'http/protobuf': { serializer: ProtobufTraceSerializer, type: 'application/x-protobuf' },
  'http/json': { serializer: JsonTraceSerializer, type: 'application/json' },
} as const

/** A longer response of the collector ends the connection. */
const MAX_RESPONSE_BYTES = 65_536

/** Reports that the collector answered with an error status. */
class RefusedError extends Error {
  readonly code: string

  constructor(status: number) {
    super('The collector refused the spans.')
    this.name = 'RefusedError'
    this.code = `HTTP_${status}`
  }
}

/**
 * Sends spans through a dispatcher, as all calls to other systems go, because OpenTelemetry's own exporter supports no
 * proxy. Each batch is sent once, and dropped if that fails, because traces are hints.
 */
export function createOtlpExporter(settings: CollectorSettings, egress: EgressSettings, log: Log): OtlpExporter {
  const { endpoint, timeoutMs, protocol } = settings
  const url = `${endpoint.replace(/\/+$/, '')}/v1/traces`
  const timeouts = { connectTimeout: timeoutMs, headersTimeout: timeoutMs, bodyTimeout: timeoutMs }
  const dispatcher = createDispatcher(url, egress, timeouts)
  const { serializer, type } = ENCODINGS[protocol]
  const headers = { ...parseHeaders(settings.headers), 'content-type': type }
  const outage = createOutageReporter({
    onLost: (cause) => log.error('EngineerChat.traces_lost', {}, cause),
    onRestored: () => log.info('EngineerChat.traces_back'),
  })
  const pending = new Set<Promise<void>>()
  const waitForPending = async () => void (await Promise.all(pending))

  const send = async (body: Uint8Array): Promise<void> => {
    const signal = AbortSignal.timeout(timeoutMs)
    const response = await requestUntilAborted(url, { method: 'POST', dispatcher, headers, body, signal })
    await response.body.dump({ limit: MAX_RESPONSE_BYTES, signal })
    if (response.statusCode >= 300) throw new RefusedError(response.statusCode)
  }
  return {
    export(spans, done) {
      const sending = send(serializer.serializeRequest(spans) ?? new Uint8Array())
        .then(
          () => {
            outage.markRestored()
            done({ code: ExportResultCode.SUCCESS })
          },
          (cause: unknown) => {
            outage.markLost(cause)
            done({ code: ExportResultCode.FAILED })
          },
        )
        .finally(() => pending.delete(sending))
      pending.add(sending)
    },
    forceFlush: waitForPending,
    shutdown: waitForPending,
    async destroy() {
      outage.stop()
      await dispatcher.destroy()
    },
  }
}
