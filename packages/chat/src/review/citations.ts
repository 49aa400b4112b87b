import type { Citation } from '@engineer-chat/protocol'
import type { Evidence } from '../context/evidence.ts'
import { outsideCode } from './code.ts'

const MARKS = /\[([ESCMH]\d{1,3}(?:\s*[,，;；、]\s*[ESCMH]\d{1,3})*)\](?!\()/g
const MARK = /[ESCMH]\d{1,3}/g

/**
 * What the answer cites, each once. A mark for which there is no evidence is told to be unsupported, in the text (`[E9?]`) and in the
 * list. Evidence is made of what the asker may read, so nothing else can be cited.
 */
export function citationsOf(text: string, evidence: Evidence[]): { text: string; citations: Citation[] } {
  const known = new Map(evidence.map((one) => [one.id, one]))
  const citations = new Map<string, Citation>()
  const marked = outsideCode(text, (prose) =>
    prose.replace(MARKS, (group) =>
      group.replace(MARK, (id) => {
        const found = known.get(id)
        citations.set(id, found ? citationOf(found) : { id, label: '', supported: false })
        return found ? id : `${id}?`
      }),
    ),
  )
  return { text: marked, citations: [...citations.values()] }
}

const citationOf = ({ id, label, message_id }: Evidence): Citation => ({
  id,
  label,
  ...(message_id !== undefined && { message_id }),
  supported: true,
})
