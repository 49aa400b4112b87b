import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'tap'
import { TOKEN_KINDS } from '../src/text/highlighting/token-kinds.ts'

type Colour = [number, number, number]

/** Two colours at a distance of 2 in CIELAB can just be distinguished side by side. */
const MIN_DISTANCE = 20

const readSource = (path: string) => readFileSync(join(import.meta.dirname, '../src', path), 'utf8')
const css = `${readSource('styles/tokens.css')}\n${readSource('ui/admin/admin.css')}`
/** Names the colours of the series in charts. */
const SERIES = ['first', 'second', 'worst', 'idle']

/** These matrices simulate complete colour blindness on linear sRGB (Machado, Oliveira and Fernandes 2009). */
const VISION_MATRICES: Record<string, number[][]> = {
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
  'no deficiency': [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
}

test('[ROOM25] in both themes the colours of charts have a contrast of 3:1, and differ for the colour-blind', async (t) => {
  for (const theme of ['dark', 'light'] as const) {
    const panel = toLinear(readToken(theme, 'panel'))
    for (const name of SERIES) {
      const contrast = getContrast(toLinear(readToken(theme, name)), panel)
      t.ok(contrast >= 3, `${theme} ${name}: ${contrast.toFixed(1)}`)
    }
    for (const [vision, matrix] of Object.entries(VISION_MATRICES)) {
      for (const [index, series] of SERIES.entries()) {
        for (const other of SERIES.slice(index + 1)) {
          const toSeenColour = (name: string) => toLab(applyVision(matrix, toLinear(readToken(theme, name))))
          const distance = getDistance(toSeenColour(series), toSeenColour(other))
          t.ok(distance >= MIN_DISTANCE, `${theme}, ${vision}: ${series} and ${other} are ${distance.toFixed(0)} apart`)
        }
      }
    }
  }
})

test('[ROOM90] coloured code has a contrast of 4.5:1 in both themes', async (t) => {
  for (const theme of ['dark', 'light'] as const) {
    for (const kind of TOKEN_KINDS) {
      const contrast = getContrast(toLinear(readToken(theme, `code-${kind}`)), toLinear(readToken(theme, 'code-bg')))
      t.ok(contrast >= 4.5, `${theme} ${kind}: ${contrast.toFixed(1)}`)
    }
  }
})

/** Reads a colour. In the style sheet, `:root` has the dark colours and `[data-theme="light"]` the light ones. */
function readToken(theme: 'dark' | 'light', name: string): string {
  const blocks = [...css.matchAll(/:root(\[data-theme="light"\])? \{([^}]*)\}/g)]
  const values = blocks
    .filter(([, lightSelector]) => (lightSelector !== undefined) === (theme === 'light'))
    .flatMap(([, , body = '']) => [...body.matchAll(new RegExp(`--${name}: (#[0-9a-f]{6});`, 'g'))])
  const [, value] = values[0] ?? []
  if (!value) throw new Error(`${theme} has no ${name}`)
  return value
}

/** Converts `#rrggbb` to linear sRGB, with channels from 0 to 1. */
function toLinear(hex: string): Colour {
  const toChannel = (index: number) => {
    const value = Number.parseInt(hex.slice(index, index + 2), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  }
  return [toChannel(1), toChannel(3), toChannel(5)]
}

/** Returns the relative luminance of WCAG. */
function getLuminance([r, g, b]: Colour): number {
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

/** Returns the contrast ratio of WCAG. */
function getContrast(a: Colour, b: Colour): number {
  const low = Math.min(getLuminance(a), getLuminance(b))
  const high = Math.max(getLuminance(a), getLuminance(b))
  return (high + 0.05) / (low + 0.05)
}

/** Returns the colour as a person with this vision sees it. */
function applyVision(matrix: number[][], colour: Colour): Colour {
  const [r = 0, g = 0, b = 0] = matrix.map((row) => {
    const sum = row.reduce((partialSum, weight, index) => partialSum + weight * (colour[index] ?? 0), 0)
    return Math.min(1, Math.max(0, sum))
  })
  return [r, g, b]
}

function getDistance(a: Colour, b: Colour): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2])
}

/** Converts a linear sRGB colour to CIELAB. */
function toLab([r, g, b]: Colour): Colour {
  const toCurve = (value: number) => (value > 216 / 24_389 ? Math.cbrt(value) : ((24_389 / 27) * value + 16) / 116)
  const x = toCurve((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505)
  const y = toCurve(getLuminance([r, g, b]))
  const z = toCurve((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089)
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)]
}
