import type { Usage } from '@engineer-chat/protocol'
import { type AnswerReader, createBodyReader } from '../body-reader.ts'
import { FINISH_REASONS, type FinishReason, laterReason, toFinishReason } from '../ends.ts'
import { findError } from '../error-body.ts'
import { refusal, unfinished, unofferedTool } from '../llm-errors.ts'
import { isCount, isFilled, isObject } from '../parse-json.ts'
import { callsTool, firstSaid, toParts, toReasoningParts } from '../parts.ts'
import type { StreamReader } from '../provider-stream.ts'
import { createThinkTagParser, type SpokenText } from '../think-tags.ts'

type Data = Record<string, unknown>

/** Reads a stream of chat completion chunks. It is complete after `[DONE]`, or after usage that follows the finish. */
export const createCompletionStream = (askedModel: string): StreamReader =>
  createBodyReader(createCompletionReader(askedModel))

function createCompletionReader(askedModel: string): AnswerReader {
  const tags = createThinkTagParser()
  let model = askedModel
  let reason: FinishReason | undefined
  let usage: Usage | null = null
  let isDone = false
  let hasSpoken = false

  /** The text is read first, because a chunk that fails may hold the last words. */
  function* read(chunk: Data): Generator<SpokenText> {
    if (isFilled(chunk.model)) model = chunk.model
    usage = toUsage(chunk.usage) ?? usage
    const choices = Array.isArray(chunk.choices) ? chunk.choices.filter(isFirst) : []
    for (const { delta, message } of choices) {
      const said = isObject(delta) ? delta : hasSpoken ? undefined : message
      if (isObject(said)) yield* speak(said)
    }
    for (const { finish_reason } of choices) reason = laterReason(reason, toFinishReason(finish_reason, FINISH_REASONS))
  }

  function* speak(message: Data): Generator<SpokenText> {
    if (isFilled(message.refusal)) throw refusal()
    if (callsTool(message)) throw unofferedTool()
    yield* toReasoningParts(firstSaid(message.reasoning_content, message.reasoning, message.thinking))
    for (const part of toParts(message.content)) {
      hasSpoken = true
      if (part.type === 'text') yield* tags.push(part.text)
      else yield part
    }
  }

  function* readChecked(data: Data, event?: string): Generator<SpokenText> {
    const failure = findError(data, event)
    if (failure) throw failure
    yield* read(data)
  }

  return {
    chunk: readChecked,
    whole: (data) => readChecked(data),
    held: () => tags.end(),
    done() {
      isDone = true
    },
    get ended() {
      return isDone
    },
    get finished() {
      return reason !== undefined
    },
    get complete() {
      return isDone || (reason !== undefined && usage !== null)
    },
    finish() {
      if (reason === undefined) throw unfinished()
      return { type: 'finish', reason, usage, model }
    },
  }
}

/** Only one answer is requested, which is choice 0. */
const isFirst = (choice: unknown): choice is Data =>
  isObject(choice) && (choice.index === undefined || choice.index === null || choice.index === 0)

function toUsage(usage: unknown): Usage | null {
  if (!isObject(usage)) return null
  const { prompt_tokens, completion_tokens } = usage
  return isCount(prompt_tokens) && isCount(completion_tokens) ? { prompt_tokens, completion_tokens } : null
}
