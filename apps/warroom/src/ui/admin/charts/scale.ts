/** Lists an axis's round values from 0 to at least `top`, in three or four steps. */
export function listTicks(top: number): number[] {
  if (!(top > 0)) return [0, 1]
  const rough = top / 3
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = ([1, 2, 2.5, 5, 10].find((one) => one * power >= rough) ?? 10) * power
  const count = Math.ceil(top / step - 1e-9)
  return Array.from({ length: count + 1 }, (_, index) => Number((index * step).toPrecision(12)))
}

/** Lists whole numbers only, for things that are counted. */
export const listWholeTicks = (top: number): number[] => [...new Set(listTicks(top).map(Math.ceil))]

/** Chooses which labels are shown, so that each has room. The last one is always shown. */
export function chooseLabels(count: number, width: number, room: number): number[] {
  const every = Math.max(1, Math.ceil((count * room) / Math.max(width, room)))
  const shown: number[] = []
  for (let index = count - 1; index >= 0; index -= every) shown.unshift(index)
  return shown
}

/** Finds the runs of known values; between them the line is broken. */
export function findRuns(values: readonly (number | null)[]): number[][] {
  const found: number[][] = []
  values.forEach((value, index) => {
    if (value === null) return
    const last = found.at(-1)
    if (last && last.at(-1) === index - 1) last.push(index)
    else found.push([index])
  })
  return found
}
