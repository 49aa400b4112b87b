import { toAgentContent } from '@engineer-chat/chat/rooms'
import { parseKeepingDigits } from '@engineer-chat/chat/written-number'
import { test } from 'tap'
import { findSuperLinear } from '../../testing/index.ts'

const storeAndRead = (json: string) => JSON.parse(JSON.stringify(toAgentContent(parseKeepingDigits(json) as object)))

test('[HTTP16] the text has the digits of a number as they were written; a field is a string where no double holds them', async (t) => {
  const json =
    '{"pid":12345678901234567890,"version":1.10,"ratio":0.1,"score":5.0,"tiny":1e-7,"big":1e400,"exact":0.1000000000000000055}'
  const { content, ...fields } = storeAndRead(json)
  t.same(fields, {
    pid: '12345678901234567890',
    version: 1.1,
    ratio: 0.1,
    score: 5,
    tiny: 1e-7,
    big: '1e400',
    exact: '0.1000000000000000055',
  })
  for (const digits of ['12345678901234567890', '1.10', '0.1', '5.0', '1e-7', '1e400', '0.1000000000000000055']) {
    t.match(content, `: ${digits}`)
  }
  t.same(storeAndRead('{"content":7.50}'), { content: 'content: 7.50', original_content: 7.5 })
  t.same(storeAndRead('{"content":"x","list":[9007199254740993,-0.0,1E3]}'), {
    content: 'x',
    list: ['9007199254740993', 0, 1000],
  })
})

test('[HTTP16] `__proto__` and `constructor` are data, and change nothing else', async (t) => {
  const content = toAgentContent(JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":2}}}'))
  t.equal(JSON.stringify(content).includes('"__proto__":{"polluted":1}'), true)
  t.match(content.content, 'proto')
  t.match(content.content, 'constructor:')
  t.equal(({} as Record<string, unknown>).polluted, undefined)
  t.equal(Object.getPrototypeOf(content), Object.prototype)
})

test('[LINEAR1] an agent’s content is read in linear time', async (t) => {
  t.same(
    findSuperLinear((text) => toAgentContent({ text, [text]: 1 })),
    [],
  )
})
