import type { ConfiguredModel } from '@engineer-chat/protocol'
import { type Catalogue, isInside, type ModelCapacity } from '../models/index.ts'
import { requireAdmin } from '../people/index.ts'
import { type Items, listNoEvent, type Principal, type VerbReport } from '../shared/index.ts'
import { type ModelHealthStore, toHealthByModel } from './model-health.ts'

/**
 * Lists the configured models. Each field is copied by its name, because an entry may have more fields than its type:
 * the URL of the model's endpoint and the name of the variable with its key, which must not leave the server.
 * @throws ChatError forbidden
 */
export async function listConfiguredModels(
  { models: catalogue, modelHealth }: { models: Catalogue; modelHealth: Pick<ModelHealthStore, 'list'> },
  caller: Principal,
): Promise<Items<ConfiguredModel>> {
  requireAdmin(caller)
  const healthByModel = toHealthByModel(await modelHealth.list())
  const items = catalogue.models.map((entry) => ({
    id: entry.id,
    provider: entry.provider,
    model: entry.model ?? entry.id,
    default: entry.id === catalogue.default,
    context_window: entry.context_window,
    max_tokens: entry.max_tokens,
    prices: entry.prices && { prompt: entry.prices.prompt, completion: entry.prices.completion },
    choose_for: entry.choose_for,
    fallbacks: entry.fallbacks,
    limits: entry.capacity ? toLimits(entry.capacity) : null,
    inside: isInside(entry),
    health: healthByModel.get(entry.id) ?? null,
  }))
  return { items, next_cursor: null }
}

const toLimits = (capacity: ModelCapacity): NonNullable<ConfiguredModel['limits']> => ({
  max_concurrent: capacity.maxConcurrent,
  requests_per_minute: capacity.requestsPerMinute,
  tokens_per_minute: capacity.tokensPerMinute,
})

listConfiguredModels.report = { listShownEvents: listNoEvent } satisfies VerbReport<object, Items<ConfiguredModel>>
