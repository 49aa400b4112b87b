import { markDeceptive, refang } from '@engineer-chat/markdown'
import type { Citation, FilterFinding, Usage } from '@engineer-chat/protocol'
import type { TokenCalibration, Turn } from '../models/index.ts'
import { type ReplyContext, repairText } from '../shared/index.ts'
import { detectContextLanguage, parseCommand } from './command.ts'
import type { Passage } from './cut-middle.ts'
import { createFenceToken } from './fence.ts'
import { fitPrompt, type PromptParts } from './fit-sources.ts'
import { removeMention } from './mention.ts'
import { extractCitations, removeCitations } from './output/citations.ts'
import { type FilteredAnswer, filterAnswer } from './output/filter-answer.ts'
import { filterReasoning } from './output/filter-reasoning.ts'
import { choosePrompt } from './prompts/choose-prompt.ts'
import { PROMPT_MESSAGES } from './prompts/messages.ts'
import { type Language, type Prompt, toPromptVersion } from './prompts/prompt.ts'
import { buildSystemPrompt } from './prompts/system.ts'
import { type QuotedPart, toQuoteLabel, writeQuote } from './quotes.ts'
import { createRedactor, type Redaction, type Redactor } from './redaction/redactor.ts'
import { createRestorer, type TextTransform } from './redaction/restorer.ts'
import { listSources, type Source } from './sources.ts'
import { type Trimmed, type TrimmedTexts, trimTexts } from './trim.ts'
import { removeInvisible, toLineFeeds } from './visible-characters.ts'

export interface PromptSettings {
  /** Counts tokens. It applies to a model whose own window is not known. */
  contextWindow: number
  /** Reserves this many tokens for the answer of a model that has no limit of its own. */
  answerTokens: number
  /** If true, the names in mail addresses are hidden from models. */
  isMailRedacted: boolean
  calibration: TokenCalibration
}

/** Names the model that the prompt is for. */
export interface PromptTarget {
  id: string
  provider: string
  context_window: number | null
  max_tokens: number | null
}

/**
 * Holds what one call sends to a model, and reads the model's output. Each call has its own, because models have
 * different windows.
 */
export interface PreparedPrompt {
  /** The turns hold no secret, so they may be sent to the provider. */
  turns: Turn[]
  language: Language
  /** This version is stored with the answer. */
  prompt_version: string
  /** This is an estimate of the turns' tokens; `budget` is the most that they may take. */
  tokens: number
  budget: number
  /** Lists what was hidden in the turns. */
  redactions: Redaction[]
  /** Creates a transform that restores the secrets of one stream before any reader sees the text. */
  createRestorer(): TextTransform
  /** Records the tokens that the provider counted, which corrects the next estimate for this model. */
  recordUsage(usage: Usage): void
  /** Restores the secrets in a complete text. */
  restore(text: string): string
  /** Returns the text as it is stored. It is called for complete and for incomplete calls. */
  review(text: string): ReviewedAnswer
  /** Returns the model's reasoning as it is stored: plain text with restored secrets. */
  reviewReasoning(text: string): FilteredAnswer
}

export interface ReviewedAnswer {
  content: string
  citations: Citation[]
  /** Lists what the output filter found. */
  findings: FilterFinding[]
}

/** The built-in model reads the event's texts inside the product, so nothing is sent, hidden, fenced or shortened. */
const isBuiltIn = ({ provider }: PromptTarget): boolean => provider === 'offline'

export function buildPrompt(context: ReplyContext, model: PromptTarget, settings: PromptSettings): PreparedPrompt {
  const language = detectContextLanguage(context)
  return isBuiltIn(model)
    ? buildBuiltInPrompt(context, language)
    : buildRemotePrompt(context, language, model, settings)
}

function buildBuiltInPrompt(context: ReplyContext, language: Language): PreparedPrompt {
  return {
    language,
    prompt_version: toPromptVersion(choosePromptForContext(context)),
    turns: [],
    tokens: 0,
    budget: 0,
    redactions: [],
    recordUsage: () => {},
    createRestorer: () => ({ push: (text) => text, end: () => '' }),
    restore: (text) => text,
    ...createReviews(context, 'all', { fenceToken: '', secrets: [] }),
  }
}

function buildRemotePrompt(
  context: ReplyContext,
  language: Language,
  model: PromptTarget,
  settings: PromptSettings,
): PreparedPrompt {
  const prompt = choosePromptForContext(context)
  const sources = listSources(context)
  const budget = computeTokenBudget(model, settings)
  const trimmed = trimTexts(listParts(context, sources, language), budget)
  const { parts, texts, redactor } = redactParts(trimmed, settings)
  const fenceToken = createFenceToken(texts)
  const { summary_updated } = context
  const { turns, tokens, includedIds } = fitPrompt(parts, budget, {
    writeSystem: (pieces) => buildSystemPrompt(prompt, { language, fenceToken, summary_updated, sources: pieces }),
    writeQuote: (quote) => writeQuote(fenceToken, quote),
    writeCutNote: PROMPT_MESSAGES[language].writeCutNote,
  })
  const restore = (text: string): string => {
    const reader = createRestorer(redactor)
    return reader.push(text) + reader.end()
  }
  const reviews = createReviews(context, includedIds, { fenceToken, secrets: redactor.listSecrets() })
  return {
    ...reviews,
    language,
    prompt_version: toPromptVersion(prompt),
    turns,
    tokens,
    budget,
    redactions: redactor.listRedactions(),
    recordUsage: (usage) => settings.calibration.recordUsage(model.id, tokens, usage),
    createRestorer: () => createRestorer(redactor),
    restore,
    reviewReasoning: (text) => reviews.reviewReasoning(restore(text)),
  }
}

const choosePromptForContext = ({ question }: ReplyContext): Prompt => choosePrompt(parseCommand(question)?.command)

/** Lists the texts of the prompt. Invisible characters are marked after redaction, as a mark would split a secret. */
function listParts(context: ReplyContext, sources: Source[], language: Language): PromptParts {
  const written = sources.map((one) => ({ ...one, text: toLineFeeds(one.text) }))
  const quote = written.find(({ kind }) => kind === 'quote')
  return {
    sources: written.filter((one) => one !== quote),
    history: context.history
      .map(({ question, answer, citations, quote: quoted }) => ({
        question: toLineFeeds(removeMention(question)),
        answer: removeCitations(toLineFeeds(answer), citations),
        ...(quoted && { quote: { label: toQuoteLabel(quoted), text: toLineFeeds(quoted.text) } }),
      }))
      .filter(({ answer }) => removeInvisible(answer).trim() !== ''), // Providers refuse a turn without text.
    question: toLineFeeds(toRequestText(context, language)),
    ...(quote && { quote }),
  }
}

function redactParts({ sources, history, question, quote }: TrimmedTexts, { isMailRedacted }: PromptSettings) {
  const texts = [
    ...sources.flatMap(({ trimmed }) => trimmed.excerpts.map(({ text }) => text)),
    ...history.flatMap((turn) => [turn.question, turn.answer, ...listQuoteTexts(turn)]),
    question,
    ...listQuoteTexts({ quote }),
  ]
  const redactor = createRedactor(texts, { isMailRedacted })
  const redact = (text: string): string => markDeceptive(redactor.redact(text))
  const redactQuote = <Q extends QuotedPart>(one: Q | undefined) => one && { quote: { ...one, text: redact(one.text) } }
  const parts: PromptParts = {
    sources: sources.map(({ source, trimmed }) => ({ ...source, ...toPassage(trimmed, redactor) })),
    history: history.map((turn) => ({
      question: redact(turn.question),
      answer: redact(turn.answer),
      ...redactQuote(turn.quote),
    })),
    question: redact(question),
    ...redactQuote(quote),
  }
  return { parts, texts, redactor }
}

const listQuoteTexts = ({ quote }: { quote?: QuotedPart | undefined }): string[] => (quote ? [quote.text] : [])

function toPassage({ excerpts, missing }: Trimmed, redactor: Redactor): Passage {
  const [head = '', tail] = excerpts.map(({ text, from, to }) => markDeceptive(redactor.redact(text, from, to)))
  return tail === undefined
    ? { text: head }
    : { text: head + tail, gap: { position: head.length, characters: missing } }
}

/** Every host of the event's texts counts as an indicator, but an answer can cite only the sources of its prompt. */
function createReviews(
  context: ReplyContext,
  includedIds: Set<string> | 'all',
  known: { fenceToken: string; secrets: string[] },
): Pick<PreparedPrompt, 'review' | 'reviewReasoning'> {
  const joinEventTexts = (sources: Source[]): string =>
    removeInvisible(refang(sources.map((one) => one.text).join('\n'))).toLowerCase()
  return {
    review(text) {
      const sources = listSources(context)
      const { text: safe, findings } = filterAnswer(toShownText(text), {
        ...known,
        eventTexts: joinEventTexts(sources),
      })
      const { text: content, citations } = extractCitations(
        safe,
        sources.filter(({ id }) => includedIds === 'all' || includedIds.has(id)),
      )
      return { content, citations, findings }
    },
    reviewReasoning: (text) =>
      filterReasoning(toShownText(text), { ...known, eventTexts: joinEventTexts(listSources(context)) }),
  }
}

/**
 * Repairs a model's text and marks invisible characters, in code too, because a command may hide what it does. Separators of
 * lines stay as the model wrote them; the page marks them where it shows them.
 */
const toShownText = (text: string): string =>
  repairText(text)
    .split(/([\u0085\u2028\u2029])/)
    .map((part, index) => (index % 2 === 0 ? markDeceptive(part) : part))
    .join('')

/** Returns the budget in estimated tokens, reduced by the estimate's known error. */
function computeTokenBudget(model: PromptTarget, { contextWindow, answerTokens, calibration }: PromptSettings): number {
  const window = model.context_window ?? contextWindow
  const answerTokenLimit = Math.min(model.max_tokens ?? answerTokens, Math.floor(window / 2))
  return Math.floor((window - answerTokenLimit) / calibration.getFactor(model.id))
}

/** Returns the question, or the request that its command stands for. */
function toRequestText(context: ReplyContext, language: Language): string {
  const question = removeMention(context.question)
  const command = parseCommand(context.question)
  const request = command && choosePrompt(command.command).request?.[language]
  if (!command || request === undefined) return question
  const messages = PROMPT_MESSAGES[language]
  const isNothingNew =
    context.commandSources && context.commandSources.since !== null && hasNoSources(context.commandSources)
  return [
    request,
    ...(isNothingNew ? [messages.nothingNew] : []),
    ...(command.focus ? [messages.writeFocus(command.focus)] : []),
  ].join('\n')
}

const hasNoSources = ({ summaries, changes, posts }: NonNullable<ReplyContext['commandSources']>): boolean =>
  summaries.length + changes.length + posts.length === 0
