import { test } from 'tap'
import { findSuperLinear } from '../testing/index.ts'

test('[LINEAR1] the search for slow rules finds planted quadratic patterns and passes linear ones', async (t) => {
  t.match(findSuperLinear((text) => text.replace(/\s+$/, ''))[0], /runs of/, 'blanks before something else')
  t.match(findSuperLinear((text) => text.match(/\[[^\]]*\]\(x\)/))[0], /\[/, 'brackets that nothing closes')
  t.match(findSuperLinear((text) => text.match(/<a [^>]*>/))[0], /<a /, 'a token that begins again and again')
  t.same(
    findSuperLinear((text) => text.split('\n').map((line) => line.trimEnd())),
    [],
  )
  t.same(
    findSuperLinear((text) => text.replace(/[a-z]+/g, (word) => word.toUpperCase())),
    [],
  )
})
