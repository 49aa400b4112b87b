import type { Citation, Usage } from '@engineer-chat/protocol'
import { commandOf, languageIn } from '../context/command.ts'
import { evidenceOf } from '../context/evidence.ts'
import { newMark } from '../context/fence.ts'
import { fit } from '../context/fit.ts'
import { withoutMention } from '../context/mention.ts'
import type { TokenGauge } from '../context/tokens.ts'
import { visible } from '../context/visible.ts'
import type { ReplyContext } from '../model.ts'
import type { Turn } from '../ports/index.ts'
import { promptFor, systemPrompt, versionOf, WORDS } from '../prompts/index.ts'
import { type Hidden, type Reader, redactor, restorer } from '../redaction/index.ts'
import { citationsOf } from '../review/citations.ts'
import { repairText } from '../text.ts'

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
  language: 'zh' | 'en'
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
}

/** Nothing leaves for it: it reads the record where it is stored, so there is nothing to hide, to fence or to fit. */
const isHere = ({ provider }: Briefed): boolean => provider === 'offline'

export function brief(context: ReplyContext, model: Briefed, settings: BriefingSettings): Briefing {
  const evidence = evidenceOf(context)
  const prompt = promptFor(commandOf(context.question)?.command)
  const language = languageIn(context)
  const shared = {
    language,
    prompt_version: versionOf(prompt),
    review(text: string): Reviewed {
      const { text: content, citations } = citationsOf(repairText(text), evidence)
      return { content, citations }
    },
  }
  if (isHere(model)) {
    return {
      ...shared,
      turns: [],
      tokens: 0,
      budget: 0,
      hidden: [],
      counted: () => {},
      reader: () => AS_IT_IS,
      restore: (text) => text,
    }
  }

  const told = {
    evidence: evidence.map((one) => ({ ...one, text: visible(one.text) })),
    history: context.history.map(({ question, answer }) => ({
      question: visible(withoutMention(question)),
      answer: visible(answer),
    })),
    question: visible(requestOf(context, language)),
  }
  const texts = [
    ...told.evidence.map(({ text }) => text),
    ...told.history.flatMap(({ question, answer }) => [question, answer]),
    told.question,
  ]
  const secrets = redactor(texts, { mail: settings.redactMail })
  const wanted = {
    evidence: told.evidence.map((one) => ({ ...one, text: secrets.hide(one.text) })),
    history: told.history.map(({ question, answer }) => ({
      question: secrets.hide(question),
      answer: secrets.hide(answer),
    })),
    question: secrets.hide(told.question),
  }
  const mark = newMark(texts)
  const budget = budgetFor(model, settings)
  const { turns, tokens } = fit(wanted, budget, {
    system: (pieces) =>
      systemPrompt(prompt, { language, mark, summary_updated: context.summary_updated, evidence: pieces }),
    cutNote: WORDS[language].cut,
  })
  return {
    ...shared,
    turns,
    tokens,
    budget,
    hidden: secrets.hidden(),
    reader: () => restorer(secrets),
    restore(text) {
      const reader = restorer(secrets)
      return reader.push(text) + reader.end()
    },
    counted: (usage) => settings.gauge.counted(model.id, tokens, usage),
  }
}

const AS_IT_IS: Reader = { push: (text) => text, end: () => '' }

/** In estimated tokens: the estimate's own error, as far as it is known, is taken off. */
function budgetFor(model: Briefed, { contextWindow, answerTokens, gauge }: BriefingSettings): number {
  const window = model.context_window ?? contextWindow
  const forAnswer = Math.min(model.max_tokens ?? answerTokens, Math.floor(window / 2))
  return Math.floor((window - forAnswer) / gauge.factor(model.id))
}

/** The question, or what its command stands for. */
function requestOf(context: ReplyContext, language: 'zh' | 'en'): string {
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
