import { GrowingText } from '@engineer-chat/markdown'
import { type ReactNode, useState } from 'react'
import type { MarkdownText } from '../../text/inlines.tsx'
import { MarkdownBlocks } from '../../text/markdown.tsx'
import { GrowingEnd } from '../code/growing-end.ts'

/** Draws an answer while it is written and afterwards. A finished block is drawn once, so a selection in it stays. */
export function AnswerText({ text, isInProgress }: { text: string; isInProgress: boolean }): ReactNode {
  const [growing] = useState(() => new GrowingAnswer())
  return (
    <GrowingEnd value={isInProgress ? text.trimEnd().length : Number.POSITIVE_INFINITY}>
      <MarkdownBlocks blocks={growing.read(text)} text={growing.text} level={2} />
    </GrowingEnd>
  )
}

class GrowingAnswer {
  readonly #reader = new GrowingText()
  #source = ''
  readonly text: MarkdownText = { decodesReferences: true, read: ({ start, end }) => this.#source.slice(start, end) }

  read(source: string) {
    this.#source = source
    return this.#reader.read(source)
  }
}
