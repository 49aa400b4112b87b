import type { ConfiguredModel } from '@engineer-chat/adapters/llm'

/**
 * Names the settings that the fixes ask an operator to change: variables of the environment, or fields of the models
 * file.
 */
export function toSettingNames({ id, api_key_env }: ConfiguredModel, isFromFile: boolean) {
  if (!isFromFile) {
    return {
      key: 'LLM_API_KEY',
      endpoint: 'LLM_BASE_URL',
      model: 'LLM_MODEL',
      maxTokens: 'max_tokens in LLM_EXTRA_BODY',
      extraBody: 'LLM_EXTRA_BODY',
      totalTimeout: 'ENGINEER_CHAT_AI_TIMEOUT',
      firstTokenTimeout: 'LLM_FIRST_TOKEN_TIMEOUT',
    }
  }
  return {
    key: api_key_env ?? `api_key_env of ${id}`,
    endpoint: `endpoint of ${id}`,
    model: `model of ${id}`,
    maxTokens: `parameters.max_tokens of ${id}`,
    extraBody: `parameters.extra_body of ${id}`,
    totalTimeout: `limits.total_s of ${id}`,
    firstTokenTimeout: `limits.first_token_s of ${id}`,
  }
}

export type ModelSettingNames = ReturnType<typeof toSettingNames>
