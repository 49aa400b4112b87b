import type { Environment } from '@engineer-chat/adapters/environment'
import type { Model } from '@engineer-chat/protocol'

/** What a caller may choose from: what the workers ask with this configuration. */
export function modelsOf({ LLM_BASE_URL, LLM_MODEL }: Environment): Model[] {
  if (LLM_BASE_URL === undefined || LLM_MODEL === undefined) {
    return [{ id: 'offline-analyst', provider: 'offline', default: true }]
  }
  return [{ id: LLM_MODEL, provider: 'openai-compatible', default: true }]
}
