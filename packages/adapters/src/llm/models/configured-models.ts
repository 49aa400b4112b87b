import type { CallTimeLimits, Catalogue, ModelCapacity, ModelEntry } from '@engineer-chat/chat/models'
import { type ModelInFile, OFFLINE_MODEL_ID, type Provider, readModelsFile } from './models-file.ts'

// This module is also a subpath of the package, for processes that call no model: it loads no HTTP client.
export { ModelsFileError } from './models-file.ts'

/** This part of the configuration describes the models. */
export interface ModelSettings {
  modelsFile?: string | undefined
  baseUrl?: string | undefined
  apiKey?: string | undefined
  model?: string | undefined
  temperature?: number | undefined
  extraBody?: Record<string, unknown> | undefined
  timeoutMs: number
  firstTokenTimeoutMs: number
  idleTimeoutMs: number
  fallback?: ConfiguredModels['fallback']
  isInside?: boolean | undefined
  maxConcurrent?: number | undefined
}

/** Describes a model of the configuration, and how it is called. */
export interface ConfiguredModel extends ModelEntry {
  provider: Provider
  /** Holds the base URL of the provider, and is empty for the offline analyst. */
  endpoint: string
  /** Names the variable that holds the model's key. */
  api_key_env: string | null
  /** Holds the model's name at its provider. */
  model: string
  temperature?: number | undefined
  extra_body?: Record<string, unknown> | undefined
  limits: CallTimeLimits
}

export interface ConfiguredModels extends Catalogue {
  models: ConfiguredModel[]
  /** Is false without a models file. Then there is one model, and no breaker stops calls to it. */
  isFromFile: boolean
  /** Says whether the offline analyst answers if the model of `LLM_MODEL` fails, or if models stay busy too long. */
  fallback: 'offline' | 'none'
}

/** Anthropic's protocol requires a limit. */
export const ANTHROPIC_MAX_TOKENS = 4_096

/** These values apply if the file does not set them. */
const PROVIDER_DEFAULTS = {
  'openai-compatible': { endpoint: '', max_tokens: null },
  anthropic: { endpoint: 'https://api.anthropic.com/v1', max_tokens: ANTHROPIC_MAX_TOKENS },
  offline: { endpoint: '', max_tokens: null },
} satisfies Record<Provider, Pick<ConfiguredModel, 'endpoint' | 'max_tokens'>>

/**
 * Reads the models of the file, or the one that the environment names, or the offline analyst.
 * @throws ModelsFileError
 */
export async function readConfiguredModels(settings: ModelSettings): Promise<ConfiguredModels> {
  const limits = toCallTimeLimits(settings)
  const { fallback = 'offline' } = settings
  if (settings.modelsFile === undefined) {
    const model = describeSingleModel(settings, limits)
    const analyst = fallback === 'offline' && { analyst: createOfflineModel(OFFLINE_MODEL_ID, limits) }
    return { default: model.id, models: [model], isFromFile: false, fallback, ...analyst }
  }
  const { models: fileModels, default: id } = await readModelsFile(settings.modelsFile)
  const models = fileModels.map((model) => toDescribedModel(model, limits))
  const isOfflineNamed = [id, ...models.flatMap(({ fallbacks }) => fallbacks)].includes(OFFLINE_MODEL_ID)
  if (isOfflineNamed && !models.some((model) => model.id === OFFLINE_MODEL_ID))
    models.push(createOfflineModel(OFFLINE_MODEL_ID, limits))
  return { default: id ?? fileModels[0]?.id ?? OFFLINE_MODEL_ID, models, isFromFile: true, fallback }
}

/** Lists the variables that hold the keys of these models. */
export const listApiKeyVariables = ({ models }: ConfiguredModels): string[] =>
  models.flatMap(({ api_key_env }) => api_key_env ?? [])

/** Returns the longest time that one call to any of these models may take, in milliseconds. */
export const getLongestCallMs = ({ models }: ConfiguredModels): number =>
  Math.max(...models.map(({ limits }) => limits.total_ms))

/** Lists the ids under which the offline analyst answers: it needs no service. */
export const listOfflineModelIds = ({ models }: ConfiguredModels): ReadonlySet<string> =>
  new Set([OFFLINE_MODEL_ID, ...models.filter(({ provider }) => provider === 'offline').map(({ id }) => id)])

function describeSingleModel(settings: ModelSettings, limits: CallTimeLimits): ConfiguredModel {
  const { baseUrl: endpoint, model } = settings
  if (endpoint === undefined || model === undefined) return createOfflineModel('offline-analyst', limits)
  return {
    ...createOfflineModel(model, limits), // It also gives the fields that no variable sets, such as prices.
    provider: 'openai-compatible',
    endpoint,
    api_key_env: settings.apiKey === undefined ? null : 'LLM_API_KEY',
    temperature: settings.temperature,
    extra_body: settings.extraBody,
    ...(settings.isInside && { inside: true }),
    ...toCapacity({ max_concurrent: settings.maxConcurrent }),
  }
}

export const createOfflineModel = (id: string, limits: CallTimeLimits): ConfiguredModel => ({
  id,
  provider: 'offline',
  endpoint: '',
  api_key_env: null,
  model: id,
  context_window: null,
  max_tokens: null,
  prices: null,
  choose_for: [],
  fallbacks: [],
  limits,
})

function toDescribedModel(model: ModelInFile, limits: CallTimeLimits): ConfiguredModel {
  const { id, provider, parameters = {}, limits: fileLimits = {} } = model
  const defaults = PROVIDER_DEFAULTS[provider]
  const { total_s, first_token_s, idle_s } = fileLimits
  return {
    id,
    provider,
    endpoint: model.endpoint ?? defaults.endpoint,
    api_key_env: model.api_key_env ?? null,
    model: model.model ?? id,
    context_window: model.context_window ?? null,
    max_tokens: parameters.max_tokens ?? defaults.max_tokens,
    prices: model.prices ?? null,
    choose_for: model.choose_for ?? [],
    fallbacks: model.fallbacks ?? [],
    ...(model.inside && { inside: true }),
    ...toCapacity(fileLimits),
    temperature: parameters.temperature,
    extra_body: parameters.extra_body,
    limits: {
      total_ms: total_s === undefined ? limits.total_ms : total_s * 1_000,
      first_token_ms: first_token_s === undefined ? limits.first_token_ms : first_token_s * 1_000,
      idle_ms: idle_s === undefined ? limits.idle_ms : idle_s * 1_000,
    },
  }
}

/** Returns no capacity if nothing is limited, so that a call to the model asks for no slot. */
function toCapacity(
  limits: Partial<Record<'max_concurrent' | 'requests_per_minute' | 'tokens_per_minute', number | undefined>>,
): { capacity?: ModelCapacity } {
  const { max_concurrent, requests_per_minute, tokens_per_minute } = limits
  if ([max_concurrent, requests_per_minute, tokens_per_minute].every((limit) => limit === undefined)) return {}
  return {
    capacity: {
      maxConcurrent: max_concurrent ?? null,
      requestsPerMinute: requests_per_minute ?? null,
      tokensPerMinute: tokens_per_minute ?? null,
    },
  }
}

const toCallTimeLimits = (settings: ModelSettings): CallTimeLimits => ({
  total_ms: settings.timeoutMs,
  first_token_ms: settings.firstTokenTimeoutMs,
  idle_ms: settings.idleTimeoutMs,
})
