import t from 'tap'
import { createRedactor } from '../../../src/prompting/redaction/redactor.ts'
import { hostileUnits } from '../../../testing/hostile-units.ts'
import { fill, findWorstRatio, measureMs } from './worst-ratio.ts'

/** A pair is first tried in a short text; what takes this long there is tried in long ones. */
const SCREEN = 4 * 1024
const SUSPICIOUS_MS = 10

t.test('[SECRET7] the whole search is linear for each character, and for each pair of them', async (t) => {
  const search = (text: string) => createRedactor([text], { isMailRedacted: true }).redact(text)
  for (const first of hostileUnits) {
    t.equal(findWorstRatio(search, first), undefined)
    for (const second of hostileUnits) {
      const isSuspicious = measureMs(() => search(fill(first + second, SCREEN))) > SUSPICIOUS_MS
      if (isSuspicious) t.equal(findWorstRatio(search, first + second), undefined)
    }
  }
})
