import {
  type Llm,
  listModelChain,
  type ModelCandidate,
  type ModelChains,
  type ModelEntry,
} from '@engineer-chat/chat/models'
import type { EgressSettings } from '../../egress/index.ts'
import { createAnthropicLlm } from '../anthropic/anthropic.ts'
import { createOfflineAnalyst } from '../offline/offline-analyst.ts'
import { createOpenAiLlm, type OpenAiOptions } from '../openai/openai-compatible.ts'
import { type BreakerOptions, type BreakerState, createLlmWithBreaker, type LlmWithBreaker } from './circuit-breaker.ts'
import {
  ANTHROPIC_MAX_TOKENS,
  type ConfiguredModel,
  type ConfiguredModels,
  createOfflineModel,
} from './configured-models.ts'
import { OFFLINE_MODEL_ID, type Provider } from './models-file.ts'

/** Reports that a model names a variable for its key and that variable is not set. */
export class MissingKeysError extends Error {
  constructor(missing: ConfiguredModel[]) {
    const lines = missing.map(({ id, api_key_env }) => `  ${id} takes its key from ${api_key_env}, which isn't set`)
    super(['The models file needs more variables:', ...lines].join('\n'))
    this.name = 'MissingKeysError'
  }
}

export interface MonitoredModelChains extends ModelChains {
  /** Reports the state of each circuit breaker in this process. */
  listBreakers(): Array<{ model_id: string; state: BreakerState }>
}

/**
 * Creates the configured models. Each model of a models file has its own circuit breaker, except the offline analyst.
 * @throws MissingKeysError
 */
export function createModelChains(
  configured: ConfiguredModels,
  env: NodeJS.ProcessEnv,
  breaker: BreakerOptions,
  egress: EgressSettings = {},
): MonitoredModelChains {
  const missing = configured.models.filter(({ api_key_env }) => api_key_env !== null && !env[api_key_env]?.trim())
  if (missing.length > 0) throw new MissingKeysError(missing)
  const withBreakers = new Map<string, LlmWithBreaker>()
  // Without a file, the only model may have any id, even the offline analyst's, so the keys are ModelEntry objects.
  const candidates = new Map(
    configured.models.map((model): [ModelEntry, ModelCandidate] => {
      const llm = createLlm(model, configured.isFromFile, env, egress)
      if (!configured.isFromFile || model.provider === 'offline') return [model, { ...model, llm }]
      const llmWithBreaker = createLlmWithBreaker(llm, breaker)
      withBreakers.set(model.id, llmWithBreaker)
      return [model, { ...model, llm: llmWithBreaker }]
    }),
  )
  const analyst = configured.fallback === 'offline' ? createAnalyst(configured) : null
  if (analyst && configured.analyst) candidates.set(configured.analyst, analyst)
  return {
    listBreakers: () => [...withBreakers].map(([model_id, llm]) => ({ model_id, state: llm.getBreakerState() })),
    list: (chosen, event) => listModelChain(configured, chosen, event).flatMap((model) => candidates.get(model) ?? []),
    analyst,
    limitedModels: configured.models.flatMap(({ id, capacity }) => (capacity ? [{ id, capacity }] : [])),
  }
}

/** The offline analyst answers in place of other models, so it doesn't say that none is configured. */
function createAnalyst({ models: [firstModel] }: ConfiguredModels): ModelCandidate | null {
  if (!firstModel) return null
  const model = createOfflineModel(OFFLINE_MODEL_ID, firstModel.limits)
  return { ...model, llm: createOfflineAnalyst({ areModelsConfigured: true }) }
}

/** Creates the model without a breaker. `env` holds the key, if the model names a variable for its key. */
export function createLlm(
  configured: ConfiguredModel,
  isFromFile: boolean,
  env: NodeJS.ProcessEnv,
  egress: EgressSettings,
): Llm {
  const api_key = env[configured.api_key_env ?? '']?.trim()
  const { provider, endpoint: base_url, model, temperature, extra_body, max_tokens } = configured
  const options = { base_url, api_key, model, temperature, extra_body, max_tokens: max_tokens ?? undefined, egress }
  return CLIENTS[provider](options, isFromFile)
}

/** Creates the client of each provider. */
const CLIENTS = {
  'openai-compatible': (options) => createOpenAiLlm(options),
  anthropic: (options) => createAnthropicLlm({ ...options, max_tokens: options.max_tokens ?? ANTHROPIC_MAX_TOKENS }),
  offline: (_, isFromFile) => createOfflineAnalyst({ areModelsConfigured: isFromFile }),
} satisfies Record<Provider, (options: OpenAiOptions, isFromFile: boolean) => Llm>
