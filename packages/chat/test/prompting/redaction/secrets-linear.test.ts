import t from 'tap'
import { createRedactor } from '../../../src/prompting/redaction/redactor.ts'
import { SECRET_RULES } from '../../../src/prompting/redaction/rules/index.ts'
import { hostileUnits } from '../../../testing/hostile-units.ts'
import { cook, shapeFrom } from '../../../testing/recipe.ts'

const HALF = 100 * 1024
/** Below this a ratio says more about the clock than about the rule. */
const FLOOR_MS = 15
const MAX_RATIO = 3
const ATTEMPTS = 5
/** A pair is first tried in a short text; what takes this long there is tried in long ones. */
const SCREEN = 4 * 1024
const SUSPICIOUS_MS = 10

const fill = (unit: string, length: number): string => unit.repeat(Math.ceil(length / unit.length)).slice(0, length)

function spentMs(work: () => unknown): number {
  const before = process.threadCpuUsage()
  work()
  const { user, system } = process.threadCpuUsage(before)
  return (user + system) / 1000
}

/** The best of some attempts, as a busy machine only ever makes a ratio look worse; undefined: linear, or too quick to tell. */
function worstRatio(find: (text: string) => unknown, unit: string): string | undefined {
  let said: string | undefined
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const twice = spentMs(() => find(fill(unit, 2 * HALF)))
    if (twice < FLOOR_MS) return undefined
    const once = spentMs(() => find(fill(unit, HALF)))
    if (twice / Math.max(once, 1) < MAX_RATIO) return undefined
    said = `${JSON.stringify(unit.slice(0, 60))}: ${once} ms for 100 KB, ${twice} ms for 200 KB`
  }
  return said
}

t.test('[SECRET7] each rule is linear in what begins like its own secrets, again and again', async (t) => {
  for (const rule of SECRET_RULES) {
    const beginnings = rule.hides.flatMap((recipe) => {
      const { text, secrets } = shapeFrom(recipe)
      const first = text.indexOf(secrets[0] ?? '')
      return [text, text.slice(0, Math.ceil(text.length / 2)), text.slice(0, first + 3), text.slice(0, -1)]
    })
    for (const unit of [...beginnings, ...rule.keywords, ...rule.keeps.map(cook)]) {
      if (unit === '') continue
      t.equal(worstRatio(rule.find, unit), undefined, rule.id)
    }
  }
})

t.test('[SECRET7] the whole search is linear for each character, and for each pair of them', async (t) => {
  const search = (text: string) => createRedactor([text], { mail: true }).redact(text)
  for (const first of hostileUnits) {
    t.equal(worstRatio(search, first), undefined)
    for (const second of hostileUnits) {
      const isSuspicious = spentMs(() => search(fill(first + second, SCREEN))) > SUSPICIOUS_MS
      if (isSuspicious) t.equal(worstRatio(search, first + second), undefined)
    }
  }
})
