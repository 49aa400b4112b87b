import t from 'tap'
import { createRedactor } from '../../../src/prompting/redaction/redactor.ts'
import { hostileUnits } from '../../../testing/hostile-units.ts'
import { fill, findWorstRatio, measureMs } from './worst-ratio.ts'

/** A pair is first tried in a short text. A pair that takes longer than SUSPICIOUS_MS is also tried in long texts. */
const SCREEN_LENGTH = 4 * 1024
const SUSPICIOUS_MS = 10

t.test('[SECRET7] the whole search is linear for each character, and for each pair of them', async (t) => {
  const search = (text: string) => createRedactor([text], { isMailRedacted: true }).redact(text)
  for (const first of hostileUnits) {
    t.equal(findWorstRatio(search, first), undefined)
    for (const second of hostileUnits) {
      const isSuspicious = measureMs(() => search(fill(first + second, SCREEN_LENGTH))) > SUSPICIOUS_MS
      if (isSuspicious) t.equal(findWorstRatio(search, first + second), undefined)
    }
  }
})
