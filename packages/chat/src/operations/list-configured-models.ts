import type { ConfiguredModel } from '@engineer-chat/protocol'
import type { Catalogue } from '../models/index.ts'
import { requireAdmin } from '../people/index.ts'
import type { Principal } from '../shared/index.ts'

/** Field by field: where a model is asked, and by which key, is nobody's to read here. @throws ChatError forbidden */
export function listConfiguredModels(caller: Principal, catalogue: Catalogue): ConfiguredModel[] {
  requireAdmin(caller)
  return catalogue.models.map((entry) => ({
    id: entry.id,
    provider: entry.provider,
    model: entry.model ?? entry.id,
    default: entry.id === catalogue.default,
    context_window: entry.context_window,
    max_tokens: entry.max_tokens,
    prices: entry.prices && { prompt: entry.prices.prompt, completion: entry.prices.completion },
    choose_for: entry.choose_for,
    fallbacks: entry.fallbacks,
  }))
}
