import {
  isAnalyst,
  type Llm,
  LlmError,
  type LlmStreamPart,
  type ModelCandidate,
  type ModelChains,
} from '@engineer-chat/chat/models'
import type { Span, SpanFields, Tracer } from '@engineer-chat/chat/shared'

/** Holds the span of the work on a reply, and its id fields. Spans of calls are its children, with the same fields. */
interface ReplyWork {
  readonly span: Span
  readonly idFields: SpanFields
}

/** Returns the same models, but each call creates a span with OpenTelemetry's attributes for generative AI. */
export function traceModels(tracer: Tracer, models: ModelChains, work: ReplyWork): ModelChains {
  const traceCandidate = (candidate: ModelCandidate): ModelCandidate => {
    const { model, provider } = candidate.llm
    const stream: Llm['stream'] = (request, signal) =>
      traceStream(candidate.llm.stream(request, signal), startCallSpan(tracer, candidate, work))
    return { ...candidate, llm: { model, provider, stream } }
  }
  return {
    limitedModels: models.limitedModels,
    analyst: models.analyst && traceCandidate(models.analyst),
    list: (requestedModelId, event) => models.list(requestedModelId, event).map(traceCandidate),
  }
}

function startCallSpan(tracer: Tracer, candidate: ModelCandidate, { span, idFields }: ReplyWork): Span {
  const { model, provider } = candidate.llm
  return tracer.startSpan(`chat ${model}`, {
    kind: isAnalyst(candidate) ? 'internal' : 'client',
    parent: span.traceparent,
    fields: {
      ...idFields,
      'gen_ai.conversation.id': idFields.session_id,
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': provider,
      'gen_ai.system': provider,
      'gen_ai.request.model': model,
      'gen_ai.request.max_tokens': candidate.max_tokens,
      'gen_ai.request.stream': true,
    },
  })
}

/**
 * Passes the parts of the stream on, and ends the span with the stream. The span's error is `stopped` if the reader
 * stops before the end, or if the stream throws anything but an LlmError, as after an abort.
 */
async function* traceStream(parts: AsyncIterable<LlmStreamPart>, span: Span): AsyncGenerator<LlmStreamPart> {
  const startedAtMs = performance.now()
  let error: string | undefined
  let hasBegun = false
  let hasFinished = false
  try {
    for await (const part of parts) {
      if (!hasBegun) span.set({ 'gen_ai.response.time_to_first_chunk': (performance.now() - startedAtMs) / 1_000 })
      hasBegun = true
      if (part.type === 'finish') {
        span.set(toFinishFields(part))
        hasFinished = true
      }
      yield part
    }
    if (!hasFinished) error = 'llm_stream_cut'
  } catch (thrown) {
    error = thrown instanceof LlmError ? thrown.code : 'stopped'
    throw thrown
  } finally {
    const isStopped = error === undefined && !hasFinished
    span.end(isStopped ? 'stopped' : error)
  }
}

const toFinishFields = ({ reason, usage, model }: Extract<LlmStreamPart, { type: 'finish' }>): SpanFields => ({
  'gen_ai.response.finish_reasons': [reason],
  'gen_ai.response.model': model,
  'gen_ai.usage.input_tokens': usage?.prompt_tokens,
  'gen_ai.usage.output_tokens': usage?.completion_tokens,
})
