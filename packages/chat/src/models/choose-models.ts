import { type Event, TLP_LABELS, type Tlp } from '@engineer-chat/protocol'
import { ChatError } from '../shared/index.ts'
import type { Catalogue, EventRule, ModelEntry } from './catalogue.ts'
import { mayRead } from './may-read.ts'
import { isAnalyst } from './model-chain.ts'

type EventFields = Pick<Event, 'severity' | 'source' | 'event_name' | 'message' | 'context' | 'tlp'>

/** Accepts null, which requests no model. @throws ChatError model_unknown */
export function refuseUnknownModel({ models }: Catalogue, requestedModelId: string | null): void {
  if (requestedModelId !== null && !models.some(({ id }) => id === requestedModelId))
    throw new ChatError('model_unknown')
}

/**
 * Lists the models that are called for a question, in order: the models of its chain that may read the event, then the
 * analyst if the catalogue has one. A question that names no known model gets the first chain with a model that may
 * read the event. Chains are looked through in this order: those of models whose rules match the event, that of the
 * default model, then all others.
 */
export function listModelChain(
  catalogue: Catalogue,
  requestedModelId: string | null,
  event: EventFields,
): ModelEntry[] {
  const { models } = catalogue
  const named = models.filter(({ id }) => id === requestedModelId)
  const byRules = models.filter(({ choose_for }) => choose_for.some((rule) => matchesRule(rule, event)))
  const byDefault = models.filter(({ id }) => id === catalogue.default)
  const firstModels = named.length > 0 ? named : [...byRules, ...byDefault, ...models]
  const chain = firstModels
    .map((firstModel) => listReaders(catalogue, firstModel, event.tlp))
    .find((readers) => readers.length > 0)
  return addAnalyst(catalogue, chain ?? [])
}

/**
 * Lists the TLP labels for which a question would have no model that may read the event. The question can use only the
 * requested model and its fallbacks, or every model if it names no known one. The list is empty if the catalogue has an
 * analyst, which may read all events.
 */
export const listForbiddenTlp = (catalogue: Catalogue, requestedModelId: string | null): Tlp[] =>
  TLP_LABELS.filter((tlp) => !hasReader(catalogue, requestedModelId, tlp))

/** Returns true if `listModelChain` lists at least one model for each event with this label. */
function hasReader(catalogue: Catalogue, requestedModelId: string | null, tlp: Tlp): boolean {
  const named = catalogue.models.filter(({ id }) => id === requestedModelId)
  const firstModels = named.length > 0 ? named : catalogue.models
  const readers = firstModels.flatMap((firstModel) => listReaders(catalogue, firstModel, tlp))
  return addAnalyst(catalogue, readers).length > 0
}

/** Lists a model and its fallbacks, each once, without those that may not read a text with this label. */
function listReaders({ models }: Catalogue, firstModel: ModelEntry, tlp: Tlp): ModelEntry[] {
  const ids = new Set([firstModel.id, ...firstModel.fallbacks])
  return [...ids].flatMap((id) => models.filter((model) => model.id === id && mayRead(model, tlp)))
}

const addAnalyst = ({ analyst }: Catalogue, chain: ModelEntry[]): ModelEntry[] =>
  analyst === undefined || chain.some(isAnalyst) ? chain : [...chain, analyst]

/**
 * Lists the models that may be the first one in `listModelChain` for an event with this label, if only the event's
 * label is known, so that each rule may match. The list does not have the analyst that ends each chain.
 */
export function listPossibleFirstModels(catalogue: Catalogue, requestedModelId: string | null, tlp: Tlp): ModelEntry[] {
  const { models } = catalogue
  const listFirstReaders = (entries: ModelEntry[]): ModelEntry[] =>
    entries.flatMap((entry) => listReaders(catalogue, entry, tlp).slice(0, 1))
  const named = models.filter(({ id }) => id === requestedModelId)
  if (named.length > 0) return listFirstReaders(named)
  const byRules = listFirstReaders(models.filter(({ choose_for }) => choose_for.length > 0))
  const byDefault = listFirstReaders(models.filter(({ id }) => id === catalogue.default))
  const otherwise = byDefault.length > 0 ? byDefault : listFirstReaders(models).slice(0, 1)
  return [...byRules, ...otherwise]
}

function matchesRule({ severity, source, words }: EventRule, event: EventFields): boolean {
  if (severity && !severity.includes(event.severity)) return false
  if (source && !source.some((name) => name.toLowerCase() === event.source.toLowerCase())) return false
  const text = `${event.event_name}\n${event.message}\n${event.context}`
  return !words || words.some((word) => includesWord(word, text))
}

/** Returns true if the text contains the word: `disk` is in `Disk full`, but not in `diskette`. */
function includesWord(word: string, text: string): boolean {
  const pattern = RegExp.escape(word.normalize('NFC'))
  // Chinese text has no spaces between words, so a Chinese word may be anywhere in the text.
  const hasHanCharacters = /\p{Script=Han}/u.test(word)
  const wordPattern = hasHanCharacters ? pattern : `(?<![\\p{L}\\p{N}_])${pattern}(?![\\p{L}\\p{N}_])`
  return new RegExp(wordPattern, 'iu').test(text.normalize('NFC'))
}
