import type { MessageContent, ReplyErrorCode } from '@engineer-chat/protocol'
import { isFromBusyModel, LlmError } from '../models/index.ts'

/** A model that asks for a longer delay gets no second call. The limit does not hold for a reply that is postponed. */
const MAX_RETRY_AFTER_MS = 30_000
/** This is the mean delay if the failure names none. */
const MEAN_DELAY_MS = 1_000

/**
 * Returns the delay before the model is called again. Returns undefined if another call would also fail, or if the
 * model asks for too long a delay. `random` is a number from 0 to 1. It spreads the calls of several workers over time.
 */
function computeDelayMs({ transient, retryAfterMs }: LlmError, random: number): number | undefined {
  if (!transient) return undefined
  if (retryAfterMs === null) return MEAN_DELAY_MS * (0.5 + random)
  return retryAfterMs > MAX_RETRY_AFTER_MS ? undefined : retryAfterMs + MEAN_DELAY_MS * 0.25 * random
}

/** Limits the delay if the reply can go on without this model, because another model may answer sooner. */
const MAX_DELAY_WITH_NEXT_MS = 2_000
const MAX_CALLS_PER_MODEL = 2

/**
 * States what follows a failed call. `again` calls the same model after the delay. `busy` leaves the model for now: the
 * reply goes on with other models, or waits until this model is free. `next_model` leaves the model for good, and
 * `give_up` means that no other model is left. Log lines have `next` in the field `reason`.
 */
export type FailureDecision =
  | { next: 'again'; delayMs: number }
  | { next: 'busy' | 'next_model' | 'give_up'; delayMs: null }

/**
 * Returns what follows a failed call. A busy model is left for now, unless a reader saw a part of its answer
 * (`isShown`). Otherwise the model is called a second time if that may help. `callsToModel` includes the failed call.
 * `hasNext` means that the reply can go on with another model, or wait for a busy one. Then no second call follows a
 * time-out or a long delay, because the reader would wait too long.
 */
export function decideAfterFailure(
  failure: LlmError,
  { callsToModel, hasNext, isShown }: { callsToModel: number; hasNext: boolean; isShown: boolean },
  random: number,
): FailureDecision {
  if (isFromBusyModel(failure) && !isShown) return { next: 'busy', delayMs: null }
  const delayMs = callsToModel < MAX_CALLS_PER_MODEL ? computeDelayMs(failure, random) : undefined
  if (delayMs !== undefined && !(hasNext && isSecondCallTooSlow(failure, delayMs))) return { next: 'again', delayMs }
  return { next: hasNext ? 'next_model' : 'give_up', delayMs: null }
}

const isSecondCallTooSlow = ({ code }: LlmError, delayMs: number): boolean =>
  delayMs > MAX_DELAY_WITH_NEXT_MS || code === 'llm_timeout'

/** Returns an `LlmError` as it is. Wraps any other error in an `LlmError` with the code `internal`. */
export function toLlmError(error: unknown): LlmError {
  if (error instanceof LlmError) return error
  return new LlmError('internal', 'the call to the model failed in an unforeseen way', {
    transient: false,
    cause: error,
  })
}

/** Says for each failure whether the same question may succeed later. */
const RETRYABLE: Record<ReplyErrorCode, boolean> = {
  llm_timeout: true,
  llm_unreachable: true,
  llm_rate_limited: true,
  llm_unavailable: true,
  llm_stream_cut: true,
  llm_empty_answer: true,
  llm_repeating: true,
  llm_rejected: false,
  llm_unauthorized: false,
  budget_exceeded: true,
  worker_lost: true,
  forbidden: false,
  tlp_forbids_model: false,
  internal: true,
}

/**
 * Creates the content of a failed reply. Its text is in the question's language and shows no internals. `attempts` is
 * the number of calls to models. For `worker_lost`, it is the number of tries whose workers died.
 */
export function createFailureContent(code: ReplyErrorCode, language: 'zh' | 'en', attempts: number): MessageContent {
  const retryable = RETRYABLE[code]
  const advice: Advice = retryable ? 'retryAdvice' : (SPECIAL_ADVICE[code] ?? 'rephraseAdvice')
  const texts = TEXTS[language]
  return {
    content: `${texts[code]} ${texts[advice]}`,
    finish_reason: 'error',
    attempts,
    error: { code, retryable },
  }
}

/** Tells the asker what to do after the failure. It is the second sentence of the text. */
type Advice = 'retryAdvice' | 'rephraseAdvice' | 'adminAdvice' | 'accessAdvice' | 'tlpAdvice'

/** Has the advice for the codes where neither a retry nor another wording of the question helps. */
const SPECIAL_ADVICE: Partial<Record<ReplyErrorCode, Advice>> = {
  llm_unauthorized: 'adminAdvice',
  forbidden: 'accessAdvice',
  tlp_forbids_model: 'tlpAdvice',
}

const TEXTS: Record<'zh' | 'en', Record<ReplyErrorCode | Advice, string>> = {
  en: {
    llm_timeout: 'The AI model took too long to answer.',
    llm_unreachable: 'The AI model can’t be reached at the moment.',
    llm_rate_limited: 'The AI model has too many requests at the moment.',
    llm_unavailable: 'The AI model is not available at the moment.',
    llm_stream_cut: 'The AI model’s answer broke off before it was complete.',
    llm_empty_answer: 'The AI model gave an empty answer.',
    llm_repeating: 'The AI model repeated the same text over and over and was stopped.',
    llm_rejected: 'The AI model refused this question.',
    llm_unauthorized: 'The AI model doesn’t accept this system’s access.',
    budget_exceeded: 'The budget for AI answers has no room left for this question.',
    worker_lost: 'Answering was interrupted several times.',
    forbidden: 'You may no longer ask in this event, so the question was not answered.',
    tlp_forbids_model: 'The event is TLP:RED, and no AI model that may read it is set up.',
    internal: 'Something went wrong on our side while answering.',
    retryAdvice: 'Your question is saved; try again in a moment.',
    rephraseAdvice: 'Trying again is unlikely to help: ask it in another way, or tell an administrator.',
    adminAdvice: 'Your question is saved; tell an administrator, who can check the model’s key and account.',
    accessAdvice: 'Who manages the event can give you access again.',
    tlpAdvice: 'Ask again when the label is lowered, or ask an administrator for a model inside.',
  },
  zh: {
    llm_timeout: 'AI 模型响应超时。',
    llm_unreachable: '暂时无法连接 AI 模型。',
    llm_rate_limited: 'AI 模型当前请求过多。',
    llm_unavailable: 'AI 模型暂时不可用。',
    llm_stream_cut: 'AI 模型的回答在完成前中断了。',
    llm_empty_answer: 'AI 模型给出的回答为空。',
    llm_repeating: 'AI 模型不断重复同样的内容，已被停止。',
    llm_rejected: 'AI 模型拒绝了这个问题。',
    llm_unauthorized: 'AI 模型不接受本系统的访问凭据。',
    budget_exceeded: 'AI 回答的预算已不足以回答这个问题。',
    worker_lost: '回答过程多次被中断。',
    forbidden: '您已不能在此事件中提问，因此该问题未被回答。',
    tlp_forbids_model: '此事件为 TLP:RED，且没有可读取它的 AI 模型。',
    internal: '回答时我们这边出了问题。',
    retryAdvice: '您的问题已保存，请稍后重试。',
    rephraseAdvice: '重试可能无济于事：请换一种问法，或联系管理员。',
    adminAdvice: '您的问题已保存，请联系管理员检查模型的密钥和账户。',
    accessAdvice: '事件的管理者可以重新授予您权限。',
    tlpAdvice: '请在降低标签后重新提问，或请管理员配置内部模型。',
  },
}
