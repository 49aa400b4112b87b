import type { Model } from '@engineer-chat/protocol'
import { type Catalogue, isInside, listForbiddenTlp } from '../models/index.ts'
import { requirePerson } from '../people/index.ts'
import { type Items, listNoEvent, type Principal, type VerbReport } from '../shared/index.ts'

/** Lists the models that a question may name. @throws ChatError forbidden */
export function listModels({ models: catalogue }: { models: Catalogue }, caller: Principal): Items<Model> {
  requirePerson(caller)
  const items = catalogue.models.map((model) => ({
    id: model.id,
    provider: model.provider,
    default: model.id === catalogue.default,
    inside: isInside(model),
    // A model outside may have a fallback inside that answers.
    answers_red: !listForbiddenTlp(catalogue, model.id).includes('red'),
    ...(model.context_window !== null && { context_window: model.context_window }),
  }))
  return { items, next_cursor: null }
}

listModels.report = { listShownEvents: listNoEvent } satisfies VerbReport<object, Items<Model>>
