import { markDeceptive } from '@engineer-chat/markdown'
import type { ReplyContext } from '../shared/index.ts'
import type { TextWithGap } from './cut-middle.ts'
import type { PromptParts } from './fit-prompt.ts'
import { removeCitations } from './output/citations.ts'
import type { PromptSettings } from './prepared-prompt.ts'
import type { Language } from './prompts/prompt-template.ts'
import { toQuestionText } from './question-text.ts'
import { type QuotedPart, toQuoteLabel } from './quotes.ts'
import { createRedactor, type Redactor } from './redaction/redactor.ts'
import { writeRequest } from './request-text.ts'
import type { Source } from './sources/list-sources.ts'
import type { TrimmedParts, TrimmedText } from './trim.ts'
import { removeInvisible, toLineFeeds } from './visible-characters.ts'

/**
 * Collects the texts of the prompt, with line feeds as line ends. It marks no invisible characters: a mark would split
 * a secret, so `redactParts` sets the marks after redaction.
 */
export function toPromptParts(context: ReplyContext, sources: Source[], language: Language): PromptParts {
  const normalizedSources = sources.map((source) => ({ ...source, text: toLineFeeds(source.text) }))
  const quote = normalizedSources.find(({ kind }) => kind === 'quote')
  return {
    sources: normalizedSources.filter((source) => source !== quote),
    history: context.history
      .map(({ question, answer, citations, quote: roundQuote }) => ({
        question: toLineFeeds(toQuestionText(question, language)),
        answer: removeCitations(toLineFeeds(answer), citations),
        ...(roundQuote && { quote: { label: toQuoteLabel(roundQuote), text: toLineFeeds(roundQuote.text) } }),
      }))
      .filter(({ answer }) => removeInvisible(answer).trim() !== ''), // Providers refuse a turn without text.
    question: toLineFeeds(writeRequest(context, language)),
    ...(quote && { quote }),
  }
}

/** Hides the secrets of all texts with one redactor, and then marks invisible characters. */
export function redactParts({ sources, history, question, quote }: TrimmedParts, { isMailRedacted }: PromptSettings) {
  const unredactedTexts = [
    ...sources.flatMap(({ trimmed }) => trimmed.excerpts.map(({ text }) => text)),
    ...history.flatMap((round) => [round.question, round.answer, ...listQuoteTexts(round.quote)]),
    question,
    ...listQuoteTexts(quote),
  ]
  const redactor = createRedactor(unredactedTexts, { isMailRedacted })
  const redact = (text: string): string => markDeceptive(redactor.redact(text))
  const redactQuote = <Q extends QuotedPart>(quoted: Q): Q => ({ ...quoted, text: redact(quoted.text) })
  const parts: PromptParts = {
    sources: sources.map(({ source, trimmed }) => ({ ...source, ...toTextWithGap(trimmed, redactor) })),
    history: history.map((round) => ({
      question: redact(round.question),
      answer: redact(round.answer),
      ...(round.quote && { quote: redactQuote(round.quote) }),
    })),
    question: redact(question),
    ...(quote && { quote: redactQuote(quote) }),
  }
  return { parts, unredactedTexts, redactor }
}

const listQuoteTexts = (quote: QuotedPart | undefined): string[] => (quote ? [quote.text] : [])

/** Redacts the excerpts and joins them. The gap is where the text between head and tail is missing. */
function toTextWithGap({ excerpts, missingCharacters }: TrimmedText, redactor: Redactor): TextWithGap {
  const [head = '', tail] = excerpts.map(({ text, from, to }) => markDeceptive(redactor.redact(text, from, to)))
  return tail === undefined
    ? { text: head }
    : { text: head + tail, gap: { position: head.length, characters: missingCharacters } }
}
