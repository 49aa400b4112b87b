import type { Citation, Hit, Usage } from '@engineer-chat/protocol'
import type { TokenGauge, Turn } from '../models/index.ts'
import { type ReplyContext, repairText } from '../shared/index.ts'
import { commandOf, languageIn } from './command.ts'
import type { Passage } from './cut-middle.ts'
import { newMark } from './fence.ts'
import { fit, type Wanted } from './fit-sources.ts'
import { withoutMention } from './mention.ts'
import { citationsOf, withoutCitations } from './output/citations.ts'
import { filterAnswer } from './output/filter-answer.ts'
import { refanged } from './output/links.ts'
import { promptFor } from './prompts/choose-prompt.ts'
import { WORDS } from './prompts/messages.ts'
import { type Language, type Prompt, versionOf } from './prompts/prompt.ts'
import { systemPrompt } from './prompts/system.ts'
import { type Hidden, type Redactor, redactor } from './redaction/redactor.ts'
import { type Reader, restorer } from './redaction/restorer.ts'
import { type Evidence, evidenceOf } from './sources.ts'
import { type Trimmed, type TrimmedTexts, trimTexts } from './trim.ts'
import { visible } from './visible-characters.ts'

export interface BriefingSettings {
  /** Tokens, where a model's own window isn't known. */
  contextWindow: number
  /** Tokens that are kept free for the answer, where the model has no limit of its own. */
  answerTokens: number
  /** Whether the names of mail addresses are hidden from models. */
  redactMail: boolean
  gauge: TokenGauge
}

/** Whom it is for. */
export interface Briefed {
  id: string
  provider: string
  context_window: number | null
  max_tokens: number | null
}

/** What one call to a model is told, and how what it says is read. Made anew for each call: the window is the model's. */
export interface Briefing {
  /** Nothing in them is to be kept from the provider. */
  turns: Turn[]
  language: Language
  /** Stored with the answer. */
  prompt_version: string
  /** Estimated, and what there is room for. */
  tokens: number
  budget: number
  /** What was hidden in the turns. */
  hidden: Hidden[]
  /** For a stream's text, before anybody sees it. One for each call. */
  reader(): Reader
  /** What the provider counted; the next estimate for this model learns from it. */
  counted(usage: Usage): void
  /** What was hidden is put back, in a text that is there as a whole. */
  restore(text: string): string
  /** The text as it is stored; for all that was read, whether the call came to its end or not. */
  review(text: string): Reviewed
}

export interface Reviewed {
  content: string
  citations: Citation[]
  /** What the output filter found. */
  hits: Hit[]
}

/** Nothing leaves for it: it reads the record where it is stored, so there is nothing to hide, to fence or to fit. */
const isHere = ({ provider }: Briefed): boolean => provider === 'offline'

export function brief(context: ReplyContext, model: Briefed, settings: BriefingSettings): Briefing {
  const language = languageIn(context)
  return isHere(model) ? briefHere(context, language) : briefElsewhere(context, language, model, settings)
}

function briefHere(context: ReplyContext, language: Language): Briefing {
  return {
    language,
    prompt_version: versionOf(promptOf(context)),
    turns: [],
    tokens: 0,
    budget: 0,
    hidden: [],
    counted: () => {},
    reader: () => ({ push: (text) => text, end: () => '' }),
    restore: (text) => text,
    review: (text) => review(text, context, 'all', { mark: '', secrets: [] }),
  }
}

function briefElsewhere(
  context: ReplyContext,
  language: Language,
  model: Briefed,
  settings: BriefingSettings,
): Briefing {
  const prompt = promptOf(context)
  const evidence = evidenceOf(context)
  const budget = budgetFor(model, settings)
  const trimmed = trimTexts(visibly(context, evidence, language), budget)
  const { wanted, texts, secrets } = withoutSecrets(trimmed, settings)
  const mark = newMark(texts)
  const { summary_updated } = context
  const { turns, tokens, told } = fit(wanted, budget, {
    system: (pieces) => systemPrompt(prompt, { language, mark, summary_updated, evidence: pieces }),
    cutNote: WORDS[language].cut,
  })
  return {
    language,
    prompt_version: versionOf(prompt),
    turns,
    tokens,
    budget,
    hidden: secrets.hidden(),
    counted: (usage) => settings.gauge.counted(model.id, tokens, usage),
    reader: () => restorer(secrets),
    restore(text) {
      const reader = restorer(secrets)
      return reader.push(text) + reader.end()
    },
    review: (text) => review(text, context, told, { mark, secrets: secrets.secrets() }),
  }
}

const promptOf = ({ question }: ReplyContext): Prompt => promptFor(commandOf(question)?.command)

/** What is to be told, without what nobody sees. */
const visibly = (context: ReplyContext, evidence: Evidence[], language: Language): Wanted => ({
  evidence: evidence.map((one) => ({ ...one, text: visible(one.text) })),
  history: context.history
    .map(({ question, answer, citations }) => ({
      question: visible(withoutMention(question)),
      answer: withoutCitations(visible(answer), citations),
    }))
    .filter(({ answer }) => answer.trim() !== ''), // providers refuse a turn without text
  question: visible(requestOf(context, language)),
})

function withoutSecrets({ evidence, history, question }: TrimmedTexts, { redactMail }: BriefingSettings) {
  const texts = [
    ...evidence.flatMap(({ trimmed }) => trimmed.excerpts.map(({ text }) => text)),
    ...history.flatMap((turn) => [turn.question, turn.answer]),
    question,
  ]
  const secrets = redactor(texts, { mail: redactMail })
  const wanted: Wanted = {
    evidence: evidence.map(({ piece, trimmed }) => ({ ...piece, ...toPassage(trimmed, secrets) })),
    history: history.map((turn) => ({ question: secrets.hide(turn.question), answer: secrets.hide(turn.answer) })),
    question: secrets.hide(question),
  }
  return { wanted, texts, secrets }
}

function toPassage({ excerpts, missing }: Trimmed, secrets: Redactor): Passage {
  const [head = '', tail] = excerpts.map(({ text, from, to }) => secrets.hide(text, from, to))
  return tail === undefined ? { text: head } : { text: head + tail, gap: { at: head.length, characters: missing } }
}

/** An indicator is whatever the record names; cited can be what was told. */
function review(
  text: string,
  context: ReplyContext,
  told: Set<string> | 'all',
  known: { mark: string; secrets: string[] },
): Reviewed {
  const evidence = evidenceOf(context)
  const record = refanged(evidence.map((one) => one.text).join('\n'))
  const { text: safe, hits } = filterAnswer(repairText(text), { ...known, record })
  const { text: content, citations } = citationsOf(
    safe,
    evidence.filter(({ id }) => told === 'all' || told.has(id)),
  )
  return { content, citations, hits }
}

/** In estimated tokens: the estimate's own error, as far as it is known, is taken off. */
function budgetFor(model: Briefed, { contextWindow, answerTokens, gauge }: BriefingSettings): number {
  const window = model.context_window ?? contextWindow
  const forAnswer = Math.min(model.max_tokens ?? answerTokens, Math.floor(window / 2))
  return Math.floor((window - forAnswer) / gauge.factor(model.id))
}

/** The question, or what its command stands for. */
function requestOf(context: ReplyContext, language: Language): string {
  const question = withoutMention(context.question)
  const asked = commandOf(context.question)
  const request = asked && promptFor(asked.command).request?.[language]
  if (!asked || request === undefined) return question
  const words = WORDS[language]
  const isNothingNew = context.material && context.material.since !== null && isEmpty(context.material)
  return [
    request,
    ...(isNothingNew ? [words.nothingNew] : []),
    ...(asked.focus ? [words.focus(asked.focus)] : []),
  ].join('\n')
}

const isEmpty = ({ summaries, changes, posts }: NonNullable<ReplyContext['material']>): boolean =>
  summaries.length + changes.length + posts.length === 0
