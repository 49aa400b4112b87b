import { hostileUnits } from './hostile-units.ts'
import { createSeededRandom } from './seeded-random.ts'

/** Wraps a rule over text that others wrote. Its result is ignored. */
export type TextRule = (text: string) => unknown

/** Describes texts of any length that are hostile in the same way. */
export interface HostileShape {
  name: string
  build(length: number): string
}

const SCREEN_LENGTH = 8 * 1024
const HALF_LENGTH = 100 * 1024
const FULL_LENGTH = 200 * 1024
const TRIPLES = 300
/**
 * Limits the time for pairs and triples. A slow rule (milliseconds for 8 KB) is timed with only some of them, in a
 * seeded order.
 */
const MAX_SCREEN_MS = 6_000
/** A smaller difference is noise, because a quadratic rule takes minutes for 200 KB, or seconds if it is quick. */
const NOISE_MS = 40
/** Shorter times come from the wall clock, because the processor's clock ticks only every few milliseconds. */
const CPU_CLOCK_TICK_MS = 40
/** A shape is timed in full only if its screening takes longer than this, and longer than the median by the factor. */
const SUSPICIOUS_MS = 2
const SUSPICIOUS_FACTOR = 4
/** A linear rule has the ratio 2 for twice the text, and a quadratic rule has 4. */
const MAX_RATIO = 3
const MAX_ATTEMPTS = 20
const MIN_ATTEMPTS = 8
const MAX_COMPARE_MS = 2000
/** A rule that takes longer than this for the shorter text is slow, whatever its ratio is. */
const TOO_LONG_MS = 5000

/**
 * Names the first shape of text for which a rule needs more than linear time; an empty list is a pass. Single units
 * are timed with 100 KB and 200 KB. Pairs and triples are screened with 8 KB, and a slow one is timed in full.
 */
export function findSuperLinear(rule: TextRule): string[] {
  for (const unit of hostileUnits) rule(unit.repeat(50))
  const singles = hostileUnits.map(createRepetition)
  const timesMs = singles.map((shape) => measureOnceMs(rule, shape.build(SCREEN_LENGTH))).toSorted((a, b) => a - b)
  const suspiciousMs = Math.max(SUSPICIOUS_MS, SUSPICIOUS_FACTOR * (timesMs[timesMs.length >> 1] ?? 0))
  for (const shape of singles) {
    const finding = findGrowth(rule, shape)
    if (finding !== undefined) return [finding]
  }
  const endsAt = performance.now() + MAX_SCREEN_MS
  for (const shape of createSeededRandom(12).shuffle([...createPairs(), ...createTriples()])) {
    if (performance.now() > endsAt) break
    const finding = isSuspicious(rule, shape, suspiciousMs) ? findGrowth(rule, shape) : undefined
    if (finding !== undefined) return [finding]
  }
  return []
}

function isSuspicious(rule: TextRule, shape: HostileShape, suspiciousMs: number): boolean {
  const text = shape.build(SCREEN_LENGTH)
  return measureOnceMs(rule, text) > suspiciousMs && measureOnceMs(rule, text) > suspiciousMs
}

/**
 * Says how long a rule takes for a shape if that is more than linear time. Grows the text step by step, so that a
 * quadratic rule is found before it runs for minutes.
 */
export function findGrowth(rule: TextRule, shape: HostileShape): string | undefined {
  return (
    compareLengths(rule, shape, SCREEN_LENGTH, SCREEN_LENGTH * 2) ??
    compareLengths(rule, shape, SCREEN_LENGTH * 2, SCREEN_LENGTH * 4) ??
    compareFullLengths(rule, shape)
  )
}

/**
 * When the text doubles, a linear rule may take four times as long in one step, where its memory outgrows a cache or
 * the young generation of the garbage collector. Only a quadratic rule does so in the next step too.
 */
function compareFullLengths(rule: TextRule, shape: HostileShape): string | undefined {
  const finding = compareLengths(rule, shape, HALF_LENGTH, FULL_LENGTH)
  return finding && compareLengths(rule, shape, FULL_LENGTH, FULL_LENGTH * 2)
}

function compareLengths(rule: TextRule, shape: HostileShape, length: number, doubled: number): string | undefined {
  const texts = [shape.build(length), shape.build(doubled)] as const
  let spentMs = 0
  let [singleMs, doubledMs] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    singleMs = Math.min(singleMs, measureOnceMs(rule, texts[0]))
    if (singleMs > TOO_LONG_MS) return `${shape.name}: ${singleMs.toFixed(0)} ms for ${length} characters`
    doubledMs = Math.min(doubledMs, measureOnceMs(rule, texts[1]))
    if (doubledMs - singleMs < NOISE_MS || doubledMs / singleMs < MAX_RATIO) return undefined
    spentMs += singleMs + doubledMs
    if (attempt + 1 >= MIN_ATTEMPTS && spentMs > MAX_COMPARE_MS) break
  }
  return `${shape.name}: ${singleMs.toFixed(1)} ms for ${length} characters, ${doubledMs.toFixed(1)} ms for ${doubled}`
}

function measureOnceMs(rule: TextRule, text: string): number {
  const startedAtMs = performance.now()
  const before = process.threadCpuUsage()
  rule(text)
  const used = process.threadCpuUsage(before)
  const elapsedMs = performance.now() - startedAtMs
  return elapsedMs < CPU_CLOCK_TICK_MS ? elapsedMs : Math.min(elapsedMs, (used.user + used.system) / 1000)
}

/** Builds each ordered pair twice: alternating (`abab`), and as a run of one before a run of the other (`aabb`). */
function createPairs(): HostileShape[] {
  return hostileUnits.flatMap((first) =>
    hostileUnits
      .filter((second) => second !== first)
      .flatMap((second) => [createRepetition(first + second), createRuns([first, second])]),
  )
}

function createTriples(): HostileShape[] {
  const random = createSeededRandom(11)
  return Array.from({ length: TRIPLES }, () => {
    const units = [random.pick(hostileUnits), random.pick(hostileUnits), random.pick(hostileUnits)]
    return random.below(2) === 0 ? createRepetition(units.join('')) : createRuns(units)
  })
}

function createRepetition(unit: string): HostileShape {
  return { name: `${JSON.stringify(unit)} repeated`, build: (length) => repeatToLength(unit, length) }
}

function createRuns(units: string[]): HostileShape {
  return {
    name: `runs of ${units.map((unit) => JSON.stringify(unit)).join(', ')}`,
    build: (length) => units.map((unit) => repeatToLength(unit, Math.floor(length / units.length))).join(''),
  }
}

function repeatToLength(unit: string, length: number): string {
  return unit.repeat(Math.ceil(length / unit.length)).slice(0, length)
}
