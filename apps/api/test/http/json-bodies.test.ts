import t from 'tap'
import { parseBody } from '../../src/http/json-bodies.ts'

// `parseBody` keeps all digits of numbers in a body's field `message_content`, so it replaces this field.
t.test('[HTTP16] a parsed body has the fields that were sent and no others', async (t) => {
  for (const body of [
    { content: 'message_content' },
    { message_content: null },
    { a: { message_content: 1 } },
    { message_content: 'x' },
  ]) {
    t.strictSame(Object.entries(Object(parseBody(JSON.stringify(body)))), Object.entries(body))
  }
})
