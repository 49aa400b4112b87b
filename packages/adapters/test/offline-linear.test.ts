import { findSuperLinear } from '@engineer-chat/chat/testing'
import { test } from 'tap'
import { extractIndicators } from '../src/llm/offline/indicators.ts'

test('[LINEAR1] the offline analyst finds indicators in linear time', async (t) => {
  t.same(findSuperLinear(extractIndicators), [])
})
