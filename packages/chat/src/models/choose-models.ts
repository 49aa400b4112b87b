import { type Event, TLP_LABELS, type Tlp } from '@engineer-chat/protocol'
import { ChatError } from '../shared/index.ts'
import type { Catalogue, EventRule, ModelEntry } from './catalogue.ts'
import { mayRead } from './may-read.ts'
import { isAnalyst } from './model-chain.ts'

type EventFields = Pick<Event, 'severity' | 'source' | 'event_name' | 'message' | 'context' | 'tlp'>

/** Null is allowed: the caller leaves the choice of the model to the rules. @throws ChatError model_unknown */
export function refuseUnknownModel({ models }: Catalogue, requestedModelId: string | null): void {
  if (requestedModelId !== null && !models.some(({ id }) => id === requestedModelId))
    throw new ChatError('model_unknown')
}

/**
 * Lists the models that are called for a question, in order: the models of its chain that may read the event, then the
 * analyst if the catalogue has one. A requested model that is in the catalogue decides the chain. If there is none, the
 * question gets the first chain with a model that may read the event. Chains are tried in this order: those of models
 * whose rules match the event, that of the default model, then all others.
 */
export function listModelChain(
  catalogue: Catalogue,
  requestedModelId: string | null,
  event: EventFields,
): ModelEntry[] {
  const { models } = catalogue
  const requestedModels = models.filter(({ id }) => id === requestedModelId)
  const matchingModels = models.filter(({ choose_for }) => choose_for.some((rule) => matchesRule(rule, event)))
  const defaultModels = models.filter(({ id }) => id === catalogue.default)
  const firstModels = requestedModels.length > 0 ? requestedModels : [...matchingModels, ...defaultModels, ...models]
  const chain = firstModels
    .map((firstModel) => listAllowedModels(catalogue, firstModel, event.tlp))
    .find((allowedModels) => allowedModels.length > 0)
  return addAnalyst(catalogue, chain ?? [])
}

/**
 * Lists the TLP labels of events that no model may read for this question. The question can use only the requested
 * model and its fallbacks, or every model if the requested one is null or not in the catalogue. The list is empty if
 * the catalogue has an analyst, which may read all events.
 */
export const listForbiddenTlp = (catalogue: Catalogue, requestedModelId: string | null): Tlp[] =>
  TLP_LABELS.filter((tlp) => !hasAllowedModel(catalogue, requestedModelId, tlp))

/** Returns true if `listModelChain` lists at least one model for each event with this label. */
function hasAllowedModel(catalogue: Catalogue, requestedModelId: string | null, tlp: Tlp): boolean {
  const requestedModels = catalogue.models.filter(({ id }) => id === requestedModelId)
  const firstModels = requestedModels.length > 0 ? requestedModels : catalogue.models
  const allowedModels = firstModels.flatMap((firstModel) => listAllowedModels(catalogue, firstModel, tlp))
  return addAnalyst(catalogue, allowedModels).length > 0
}

/** Lists those of a model and its fallbacks that may read a text with this label, in order and each once. */
function listAllowedModels({ models }: Catalogue, firstModel: ModelEntry, tlp: Tlp): ModelEntry[] {
  const ids = new Set([firstModel.id, ...firstModel.fallbacks])
  return [...ids].flatMap((id) => models.filter((model) => model.id === id && mayRead(model, tlp)))
}

const addAnalyst = ({ analyst }: Catalogue, chain: ModelEntry[]): ModelEntry[] =>
  analyst === undefined || chain.some(isAnalyst) ? chain : [...chain, analyst]

/**
 * Lists the models that may come first in the result of `listModelChain`. Only the event's label is known here, so each
 * rule may match. The list does not contain the catalogue's `analyst`, which is added to each chain.
 */
export function listPossibleFirstModels(catalogue: Catalogue, requestedModelId: string | null, tlp: Tlp): ModelEntry[] {
  const { models } = catalogue
  const listFirstAllowed = (entries: ModelEntry[]): ModelEntry[] =>
    entries.flatMap((entry) => listAllowedModels(catalogue, entry, tlp).slice(0, 1))
  const requestedModels = models.filter(({ id }) => id === requestedModelId)
  if (requestedModels.length > 0) return listFirstAllowed(requestedModels)
  const chosenByRules = listFirstAllowed(models.filter(({ choose_for }) => choose_for.length > 0))
  const chosenByDefault = listFirstAllowed(models.filter(({ id }) => id === catalogue.default))
  const chosenWithoutRules = chosenByDefault.length > 0 ? chosenByDefault : listFirstAllowed(models).slice(0, 1)
  return [...chosenByRules, ...chosenWithoutRules]
}

function matchesRule({ severity, source, words }: EventRule, event: EventFields): boolean {
  if (severity && !severity.includes(event.severity)) return false
  if (source && !source.some((name) => name.toLowerCase() === event.source.toLowerCase())) return false
  const text = `${event.event_name}\n${event.message}\n${event.context}`
  return !words || words.some((word) => includesWord(text, word))
}

/** Returns true if the text contains the word: `disk` is in `Disk full`, but not in `diskette`. */
function includesWord(text: string, word: string): boolean {
  const pattern = RegExp.escape(word.normalize('NFC'))
  // Chinese text has no spaces between words, so a Chinese word may be anywhere in the text.
  const hasHanCharacters = /\p{Script=Han}/u.test(word)
  const wordPattern = hasHanCharacters ? pattern : `(?<![\\p{L}\\p{N}_])${pattern}(?![\\p{L}\\p{N}_])`
  return new RegExp(wordPattern, 'iu').test(text.normalize('NFC'))
}
