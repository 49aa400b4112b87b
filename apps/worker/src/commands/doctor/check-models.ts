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

/** Calls all models of the models file in parallel, or the one model of the environment. `env` holds their API keys. */
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
    if (error instanceof EnvironmentError) return [fail('Configuration', error.message, VARIABLES_FIX)]
    if (!(error instanceof ModelsFileError)) throw error
    return [fail('Models file', error.message, 'Correct the listed errors; docs/models.md shows an example.')]
  }
}

/** Lists the kinds of sources that prompts contain, because an upgrade may have added some. */
const describePrompts = ({ sources }: WorkerConfig['prompts']): Finding =>
  pass('Prompts', `question, session and ${sources.join(', ')} are sent to models (ENGINEER_CHAT_CONTEXT_SOURCES)`)

/**
 * Finds variables that have a prefix of the product but that nothing reads. Returns no finding for an unreadable models
 * file, because `checkModels` reports it.
 */
export async function checkVariables({ llm }: WorkerConfig, env: NodeJS.ProcessEnv): Promise<Finding[]> {
  const apiKeyVariables = await readConfiguredModels(llm).then(listApiKeyVariables, () => undefined)
  if (apiKeyVariables === undefined) return []
  return findUnknownVariables(env, apiKeyVariables).map(({ name, nearest }) =>
    fail('Configuration', `${name} is set, and nothing reads it`, `Did you mean ${nearest}? Rename it, or remove it.`),
  )
}

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
  if (api_key_env !== null && !env[api_key_env]?.trim()) {
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
