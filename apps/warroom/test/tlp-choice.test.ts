import { test } from 'tap'
import { findAskingLimits, mayChoose, mayUseVoice } from '../src/text/tlp.ts'

test('[TLP9] in a red room a model may be chosen if the server says so, and in others any', async (t) => {
  t.equal(mayChoose({ answers_red: true }, 'red'), true)
  t.equal(mayChoose({ answers_red: false }, 'red'), false)
  t.equal(mayChoose({ answers_red: false }, 'amber+strict'), true)
  t.equal(mayChoose({}, 'red'), true, 'a node of before does not say it')
  t.equal(mayChoose({ answers_red: false }, undefined), true, 'the room is not loaded yet')
})

test('[TLP9] the AI can’t be asked in a red room where no model may be chosen', async (t) => {
  const [inside, outside] = [{ answers_red: true }, { answers_red: false }]
  t.equal(findAskingLimits([outside, inside], 'red'), 'inside')
  t.equal(findAskingLimits([outside], 'red'), 'forbidden')
  t.equal(findAskingLimits([], 'red'), 'inside', 'the models are not loaded yet')
  t.equal(findAskingLimits([outside], 'amber'), 'none')
})

test('[TLP9] a voice outside is not offered in a red room', async (t) => {
  t.equal(mayUseVoice({ inside: true }, 'red'), true)
  t.equal(mayUseVoice({ inside: false }, 'red'), false)
  t.equal(mayUseVoice({}, 'red'), false)
  t.equal(mayUseVoice({ inside: false }, 'amber'), true)
})
