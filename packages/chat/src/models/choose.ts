import type { Event } from '@engineer-chat/protocol'
import { ChatError } from '../shared/index.ts'
import type { Catalogue, EventRule, ModelEntry } from './catalogue.ts'

type EventFields = Pick<Event, 'severity' | 'source' | 'event_name' | 'message' | 'context'>

/** Refuses a model that the catalogue does not have. @throws ChatError model_unknown */
export function requireModel({ models }: Catalogue, requestedModelId: string | null): void {
  if (requestedModelId !== null && !models.some(({ id }) => id === requestedModelId))
    throw new ChatError('model_unknown')
}

/** Lists the models to ask for a question, in order. A model that the user named but that is unknown is ignored. */
export function listModelChain(
  catalogue: Catalogue,
  requestedModelId: string | null,
  event: EventFields,
): ModelEntry[] {
  const byId = new Map(catalogue.models.map((model) => [model.id, model]))
  const first = byId.get(requestedModelId ?? '') ?? findModelByRules(catalogue, event) ?? byId.get(catalogue.default)
  if (!first) return catalogue.models.slice(0, 1)
  const ids = new Set([first.id, ...first.fallbacks])
  return [...ids].flatMap((id) => byId.get(id) ?? [])
}

/** Lists the models that may be the first to answer. */
export function listPossibleFirstModels(
  { models, default: id }: Catalogue,
  requestedModelId: string | null,
): ModelEntry[] {
  const named = models.filter((model) => model.id === requestedModelId)
  return named.length > 0 ? named : models.filter((model) => model.id === id || model.choose_for.length > 0)
}

const findModelByRules = ({ models }: Catalogue, event: EventFields): ModelEntry | undefined =>
  models.find(({ choose_for }) => choose_for.some((rule) => matchesRule(rule, event)))

function matchesRule({ severity, source, words }: EventRule, event: EventFields): boolean {
  if (severity && !severity.includes(event.severity)) return false
  if (source && !source.some((one) => one.toLowerCase() === event.source.toLowerCase())) return false
  const text = `${event.event_name}\n${event.message}\n${event.context}`
  return !words || words.some((word) => includesWord(word, text))
}

/** Matches a whole word, or any place in scripts that put no spaces between words. */
function includesWord(word: string, text: string): boolean {
  const pattern = RegExp.escape(word.normalize('NFC'))
  const isSpaced = !/\p{Script=Han}/u.test(word)
  const wordPattern = isSpaced ? `(?<![\\p{L}\\p{N}_])${pattern}(?![\\p{L}\\p{N}_])` : pattern
  return new RegExp(wordPattern, 'iu').test(text.normalize('NFC'))
}
