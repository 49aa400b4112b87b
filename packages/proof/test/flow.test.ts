import { startFixture } from '@engineer-chat/proof'
import t from 'tap'
import { proveCancel, proveRetry } from './flow/cancel-and-retry.ts'
import { provePrivacy } from './flow/privacy.ts'
import { provePrompts, proveSecrets } from './flow/prompts.ts'
import { proveRemoval } from './flow/removal.ts'
import { proveSharing } from './flow/sharing.ts'
import { proveStreaming } from './flow/streaming.ts'

const PROOFS = [
  proveStreaming,
  provePrivacy,
  proveSharing,
  proveCancel,
  proveRetry,
  provePrompts,
  proveSecrets,
  proveRemoval,
]

t.test('the product with two API nodes and two workers', async (t) => {
  const fixture = await startFixture({ apis: 2, workers: 2 })
  t.teardown(() => fixture.stop())
  for (const prove of PROOFS) prove(t, fixture)
})
