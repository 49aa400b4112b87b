import type { AnswerSource, Citation, FilterFinding, Usage } from '@engineer-chat/protocol'
import type { TokenCalibration, Turn } from '../models/index.ts'
import type { FilteredText } from './output/filter-answer.ts'
import type { Language } from './prompts/prompt-template.ts'
import type { Redaction } from './redaction/redactor.ts'
import type { TextTransform } from './redaction/restorer.ts'
import type { ContextSourceKind } from './sources/context-source-kinds.ts'

export interface PromptSettings {
  /** A model whose own window is not known gets a window of this many tokens. */
  contextWindow: number
  /** Reserves this many tokens for the answer of a model that has no limit of its own. */
  answerTokens: number
  /**
   * In the prompt of a question, the prioritized sources take at most this many tokens together. These are pins,
   * messages and changes of the room, pieces of documents and other incidents. A command's prompt has no such limit.
   */
  roomTokens: number
  /** If true, the names in mail addresses are hidden from models. */
  isMailRedacted: boolean
  calibration: TokenCalibration
  /** A prompt has only sources of these kinds. */
  sourceKinds: ReadonlySet<ContextSourceKind>
}

/** Describes the model that the prompt is for. */
export interface PromptTarget {
  id: string
  provider: string
  inside?: boolean
  /** Counts the tokens of the prompt and the answer together. Null if the window is not known. */
  context_window: number | null
  /** Limits the tokens of the answer, not those of the prompt. Null if the model has no limit of its own. */
  max_tokens: number | null
}

/**
 * Holds what one call sends to a model, and the functions that process the model's output. Each call gets a prompt of
 * its own, because models have different windows.
 */
export interface PreparedPrompt {
  /** The turns hold no secret, so they may be sent to the provider. */
  turns: Turn[]
  language: Language
  /** This version is stored with the answer. */
  prompt_version: string
  /** Estimates the tokens of the turns. */
  tokens: number
  /** Limits the tokens of the turns. The preview shows it as `budget_tokens`. */
  maxTokens: number
  /** Lists what was hidden in the turns. */
  redactions: Redaction[]
  /**
   * Lists the sources that the prompt contains. The offline analyst reads the context itself. For it, these are the
   * sources of the context, with a limited number of pieces of documents.
   */
  sources: AnswerSource[]
  /** Creates a transform that restores the secrets of one stream before any reader sees the text. */
  createRestorer(): TextTransform
  /** Records the tokens that the provider counted, which corrects the next estimate for this model. */
  recordUsage(usage: Usage): void
  /** Restores the secrets in a complete text. */
  restore(text: string): string
  /** Converts an answer to what is stored. Its secrets are restored already. The answer may have broken off. */
  review(text: string): ReviewedAnswer
  /** Restores the secrets in the model's reasoning, and converts it to the plain text that is stored. */
  reviewReasoning(text: string): FilteredText
}

export interface ReviewedAnswer {
  content: string
  citations: Citation[]
  /** Lists the sources that the prompt contained, or, for the offline analyst, those that the answer cites. */
  sources: AnswerSource[]
  /** Counts the sources that are missing in `sources`, because there are too many to store. */
  sourcesLeftOut: number
  /** Lists what the output filter found. */
  findings: FilterFinding[]
}
