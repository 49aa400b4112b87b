import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

export interface ModelLimits {
  maxConcurrent: number | null
  requestsPerMinute: number | null
}

/** This is the default model. The engineers need nearly all of the concurrent calls that it allows. */
export const MAIN_MODEL = 'chaos-1'
/** Few questions name this model, but they are more than it allows in a minute. */
export const RARE_MODEL = 'chaos-2'

export const MODEL_LIMITS: Record<string, ModelLimits> = {
  [MAIN_MODEL]: { maxConcurrent: 6, requestsPerMinute: null },
  [RARE_MODEL]: { maxConcurrent: null, requestsPerMinute: 20 },
}

/** A call ends within this time, which is shorter than the lease of its reply. */
const MAX_CALL_SECONDS = 4

/** Writes a models file for all processes and returns its path. */
export function writeModelsFile(folder: string, port: number): string {
  const models = Object.entries(MODEL_LIMITS).map(([id, { maxConcurrent, requestsPerMinute }]) => ({
    id,
    provider: 'openai-compatible',
    endpoint: `http://127.0.0.1:${port}/v1`,
    api_key_env: 'LLM_API_KEY',
    limits: {
      total_s: MAX_CALL_SECONDS,
      first_token_s: MAX_CALL_SECONDS,
      idle_s: MAX_CALL_SECONDS,
      ...(maxConcurrent !== null && { max_concurrent: maxConcurrent }),
      ...(requestsPerMinute !== null && { requests_per_minute: requestsPerMinute }),
    },
  }))
  const path = join(folder, 'models.json')
  writeFileSync(path, JSON.stringify({ default: MAIN_MODEL, models }))
  return path
}
