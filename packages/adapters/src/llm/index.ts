export { type AnthropicOptions, createAnthropicLlm } from './anthropic/anthropic.ts'
export {
  createLlm,
  createModelChains,
  MissingKeysError,
  type MonitoredModelChains,
} from './models/create-models.ts'
export {
  type DescribedModel,
  type DescribedModels,
  describeModels,
  getLongestCallMs,
  listApiKeyVariables,
  listOfflineModelIds,
} from './models/describe-models.ts'
export { ModelsFileError } from './models/models-file.ts'
export { createOfflineAnalyst } from './offline/offline-analyst.ts'
export { createOpenAiLlm, type OpenAiOptions } from './openai/openai-compatible.ts'
