import t from 'tap'
import { parseBody } from '../../src/http/json-bodies.ts'

t.test('[HTTP16] a body gets no field that was not sent', async (t) => {
  for (const body of [
    { content: 'message_content' },
    { message_content: null },
    { a: { message_content: 1 } },
    { message_content: 'x' },
  ]) {
    t.strictSame(Object.entries(Object(parseBody(JSON.stringify(body)))), Object.entries(body))
  }
})
