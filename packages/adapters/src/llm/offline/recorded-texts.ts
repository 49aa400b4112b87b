import type { Source } from '@engineer-chat/chat/prompting'
import type { ReplyContext } from '@engineer-chat/chat/shared'
import { MAX_READ_CHARACTERS } from './limits.ts'
import { cutText } from './markdown.ts'
import { splitIntoSentences } from './sentences.ts'

/** Holds a text that was recorded about the event, and the id by which it is cited. */
export interface RecordedText {
  id: string
  kind: Source['kind']
  text: string
  /** Holds the ISO time of the message, the summary or the change, or for the event's own texts that of its opening. */
  writtenAt: string
  /** Holds the agents' suggestion in a summary, which is advice and no observation. */
  advice?: string
  sentences: string[]
}

type UnsplitText = Omit<RecordedText, 'sentences'>

/** Texts of these kinds are read before the other texts of the room. */
const FIRST_READ_KINDS: Array<Source['kind']> = ['event', 'description', 'context', 'summary', 'quote']

/**
 * Lists what was recorded, beginning with the message that the question quotes. An answer is replaced by its question,
 * because the answer repeats the record. Runbooks and other incidents are no record of this event.
 */
export function listRecordedTexts(context: ReplyContext, sources: Source[]): RecordedText[] {
  const questions = mapQuestions(context)
  const quote = sources.find(({ kind }) => kind === 'quote')
  const others = sources.filter(({ kind, message_id }) => kind !== 'quote' && !isQuoted(quote, message_id))
  const recordedTexts = [...(quote ? [quote] : []), ...others].flatMap((source) =>
    toRecordedText(context, source, questions),
  )
  return takeReadable(recordedTexts)
}

const isQuoted = (quote: Source | undefined, message_id: string | undefined): boolean =>
  quote?.message_id !== undefined && quote.message_id === message_id

/** Maps the message id of each answer in the room to the text of its question. */
const mapQuestions = ({ room }: ReplyContext): Map<string, string> =>
  new Map(
    [...(room?.pins ?? []), ...(room?.messages ?? [])].flatMap(({ message_id, question }) =>
      question ? [[message_id, question.content]] : [],
    ),
  )

function toRecordedText({ event }: ReplyContext, source: Source, questions: Map<string, string>): UnsplitText[] {
  const { id, kind } = source
  switch (kind) {
    case 'event':
      return [{ id, kind, text: event.event_name, writtenAt: event.created_at }]
    case 'description':
    case 'context':
      return [{ id, kind, text: source.text, writtenAt: event.created_at }]
    case 'summary':
      return [{ id, kind, ...splitSummary(source.text), writtenAt: readTime(source) }]
    case 'change':
    case 'pin':
    case 'message':
    case 'quote':
      return [{ id, kind, text: questions.get(source.message_id ?? '') ?? source.text, writtenAt: readTime(source) }]
    case 'document':
    case 'incident':
    case 'earlier':
      return []
  }
}

/** `listSources` writes this label between a summary and the agents' suggestion. */
const ADVICE_LABEL = '\n\nsuggestion: '

export function splitSummary(text: string): Pick<RecordedText, 'text' | 'advice'> {
  const start = text.lastIndexOf(ADVICE_LABEL)
  return start < 0 ? { text } : { text: text.slice(0, start), advice: text.slice(start + ADVICE_LABEL.length) }
}

/** Reads the author of a message or pin. An agent's name may contain the comma that also stands before the time. */
export const readAuthor = ({ label }: Source): string => cutText(label.slice(0, label.lastIndexOf(', ')))

/** Labels of summaries, changes and messages end with their time. */
export const readTime = ({ label }: Source): string => label.slice(label.lastIndexOf(', ') + 2)

/** Takes the event's own texts, then the newest texts of the room. A text that exceeds the limit is cut at a blank. */
function takeReadable(recordedTexts: UnsplitText[]): RecordedText[] {
  let remainingCharacters = MAX_READ_CHARACTERS
  const readable = new Map<UnsplitText, RecordedText>()
  const firstRead = recordedTexts.filter(({ kind }) => FIRST_READ_KINDS.includes(kind))
  const others = recordedTexts.filter(({ kind }) => !FIRST_READ_KINDS.includes(kind))
  for (const recordedText of [...firstRead, ...others.toReversed()]) {
    const text = cutAtBlank(recordedText.text, remainingCharacters)
    remainingCharacters -= text.length
    if (text !== '')
      readable.set(recordedText, {
        ...recordedText,
        text,
        sentences: splitIntoSentences(text),
      })
  }
  return recordedTexts.flatMap((recordedText) => readable.get(recordedText) ?? [])
}

/** Cuts between words, so that no indicator lacks its end. */
function cutAtBlank(text: string, length: number): string {
  if (text.length <= length) return text
  let end = length
  while (end > 0 && !/\s/.test(text.charAt(end - 1))) end -= 1
  return text.slice(0, end)
}
