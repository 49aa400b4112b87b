import { findProxyRefusal } from '@engineer-chat/adapters/egress'
import { type CallTimeLimits, type Llm, LlmError, type LlmStreamPart } from '@engineer-chat/chat/models'
import type { ReplyContext } from '@engineer-chat/chat/shared'
import { type Finding, fail, pass, warn } from './finding.ts'
import type { ModelSettingNames } from './model-settings.ts'

/** A reader waits for the first text, because the model's reasoning is not streamed to the page. */
const SLOW_FIRST_TEXT_MS = 5_000

interface CheckedModel {
  /** Begins each line of the report about this model. */
  checkName: string
  llm: Llm
  limits: CallTimeLimits
  settingNames: ModelSettingNames
  /** Names the host of the proxy between this machine and the model; undefined without a proxy. */
  proxy: string | undefined
}

type TimedPart = LlmStreamPart & { arrivedAfterMs: number }

/** Asks the model one short question and checks how fast and in how many pieces the answer arrives. */
export async function checkLlm(model: CheckedModel): Promise<Finding[]> {
  const { checkName, llm, limits } = model
  const startedAtMs = performance.now()
  const parts: TimedPart[] = []
  try {
    for await (const part of llm.stream(TEST_PROMPT, AbortSignal.timeout(limits.total_ms))) {
      parts.push({ ...part, arrivedAfterMs: performance.now() - startedAtMs })
    }
    // The product refuses such an answer in the same way.
    if (joinAnswer(parts).trim() === '')
      throw new LlmError('llm_empty_answer', 'the answer is empty', { transient: true })
  } catch (error) {
    return [toFailedFinding(model, error)]
  }
  return [
    pass(checkName, `${llm.model} answers`),
    checkLatency(model, parts),
    checkStreaming(model, parts),
    ...checkQuirks(model, parts),
  ]
}

/** Joins the text of the answer. `retract` says that the text before it was reasoning. */
function joinAnswer(parts: TimedPart[]): string {
  const answerParts = parts.slice(parts.findLastIndex(({ type }) => type === 'retract') + 1)
  return answerParts.map((part) => (part.type === 'text' ? part.text : '')).join('')
}

const isText = (part: TimedPart): boolean => part.type === 'text' && part.text !== ''
/** The timeout for the first token ends with the first output of the model, which is text or reasoning. */
const isOutput = ({ type }: TimedPart): boolean => type === 'text' || type === 'reasoning'

function checkLatency({ checkName, limits, settingNames }: CheckedModel, parts: TimedPart[]): Finding {
  const firstTextMs = parts.find(isText)?.arrivedAfterMs ?? 0
  const firstOutputMs = parts.find(isOutput)?.arrivedAfterMs ?? 0
  const totalMs = parts.at(-1)?.arrivedAfterMs ?? 0
  const message = `first text after ${Math.round(firstTextMs)} ms, all after ${Math.round(totalMs)} ms, in ${parts.filter(isText).length} pieces`
  if (limits.first_token_ms !== null && firstOutputMs > limits.first_token_ms) {
    return fail(
      `${checkName} latency`,
      `first output after ${Math.round(firstOutputMs)} ms, ${message}: questions time out before the first output`,
      `Raise ${settingNames.firstTokenTimeout}.`,
    )
  }
  if (firstTextMs <= SLOW_FIRST_TEXT_MS) return pass(`${checkName} latency`, message)
  return warn(
    `${checkName} latency`,
    message,
    `Take a quicker model, or switch thinking off by ${settingNames.extraBody}.`,
  )
}

function checkStreaming({ checkName }: CheckedModel, parts: TimedPart[]): Finding {
  if (parts.filter(isText).length >= 2) return pass(`${checkName} streaming`, 'in pieces')
  const fix = 'Make sure that no proxy between this machine and the model buffers text/event-stream.'
  return warn(`${checkName} streaming`, 'the complete answer came in one piece', fix)
}

/** Warns of behaviour that the product tolerates: missing token usage, and reasoning before the answer. */
function checkQuirks({ checkName, settingNames }: CheckedModel, parts: TimedPart[]): Finding[] {
  const finishPart = parts.find((part) => part.type === 'finish')
  const findings: Finding[] = []
  if (finishPart?.type === 'finish' && finishPart.usage === null) {
    findings.push(
      warn(
        `${checkName} usage`,
        'the model reports no token usage',
        'Budgets count by estimate; ask the provider for stream_options.include_usage.',
      ),
    )
  }
  // `retract` says that the text before it was reasoning: some models mark only the end of their reasoning.
  if (parts.some(({ type }) => type === 'reasoning' || type === 'retract')) {
    const fix = `If answers should be faster, switch thinking off in ${settingNames.extraBody}.`
    findings.push(warn(`${checkName} thinking`, 'it thinks first, which takes time', fix))
  }
  return findings
}

const FIXES: Partial<Record<string, (names: ModelSettingNames) => string>> = {
  llm_unauthorized: ({ key }) =>
    `Set ${key} to a key that the provider accepts, and check that its account has credit.`,
  llm_rejected: ({ model, endpoint, extraBody }) =>
    `Check ${model}, and that ${endpoint} ends before /chat/completions; remove fields of ${extraBody}.`,
  llm_unreachable: ({ endpoint }) => `Check ${endpoint}, and that this machine may open connections to it.`,
  llm_empty_answer: ({ maxTokens, extraBody }) =>
    `The model wrote no text: raise ${maxTokens}, or switch thinking off in ${extraBody}.`,
  llm_rate_limited: () => 'Raise the account’s limit, or lower WORKER_CONCURRENCY.',
  llm_repeating: () => 'The model repeats itself: look at its sampling settings, or choose another one.',
  llm_stream_cut: () => 'Check the proxies between this machine and the model: something ends streams early.',
  llm_timeout: ({ totalTimeout }) => `Raise ${totalTimeout}, or take a quicker model.`,
}

function toFailedFinding({ checkName, llm, settingNames, proxy }: CheckedModel, error: unknown): Finding {
  const refusal = error instanceof LlmError ? findProxyRefusal(error.cause) : undefined
  if (refusal !== undefined) return fail(checkName, `${llm.model}: the proxy ${proxy} answered ${refusal}`, PROXY_FIX)
  const code = toErrorCode(error)
  const fix = FIXES[code]?.(settingNames) ?? 'See the provider’s status page.'
  const mayBeProxyFault = proxy !== undefined && (code === 'llm_unreachable' || code === 'llm_timeout')
  return fail(
    checkName,
    `${llm.model}: ${code}${mayBeProxyFault ? `, through the proxy ${proxy}` : ''}`,
    mayBeProxyFault ? `${fix} ${PROXY_FIX}` : fix,
  )
}

function toErrorCode(error: unknown): string {
  if (error instanceof LlmError) return error.code
  return error instanceof Error && error.name === 'TimeoutError' ? 'llm_timeout' : 'internal'
}

const PROXY_FIX =
  'Check user, password and port in HTTPS_PROXY or HTTP_PROXY, and that the proxy allows the endpoint; or name its host in NO_PROXY.'

const CREATED_AT = '2026-01-01T00:00:00.000Z'
const TEST_EVENT: ReplyContext['event'] = {
  event_id: 'doctor',
  event_name: 'Doctor',
  message: '',
  context: '',
  severity: 'low',
  source: 'doctor',
  event_status: 'pending',
  access: 'open',
  tlp: 'clear',
  seq: 0,
  summary_version: null,
  created_by: null,
  created_at: CREATED_AT,
  updated_at: CREATED_AT,
}
const TEST_QUESTION = 'Count from one to five, in words, and say nothing else.'

const TEST_PROMPT: Parameters<Llm['stream']>[0] = {
  turns: [{ role: 'user', content: TEST_QUESTION }],
  context: { event: TEST_EVENT, summary: null, summary_updated: false, history: [], question: TEST_QUESTION },
  language: 'en',
}
