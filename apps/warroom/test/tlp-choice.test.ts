import type { Tlp } from '@engineer-chat/protocol'
import { test } from 'tap'
import { findAnswerTlp, findModelRestriction, mayChooseModel, mayUseVoice } from '../src/text/tlp.ts'

test('[TLP9] in a red room the reader can choose only models that the server allows, and in other rooms any model', async (t) => {
  t.equal(mayChooseModel({ answers_red: true }, 'red'), true)
  t.equal(mayChooseModel({ answers_red: false }, 'red'), false)
  t.equal(mayChooseModel({ answers_red: false }, 'amber+strict'), true)
  t.equal(mayChooseModel({}, 'red'), true, 'a node of an older version does not send `answers_red`')
  t.equal(mayChooseModel({ answers_red: false }, undefined), true, 'the room is not loaded yet')
})

test('[TLP9] the AI can’t be asked in a red room where no model may be chosen', async (t) => {
  const [inside, outside] = [{ answers_red: true }, { answers_red: false }]
  t.equal(findModelRestriction([outside, inside], 'red'), 'inside')
  t.equal(findModelRestriction([outside], 'red'), 'forbidden')
  t.equal(findModelRestriction([], 'red'), 'inside', 'the models are not loaded yet')
  t.equal(findModelRestriction([outside], 'amber'), 'none')
})

test('[TLP9] an external voice endpoint is not offered in a red room', async (t) => {
  t.equal(mayUseVoice({ inside: true }, 'red'), true)
  t.equal(mayUseVoice({ inside: false }, 'red'), false)
  t.equal(mayUseVoice({}, 'red'), false, 'a node of an older version does not send `inside`')
  t.equal(mayUseVoice({ inside: false }, 'amber'), true)
})

test('[TLP9] an answer that used a red text is treated as red, whatever the event’s label', async (t) => {
  const answerFrom = (...labels: Array<Tlp | undefined>) => ({
    message_content: {
      content: 'Call the insider.',
      sources: labels.map((tlp) => ({ id: 'doc1', kind: 'document' as const, label: 'Runbook', ...(tlp && { tlp }) })),
    },
  })
  t.equal(findAnswerTlp(answerFrom('green', 'red', undefined), 'green'), 'red')
  t.equal(findAnswerTlp(answerFrom('amber', undefined), 'green'), 'green')
  t.equal(findAnswerTlp({ message_content: { content: 'It is contained.' } }, 'green'), 'green', 'it has no sources')
  t.equal(findAnswerTlp({ ...answerFrom(), truncated: true }, 'green'), 'red', 'its sources are not loaded yet')
  t.equal(findAnswerTlp(answerFrom(), undefined), undefined, 'the room is not loaded yet')
})
