import { markDeceptive, refang } from '@engineer-chat/markdown'
import type { Citation, Hit, Usage } from '@engineer-chat/protocol'
import type { TokenCalibration, Turn } from '../models/index.ts'
import { type ReplyContext, repairText } from '../shared/index.ts'
import { detectContextLanguage, parseCommand } from './command.ts'
import type { Passage } from './cut-middle.ts'
import { createFenceToken } from './fence.ts'
import { fitPrompt, type PromptParts } from './fit-sources.ts'
import { removeMention } from './mention.ts'
import { extractCitations, withoutCitations } from './output/citations.ts'
import { type FilteredAnswer, filterAnswer } from './output/filter-answer.ts'
import { filterReasoning } from './output/filter-reasoning.ts'
import { choosePrompt } from './prompts/choose-prompt.ts'
import { PROMPT_MESSAGES } from './prompts/messages.ts'
import { type Language, type Prompt, toPromptVersion } from './prompts/prompt.ts'
import { buildSystemPrompt } from './prompts/system.ts'
import { createRedactor, type Redaction, type Redactor } from './redaction/redactor.ts'
import { createRestorer, type TextTransform } from './redaction/restorer.ts'
import { listSources, type Source } from './sources.ts'
import { type Trimmed, type TrimmedTexts, trimTexts } from './trim.ts'
import { removeInvisible, toLineFeeds } from './visible-characters.ts'

export interface PromptSettings {
  /** Tokens, where a model's own window isn't known. */
  contextWindow: number
  /** Tokens that are kept free for the answer, where the model has no limit of its own. */
  answerTokens: number
  /** If true, the names in mail addresses are hidden from models. */
  redactMail: boolean
  gauge: TokenCalibration
}

/** Whom it is for. */
export interface PromptTarget {
  id: string
  provider: string
  context_window: number | null
  max_tokens: number | null
}

/** What one call to a model is told, and how what it says is read. Made anew for each call: the window is the model's. */
export interface PreparedPrompt {
  /** Nothing in them is to be kept from the provider. */
  turns: Turn[]
  language: Language
  /** Stored with the answer. */
  prompt_version: string
  /** Estimated, and what there is room for. */
  tokens: number
  budget: number
  /** Lists what was hidden in the turns. */
  redactions: Redaction[]
  /** For a stream's text, before anybody sees it. One for each call. */
  createRestorer(): TextTransform
  /** What the provider counted; the next estimate for this model learns from it. */
  recordUsage(usage: Usage): void
  /** What was hidden is put back, in a text that is there as a whole. */
  restore(text: string): string
  /** The text as it is stored; for all that was read, whether the call came to its end or not. */
  review(text: string): ReviewedAnswer
  /** The model's reasoning as it is stored: plain text, with what was hidden put back. */
  reviewReasoning(text: string): FilteredAnswer
}

export interface ReviewedAnswer {
  content: string
  citations: Citation[]
  /** Lists what the output filter found. */
  hits: Hit[]
}

/** Nothing leaves for it: it reads the record where it is stored, so there is nothing to hide, to fence or to fit. */
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
    prompt_version: toPromptVersion(choosePromptFor(context)),
    turns: [],
    tokens: 0,
    budget: 0,
    redactions: [],
    recordUsage: () => {},
    createRestorer: () => ({ push: (text) => text, end: () => '' }),
    restore: (text) => text,
    ...createReviews(context, 'all', { mark: '', secrets: [] }),
  }
}

function buildRemotePrompt(
  context: ReplyContext,
  language: Language,
  model: PromptTarget,
  settings: PromptSettings,
): PreparedPrompt {
  const prompt = choosePromptFor(context)
  const evidence = listSources(context)
  const budget = computeTokenBudget(model, settings)
  const trimmed = trimTexts(listParts(context, evidence, language), budget)
  const { wanted, texts, secrets } = redactParts(trimmed, settings)
  const mark = createFenceToken(texts)
  const { summary_updated } = context
  const { turns, tokens, includedIds } = fitPrompt(wanted, budget, {
    system: (pieces) => buildSystemPrompt(prompt, { language, fenceToken: mark, summary_updated, sources: pieces }),
    cutNote: PROMPT_MESSAGES[language].cut,
  })
  const restore = (text: string): string => {
    const reader = createRestorer(secrets)
    return reader.push(text) + reader.end()
  }
  const reviews = createReviews(context, includedIds, { mark, secrets: secrets.secrets() })
  return {
    ...reviews,
    language,
    prompt_version: toPromptVersion(prompt),
    turns,
    tokens,
    budget,
    redactions: secrets.listRedactions(),
    recordUsage: (usage) => settings.gauge.recordUsage(model.id, tokens, usage),
    createRestorer: () => createRestorer(secrets),
    restore,
    reviewReasoning: (text) => reviews.reviewReasoning(restore(text)),
  }
}

const choosePromptFor = ({ question }: ReplyContext): Prompt => choosePrompt(parseCommand(question)?.command)

/** What is to be told. What nobody sees in it is marked once its secrets are hidden, as a mark would break a secret up. */
const listParts = (context: ReplyContext, evidence: Source[], language: Language): PromptParts => ({
  sources: evidence.map((one) => ({ ...one, text: toLineFeeds(one.text) })),
  history: context.history
    .map(({ question, answer, citations }) => ({
      question: toLineFeeds(removeMention(question)),
      answer: withoutCitations(toLineFeeds(answer), citations),
    }))
    .filter(({ answer }) => removeInvisible(answer).trim() !== ''), // Providers refuse a turn without text.
  question: toLineFeeds(toRequestText(context, language)),
})

function redactParts({ sources, history, question }: TrimmedTexts, { redactMail }: PromptSettings) {
  const texts = [
    ...sources.flatMap(({ trimmed }) => trimmed.excerpts.map(({ text }) => text)),
    ...history.flatMap((turn) => [turn.question, turn.answer]),
    question,
  ]
  const secrets = createRedactor(texts, { mail: redactMail })
  const tell = (text: string): string => markDeceptive(secrets.redact(text))
  const wanted: PromptParts = {
    sources: sources.map(({ source, trimmed }) => ({ ...source, ...toPassage(trimmed, secrets) })),
    history: history.map((turn) => ({ question: tell(turn.question), answer: tell(turn.answer) })),
    question: tell(question),
  }
  return { wanted, texts, secrets }
}

function toPassage({ excerpts, missing }: Trimmed, secrets: Redactor): Passage {
  const [head = '', tail] = excerpts.map(({ text, from, to }) => markDeceptive(secrets.redact(text, from, to)))
  return tail === undefined ? { text: head } : { text: head + tail, gap: { at: head.length, characters: missing } }
}

/** An indicator is whatever the record names; cited can be what was told. */
function createReviews(
  context: ReplyContext,
  includedIds: Set<string> | 'all',
  known: { mark: string; secrets: string[] },
): Pick<PreparedPrompt, 'review' | 'reviewReasoning'> {
  const readRecord = (evidence: Source[]): string =>
    removeInvisible(refang(evidence.map((one) => one.text).join('\n'))).toLowerCase()
  return {
    review(text) {
      const evidence = listSources(context)
      const { text: safe, hits } = filterAnswer(toShownText(text), { ...known, record: readRecord(evidence) })
      const { text: content, citations } = extractCitations(
        safe,
        evidence.filter(({ id }) => includedIds === 'all' || includedIds.has(id)),
      )
      return { content, citations, hits }
    },
    reviewReasoning: (text) =>
      filterReasoning(toShownText(text), { ...known, record: readRecord(listSources(context)) }),
  }
}

/** A model's text is repaired, and what nobody would see in it is marked, in code too: a command may hide what it does. */
const toShownText = (text: string): string => markDeceptive(repairText(text))

/** Returns the budget in estimated tokens, reduced by the estimate's known error. */
function computeTokenBudget(model: PromptTarget, { contextWindow, answerTokens, gauge }: PromptSettings): number {
  const window = model.context_window ?? contextWindow
  const forAnswer = Math.min(model.max_tokens ?? answerTokens, Math.floor(window / 2))
  return Math.floor((window - forAnswer) / gauge.getFactor(model.id))
}

/** The question, or what its command stands for. */
function toRequestText(context: ReplyContext, language: Language): string {
  const question = removeMention(context.question)
  const command = parseCommand(context.question)
  const request = command && choosePrompt(command.command).request?.[language]
  if (!command || request === undefined) return question
  const words = PROMPT_MESSAGES[language]
  const isNothingNew =
    context.commandSources && context.commandSources.since !== null && hasNoSources(context.commandSources)
  return [
    request,
    ...(isNothingNew ? [words.nothingNew] : []),
    ...(command.focus ? [words.focus(command.focus)] : []),
  ].join('\n')
}

const hasNoSources = ({ summaries, changes, posts }: NonNullable<ReplyContext['commandSources']>): boolean =>
  summaries.length + changes.length + posts.length === 0
