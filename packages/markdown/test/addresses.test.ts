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

t.test('[FILTER3] a defanged address is not defanged again, and can be restored', async (t) => {
  for (const [address, defanged] of PAIRS) {
    t.equal(defang(address), defanged)
    t.equal(defang(defanged), defanged)
    t.equal(refang(defanged), address)
    t.equal(refang(address), address)
  }
})

t.test('[FILTER3] other notations of defanged addresses are restored', async (t) => {
  for (const [defanged, address] of [
    ['hxxps[:]//evil(.)example[/]a', 'https://evil.example/a'],
    ['hxxp[://]evil [dot] example', 'http://evil.example'],
    ['anna (at) evil (dot) example', 'anna@evil.example'],
    ['fxp[:]//evil{.}example', 'ftp://evil.example'],
  ]) {
    t.equal(refang(defanged ?? ''), address)
  }
})
