import type { Usage } from '@engineer-chat/protocol'
import { type AnswerReader, createBodyReader } from '../body-reader.ts'
import { FINISH_REASONS, type FinishReason, mergeFinishReasons, toFinishReason } from '../ends.ts'
import { findError } from '../error-body.ts'
import { createNoFinishReasonError, createRefusalError, createUnofferedToolError } from '../llm-errors.ts'
import { isCount, isFilledText, isObject, type JsonObject } from '../parse-json.ts'
import { callsTool, findFirstFilled, toContentParts, toReasoningParts } from '../parts.ts'
import type { StreamReader } from '../provider-stream.ts'
import { createThinkTagParser, type PartBeforeFinish } from '../think-tags.ts'

/** Reads a stream of chat completion chunks. It is complete after `[DONE]`, or with a finish reason and usage. */
export const createCompletionStream = (requestedModel: string): StreamReader =>
  createBodyReader(createCompletionReader(requestedModel))

function createCompletionReader(requestedModel: string): AnswerReader {
  const tagParser = createThinkTagParser()
  let model = requestedModel
  let reason: FinishReason | undefined
  let usage: Usage | null = null
  let isDone = false
  let hasContentStarted = false

  /** Reads the text first: a bad finish reason throws, and its chunk may hold the last text. */
  function* read(chunk: JsonObject): Generator<PartBeforeFinish> {
    if (isFilledText(chunk.model)) model = chunk.model
    usage = toUsage(chunk.usage) ?? usage
    const choices = Array.isArray(chunk.choices) ? chunk.choices.filter(isFirstChoice) : []
    for (const choice of choices) {
      const message = findMessage(choice, hasContentStarted)
      if (message) yield* readParts(message)
    }
    for (const { finish_reason } of choices)
      reason = mergeFinishReasons(reason, toFinishReason(finish_reason, FINISH_REASONS))
  }

  function* readParts(message: JsonObject): Generator<PartBeforeFinish> {
    throwIfNoAnswer(message)
    yield* toReasoningParts(findFirstFilled(message.reasoning_content, message.reasoning, message.thinking))
    for (const part of toContentParts(message.content)) {
      hasContentStarted = true
      if (part.type === 'text') yield* tagParser.push(part.text)
      else yield part
    }
  }

  function* readChecked(data: JsonObject, eventName?: string): Generator<PartBeforeFinish> {
    const failure = findError(data, eventName)
    if (failure) throw failure
    yield* read(data)
  }

  return {
    readChunk: readChecked,
    readWholeAnswer: (data) => readChecked(data),
    flush: () => tagParser.end(),
    markDone() {
      isDone = true
    },
    get hasReadLastEvent() {
      return isDone
    },
    get hasFinishReason() {
      return reason !== undefined
    },
    get isComplete() {
      return isDone || (reason !== undefined && usage !== null)
    },
    finish() {
      if (reason === undefined) throw createNoFinishReasonError()
      return { type: 'finish', reason, usage, model }
    },
  }
}

/** Only one answer is requested, which is choice 0. */
const isFirstChoice = (choice: unknown): choice is JsonObject =>
  isObject(choice) && (choice.index === undefined || choice.index === null || choice.index === 0)

/** Some servers send a whole `message`. After deltas it is not read, because it would repeat their text. */
function findMessage({ delta, message }: JsonObject, hasContentStarted: boolean): JsonObject | undefined {
  const source = isObject(delta) || hasContentStarted ? delta : message
  return isObject(source) ? source : undefined
}

/** @throws LlmError if the model refuses to answer, or calls a tool */
function throwIfNoAnswer(message: JsonObject): void {
  if (isFilledText(message.refusal)) throw createRefusalError()
  if (callsTool(message)) throw createUnofferedToolError()
}

function toUsage(usage: unknown): Usage | null {
  if (!isObject(usage)) return null
  const { prompt_tokens, completion_tokens } = usage
  return isCount(prompt_tokens) && isCount(completion_tokens) ? { prompt_tokens, completion_tokens } : null
}
