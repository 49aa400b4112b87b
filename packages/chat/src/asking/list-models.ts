import type { Model } from '@engineer-chat/protocol'
import type { Catalogue } from '../models/index.ts'
import { requirePerson } from '../people/index.ts'
import { type Items, type Principal, showNoEvent, type VerbReport } from '../shared/index.ts'

/** Lists the models that a question may choose from. @throws ChatError forbidden */
export function listModels({ models: catalogue }: { models: Catalogue }, caller: Principal): Items<Model> {
  requirePerson(caller)
  const items = catalogue.models.map(({ id, provider, context_window }) => ({
    id,
    provider,
    default: id === catalogue.default,
    ...(context_window !== null && { context_window }),
  }))
  return { items, next_cursor: null }
}

listModels.report = { shownEvents: showNoEvent } satisfies VerbReport<object, Items<Model>>
