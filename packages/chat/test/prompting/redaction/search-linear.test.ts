import t from 'tap'
import { createRedactor } from '../../../src/prompting/redaction/redactor.ts'
import { hostileUnits } from '../../../testing/hostile-units.ts'
import { describeSuperLinear, fill, measureMs } from './worst-ratio.ts'

/** A pair is first tried in a short text. A pair that takes longer than SUSPICIOUS_MS is also tried in long texts. */
const SCREEN_LENGTH = 4 * 1024
const SUSPICIOUS_MS = 10

t.test('[SECRET7] the whole search takes linear time for each hostile unit and each pair of them', async (t) => {
  const search = (text: string) => createRedactor([text], { isMailRedacted: true }).redact(text)
  for (const unit of hostileUnits) {
    t.equal(describeSuperLinear(search, unit), undefined)
    for (const secondUnit of hostileUnits) {
      const pair = unit + secondUnit
      const isSuspicious = measureMs(() => search(fill(pair, SCREEN_LENGTH))) > SUSPICIOUS_MS
      if (isSuspicious) t.equal(describeSuperLinear(search, pair), undefined)
    }
  }
})
