import t from 'tap'
import { defang, refang } from '../src/index.ts'

const PAIRS = [
  ['https://evil.example/a.php?u=http://b.example', 'hxxps://evil[.]example/a.php?u=hxxp://b.example'],
  ['ftp://evil.example', 'fxp://evil[.]example'],
  ['wss://evil.example:8443/x', 'wss[:]//evil[.]example:8443/x'],
  ['www.evil.example/x.y', 'www[.]evil[.]example/x.y'],
  ['anna.b@evil.example', 'anna[.]b[@]evil[.]example'],
  ['203.0.113.7', '203[.]0[.]113[.]7'],
  ['http://user@evil.example/', 'hxxp://user@evil[.]example/'],
] as const

t.test('[FILTER3] an address is defanged once, and comes back', async (t) => {
  for (const [live, inert] of PAIRS) {
    t.equal(defang(live), inert)
    t.equal(defang(inert), inert, 'what is defanged stays')
    t.equal(refang(inert), live)
    t.equal(refang(live), live)
  }
})

t.test('[FILTER3] other ways to defang are understood', async (t) => {
  for (const [written, live] of [
    ['hxxps[:]//evil(.)example[/]a', 'https://evil.example/a'],
    ['hxxp[://]evil [dot] example', 'http://evil.example'],
    ['anna (at) evil (dot) example', 'anna@evil.example'],
    ['fxp[:]//evil{.}example', 'ftp://evil.example'],
  ]) {
    t.equal(refang(written ?? ''), live)
  }
})
