import { GrowingText } from '@engineer-chat/markdown'
import { type ReactNode, useState } from 'react'
import type { MarkdownText } from '../../text/inlines.tsx'
import { MarkdownBlocks } from '../../text/markdown.tsx'
import { StreamedTextEnd } from '../code/streamed-text-end.ts'

/**
 * Shows an answer while it is written and afterwards. A finished block is rendered once, so a selection in it stays.
 */
export function AnswerText({ text, isInProgress }: { text: string; isInProgress: boolean }): ReactNode {
  const [answerReader] = useState(() => new StreamedAnswerReader())
  return (
    <StreamedTextEnd value={isInProgress ? text.trimEnd().length : Number.POSITIVE_INFINITY}>
      <MarkdownBlocks blocks={answerReader.read(text)} text={answerReader.text} firstLevel={2} />
    </StreamedTextEnd>
  )
}

/** Parses a growing text, and keeps the parsed blocks that can no longer change. */
class StreamedAnswerReader {
  readonly #reader = new GrowingText()
  #source = ''
  readonly text: MarkdownText = { decodesReferences: true, read: ({ start, end }) => this.#source.slice(start, end) }

  read(source: string) {
    this.#source = source
    return this.#reader.read(source)
  }
}
