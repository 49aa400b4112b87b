export { offlineAnalyst } from './offline/offline-analyst.ts'
export { type OpenAiOptions, openAiCompatible } from './openai-compatible.ts'
