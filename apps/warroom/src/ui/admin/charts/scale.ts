/** Lists an axis's round values from 0 to at least `top`, in three or four steps. */
export function listTicks(top: number): number[] {
  if (!(top > 0)) return [0, 1]
  const roughStep = top / 3
  const power = 10 ** Math.floor(Math.log10(roughStep))
  const step = ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= roughStep) ?? 10) * power
  const count = Math.ceil(top / step - 1e-9)
  return Array.from({ length: count + 1 }, (_, index) => Number((index * step).toPrecision(12)))
}

/** Lists whole numbers only, for things that are counted. */
export const listWholeTicks = (top: number): number[] => [...new Set(listTicks(top).map(Math.ceil))]

/** Chooses which labels are shown, so that each has room. The last one is always shown. */
export function chooseLabels(count: number, width: number, labelWidth: number): number[] {
  const step = Math.max(1, Math.ceil((count * labelWidth) / Math.max(width, labelWidth)))
  const shown: number[] = []
  for (let index = count - 1; index >= 0; index -= step) shown.unshift(index)
  return shown
}

/** Finds the runs of known values; between them the line is broken. */
export function findRuns(values: readonly (number | null)[]): number[][] {
  const runs: number[][] = []
  values.forEach((value, index) => {
    if (value === null) return
    const last = runs.at(-1)
    if (last && last.at(-1) === index - 1) last.push(index)
    else runs.push([index])
  })
  return runs
}
