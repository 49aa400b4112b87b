import t from 'tap'
import { markRanks } from '../../src/ranking/index.ts'
import type { RoomMessage } from '../../src/shared/index.ts'

const MAX_PIN_CODE_UNITS = 8_192

const createPin = (position: number, content: string): RoomMessage => ({
  message_id: `m${position}`,
  position,
  author: 'alice',
  created_at: '2026-01-01T00:00:00.000Z',
  content,
})

t.test('[RANK2] a pin is ranked by its first 8,192 code units', async (t) => {
  const inside = createPin(1, 'okapi'.padStart(MAX_PIN_CODE_UNITS))
  const outside = createPin(2, 'okapi'.padStart(MAX_PIN_CODE_UNITS + 1))
  const { pins } = markRanks({ pins: [inside, outside], messages: [] }, { text: 'where is the okapi' }, [])
  t.same(
    pins.map(({ rank }) => rank),
    [1, undefined],
  )
})

t.test('[RANK11] pins are ranked by the earlier questions, too', async (t) => {
  const [okapi, quagga, host] = [createPin(1, 'the okapi'), createPin(2, 'the quagga'), createPin(3, 'a host')]
  const query = { text: 'And the other host?', earlier: ['Where is the okapi?', 'Where is the quagga?'] }
  const { pins } = markRanks({ pins: [okapi, quagga, host], messages: [] }, query, [])
  t.same(
    pins.map(({ rank }) => rank),
    [2, 3, 1],
  )
})
