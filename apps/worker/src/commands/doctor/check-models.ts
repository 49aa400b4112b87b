import { findProxy } from '@engineer-chat/adapters/egress'
import {
  EnvironmentError,
  findUnknownVariables,
  type WorkerConfig,
  withSecretsFromFiles,
} from '@engineer-chat/adapters/environment'
import {
  type ConfiguredModel,
  createLlm,
  listApiKeyVariables,
  ModelsFileError,
  readConfiguredModels,
} from '@engineer-chat/adapters/llm'
import { checkLlm } from './check-llm.ts'
import { type Finding, fail, pass } from './finding.ts'
import { toSettingNames } from './model-settings.ts'

const VARIABLES_FIX = 'Set the listed variables; docs/configuration.md describes them.'

/**
 * Calls all models of the models file in parallel, or the one model of the environment. `env` holds their API keys. If
 * a key cannot be read, no model is called.
 */
export async function checkModels({ llm, egress, prompts }: WorkerConfig, env: NodeJS.ProcessEnv): Promise<Finding[]> {
  try {
    const configuredModels = await readConfiguredModels(llm)
    const { models, isFromFile } = configuredModels
    const secrets = withSecretsFromFiles(env, listApiKeyVariables(configuredModels))
    const findings = await Promise.all(models.map((model) => checkModel(model, isFromFile, secrets, egress)))
    const promptFinding = models.some(({ provider }) => provider !== 'offline') ? [describePrompts(prompts)] : []
    const fileFinding = isFromFile ? [pass('Models file', `${models.length} models`)] : []
    return [...fileFinding, ...findings.flat(), ...promptFinding]
  } catch (error) {
    if (error instanceof EnvironmentError) return [] // `checkConfiguration` reports it.
    if (!(error instanceof ModelsFileError)) throw error
    return [fail('Models file', error.message, 'Correct the listed errors; docs/models.md shows an example.')]
  }
}

/** Lists the kinds of sources that prompts contain, because an upgrade may have added some. */
const describePrompts = ({ sources }: WorkerConfig['prompts']): Finding =>
  pass('Prompts', `question, session and ${sources.join(', ')} are sent to models (ENGINEER_CHAT_CONTEXT_SOURCES)`)

/**
 * Finds keys that cannot be read from their files, and variables that have a prefix of the product but that nothing
 * reads. It does not report an unusable models file or a key that is not set, because `checkModels` reports both. But
 * it calls the configuration complete only without them.
 */
export async function checkConfiguration({ llm }: WorkerConfig, env: NodeJS.ProcessEnv): Promise<Finding[]> {
  const configuredModels = await readConfiguredModels(llm).catch(() => undefined)
  if (!configuredModels) return []
  const apiKeyVariables = listApiKeyVariables(configuredModels)
  const findings = findUnknownVariables(env, apiKeyVariables).map(({ name, nearest }) =>
    fail('Configuration', `${name} is set, and nothing reads it`, `Did you mean ${nearest}? Rename it, or remove it.`),
  )
  try {
    const secrets = withSecretsFromFiles(env, apiKeyVariables)
    const isComplete = findings.length === 0 && configuredModels.models.every((model) => hasItsKey(model, secrets))
    return isComplete ? [pass('Configuration', 'complete')] : findings
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error
    return [fail('Configuration', error.message, VARIABLES_FIX), ...findings]
  }
}

/** Returns true also for a model that needs no key. */
const hasItsKey = ({ api_key_env }: ConfiguredModel, env: NodeJS.ProcessEnv): boolean =>
  api_key_env === null || Boolean(env[api_key_env]?.trim())

async function checkModel(
  model: ConfiguredModel,
  isFromFile: boolean,
  env: NodeJS.ProcessEnv,
  egress: WorkerConfig['egress'],
): Promise<Finding[]> {
  const { id, provider, api_key_env } = model
  const checkName = isFromFile ? `LLM ${id}` : 'LLM'
  if (provider === 'offline') {
    return [pass(checkName, isFromFile ? 'the offline analyst' : `none is configured: ${id} answers`)]
  }
  if (!hasItsKey(model, env)) {
    return [fail(checkName, `its key's variable ${api_key_env} isn't set`, `Set ${api_key_env}, or no worker starts.`)]
  }
  const proxy = findProxy(model.endpoint, egress)?.host
  const findings = await checkLlm({
    checkName,
    llm: createLlm(model, isFromFile, env, egress),
    limits: model.limits,
    settingNames: toSettingNames(model, isFromFile),
    proxy,
  })
  const isProxySet = (egress.httpProxy ?? egress.httpsProxy) !== undefined
  return isProxySet ? [...findings, pass(`${checkName} proxy`, proxy ?? 'none for this endpoint')] : findings
}
