import type { SpanFields } from '@engineer-chat/chat/shared'
import type { Attributes } from '@opentelemetry/api'

/** Fields of our own get this prefix, because names without it could collide with those that OpenTelemetry defines. */
const PREFIX = 'engineer_chat.'

/** Other fields are left out, because a field that was added by mistake could contain a user's text. */
const OWN_FIELDS = [
  'attempt',
  'delay_ms',
  'event_id',
  'finish_reason',
  'message_id',
  'outcome',
  'question_id',
  'reply_id',
  'request_id',
  'seq',
  'session_id',
  'tries',
  'user_id',
] as const

/** Lists OpenTelemetry's names of attributes for HTTP, queues and models. No attribute contains a text of users. */
const SEMANTIC_FIELDS = [
  'error.type',
  'gen_ai.conversation.id',
  'gen_ai.operation.name',
  'gen_ai.provider.name',
  'gen_ai.request.max_tokens',
  'gen_ai.request.model',
  'gen_ai.request.stream',
  'gen_ai.response.finish_reasons',
  'gen_ai.response.model',
  'gen_ai.response.time_to_first_chunk',
  'gen_ai.system',
  'gen_ai.usage.input_tokens',
  'gen_ai.usage.output_tokens',
  'http.request.method',
  'http.response.status_code',
  'http.route',
  'messaging.destination.name',
  'messaging.operation.type',
  'messaging.system',
] as const

const ATTRIBUTE_NAMES = new Map<string, string>([
  ...OWN_FIELDS.map((name): [string, string] => [name, `${PREFIX}${name}`]),
  ...SEMANTIC_FIELDS.map((name): [string, string] => [name, name]),
])

export const MAX_VALUE_CHARACTERS = 256

/** Returns the allowed fields under their names in a trace. */
export function toAttributes(fields: SpanFields = {}): Attributes {
  const attributes: Attributes = {}
  for (const [field, value] of Object.entries(fields)) {
    const name = ATTRIBUTE_NAMES.get(field)
    if (name !== undefined && value !== null && value !== undefined) attributes[name] = value
  }
  return attributes
}
