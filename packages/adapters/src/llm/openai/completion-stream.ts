import type { Usage } from '@engineer-chat/protocol'
import { type AnswerReader, bodyReader } from '../body-reader.ts'
import { FINISH_REASONS, type FinishReason, finishReasonOf, laterReason } from '../ends.ts'
import { errorIn } from '../error-body.ts'
import { refusal, unfinished, unofferedTool } from '../llm-errors.ts'
import { isCount, isFilled, isObject } from '../parse-json.ts'
import { callsTool, firstSaid, partsOf, reasoningOf } from '../parts.ts'
import type { StreamReader } from '../provider-stream.ts'
import { createThinkTagParser, type SpokenText } from '../think-tags.ts'

type Data = Record<string, unknown>

/** Reads a stream of chat completion chunks. It is complete after `[DONE]`, or after usage that follows the finish. */
export const createCompletionStream = (askedModel: string): StreamReader => bodyReader(completionReader(askedModel))

function completionReader(askedModel: string): AnswerReader {
  const tags = createThinkTagParser()
  let model = askedModel
  let reason: FinishReason | undefined
  let usage: Usage | null = null
  let isDone = false
  let hasSpoken = false

  /**
   * The text is read first, because a chunk that fails may hold the last words. A completion has a message, a chunk has a
   * delta.
   */
  function* read(chunk: Data): Generator<SpokenText> {
    if (isFilled(chunk.model)) model = chunk.model
    usage = toUsage(chunk.usage) ?? usage
    const choices = Array.isArray(chunk.choices) ? chunk.choices.filter(isFirst) : []
    for (const { delta, message } of choices) {
      const said = isObject(delta) ? delta : hasSpoken ? undefined : message
      if (isObject(said)) yield* speak(said)
    }
    for (const { finish_reason } of choices) reason = laterReason(reason, finishReasonOf(finish_reason, FINISH_REASONS))
  }

  function* speak(message: Data): Generator<SpokenText> {
    if (isFilled(message.refusal)) throw refusal()
    if (callsTool(message)) throw unofferedTool()
    yield* reasoningOf(firstSaid(message.reasoning_content, message.reasoning, message.thinking))
    for (const part of partsOf(message.content)) {
      hasSpoken = true
      if (part.type === 'text') yield* tags.push(part.text)
      else yield part
    }
  }

  return {
    *chunk(data, event) {
      const failure = errorIn(data, event)
      if (failure) throw failure
      yield* read(data)
    },
    *whole(data) {
      const failure = errorIn(data)
      if (failure) throw failure
      yield* read(data)
    },
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
