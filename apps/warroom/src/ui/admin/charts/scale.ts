/** Floating-point division is not exact: a quotient that should be a whole number may exceed it by less than this. */
const ROUNDING_TOLERANCE = 1e-9
/** Rounding to these significant digits removes the floating-point errors of a tick, such as 0.30000000000000004. */
const TICK_DIGITS = 12

/** Lists round values for an axis, from 0 to at least `maxValue`, in two or three steps. */
export function listTicks(maxValue: number): number[] {
  if (!(maxValue > 0)) return [0, 1] // This also holds for -Infinity, the maximum of no values.
  // The step is 1, 2, 2.5, 5 or 10 times a power of ten, and at least a third of `maxValue`.
  const roughStep = maxValue / 3
  const powerOfTen = 10 ** Math.floor(Math.log10(roughStep))
  const step = ([1, 2, 2.5, 5, 10].find((factor) => factor * powerOfTen >= roughStep) ?? 10) * powerOfTen
  const stepCount = Math.ceil(maxValue / step - ROUNDING_TOLERANCE)
  return Array.from({ length: stepCount + 1 }, (_, index) => Number((index * step).toPrecision(TICK_DIGITS)))
}

/** Lists ticks that are whole numbers, because a count has no fractions. */
export const listWholeTicks = (maxValue: number): number[] => [...new Set(listTicks(maxValue).map(Math.ceil))]

/** Returns the indexes of the labels that are shown, so that labels do not overlap. The last one is always shown. */
export function chooseLabelIndexes(count: number, widthPx: number, labelWidthPx: number): number[] {
  const step = Math.max(1, Math.ceil((count * labelWidthPx) / Math.max(widthPx, labelWidthPx)))
  const labelIndexes: number[] = []
  for (let index = count - 1; index >= 0; index -= step) labelIndexes.unshift(index)
  return labelIndexes
}

/** Finds the runs of consecutive known values. A line has a gap between two runs. */
export function findRuns(values: readonly (number | null)[]): number[][] {
  const runs: number[][] = []
  values.forEach((value, index) => {
    if (value === null) return
    const lastRun = runs.at(-1)
    if (lastRun && lastRun.at(-1) === index - 1) lastRun.push(index)
    else runs.push([index])
  })
  return runs
}

/** Returns where a mark begins on a bar: its centre is at the value, unless a part of it would be outside the bar. */
export const placeMark = (percent: number, widthPercent: number): number =>
  Math.min(Math.max(0, percent - widthPercent / 2), 100 - widthPercent)
