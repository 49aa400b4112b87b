export { type AnthropicOptions, createAnthropicLlm } from './anthropic/anthropic.ts'
export {
  type ConfiguredModel,
  type ConfiguredModels,
  getLongestCallMs,
  listApiKeyVariables,
  listOfflineModelIds,
  readConfiguredModels,
} from './models/configured-models.ts'
export {
  createLlm,
  createModelChains,
  MissingKeysError,
  type MonitoredModelChains,
} from './models/create-models.ts'
export { ModelsFileError } from './models/models-file.ts'
export { createOfflineAnalyst } from './offline/offline-analyst.ts'
export { createOpenAiLlm, type OpenAiOptions } from './openai/openai-compatible.ts'
