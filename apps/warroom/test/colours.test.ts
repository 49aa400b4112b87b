import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'tap'
import { TOKEN_KINDS } from '../src/text/highlighting/token-kinds.ts'

type Colour = [number, number, number]

const read = (path: string) => readFileSync(join(import.meta.dirname, '../src', path), 'utf8')
const css = `${read('styles/tokens.css')}\n${read('ui/admin/admin.css')}`
const SERIES = ['first', 'second', 'worst', 'idle']

/** The matrices for full colour blindness on linear light are those of Machado, Oliveira and Fernandes (2009). */
const EYES: Record<string, number[][]> = {
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

test('[ROOM25] what is drawn has a contrast of 3:1, and differs for the colour-blind, in both themes', async (t) => {
  for (const theme of ['dark', 'light'] as const) {
    const panel = linear(token(theme, 'panel'))
    for (const name of SERIES) {
      const contrast = contrastOf(linear(token(theme, name)), panel)
      t.ok(contrast >= 3, `${theme} ${name}: ${contrast.toFixed(1)}`)
    }
    for (const [eyes, matrix] of Object.entries(EYES)) {
      for (const [at, one] of SERIES.entries()) {
        for (const other of SERIES.slice(at + 1)) {
          const [a, b] = [one, other].map((name) => lab(seen(matrix, linear(token(theme, name)))))
          const distance = a && b ? Math.hypot(...a.map((value, axis) => value - (b[axis] ?? 0))) : 0
          t.ok(distance >= 20, `${theme}, ${eyes}: ${one} and ${other} are ${distance.toFixed(0)} apart`)
        }
      }
    }
  }
})

test('[ROOM90] coloured code has a contrast of 4.5:1 in both themes', async (t) => {
  for (const theme of ['dark', 'light'] as const) {
    for (const kind of TOKEN_KINDS) {
      const contrast = contrastOf(linear(token(theme, `code-${kind}`)), linear(token(theme, 'code-bg')))
      t.ok(contrast >= 4.5, `${theme} ${kind}: ${contrast.toFixed(1)}`)
    }
  }
})

/** The style sheet has dark colours first, and light ones under their theme. */
function token(theme: 'dark' | 'light', name: string): string {
  const all = [...css.matchAll(/:root(\[data-theme="light"\])? \{([^}]*)\}/g)]
  const values = all
    .filter(([, light]) => (light !== undefined) === (theme === 'light'))
    .flatMap(([, , body = '']) => [...body.matchAll(new RegExp(`--${name}: (#[0-9a-f]{6});`, 'g'))])
  const [, value] = values[0] ?? []
  if (!value) throw new Error(`${theme} has no ${name}`)
  return value
}

function linear(hex: string): Colour {
  const part = (at: number) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  }
  return [part(1), part(3), part(5)]
}

function luminance([r, g, b]: Colour): number {
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

function contrastOf(a: Colour, b: Colour): number {
  const [low = 0, high = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y)
  return (high + 0.05) / (low + 0.05)
}

function seen(matrix: number[][], colour: Colour): Colour {
  const [r = 0, g = 0, b = 0] = matrix.map((row) =>
    Math.min(
      1,
      Math.max(
        0,
        row.reduce((sum, weight, at) => sum + weight * (colour[at] ?? 0), 0),
      ),
    ),
  )
  return [r, g, b]
}

/** Returns the CIE 1976 distance, where 2 can just be distinguished side by side. */
function lab([r, g, b]: Colour): number[] {
  const curve = (value: number) => (value > 216 / 24_389 ? Math.cbrt(value) : ((24_389 / 27) * value + 16) / 116)
  const x = curve((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505)
  const y = curve(luminance([r, g, b]))
  const z = curve((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089)
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)]
}
