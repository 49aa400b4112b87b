import type { WorkerEnvironment } from '@engineer-chat/adapters/environment'
import { offlineAnalyst, openAiCompatible } from '@engineer-chat/adapters/llm'
import type { Llm } from '@engineer-chat/chat'

/** The one model there is: the configured one, or the analyst that needs none. */
export function llmOf(environment: WorkerEnvironment): (model: string | null) => Llm {
  const { LLM_BASE_URL, LLM_MODEL } = environment
  const llm =
    LLM_BASE_URL === undefined || LLM_MODEL === undefined
      ? offlineAnalyst()
      : openAiCompatible({
          base_url: LLM_BASE_URL,
          model: LLM_MODEL,
          api_key: environment.LLM_API_KEY,
          temperature: environment.LLM_TEMPERATURE,
          extra_body: environment.LLM_EXTRA_BODY,
        })
  return () => llm
}
