import type { Clock, Log, ReplyRef } from '../shared/index.ts'
import type { CancelSignals } from './cancel-signals.ts'
import type { ReplyStore } from './reply-store.ts'

export const LEASE_MS = 8_000
const RENEW_MS = 2_500

/** Made once: without a reason each abort makes an error with a stack of its own. */
const ENDED = new Error('The lease has ended.')

/** Says why writing has to stop before the model is done. */
export class Stop extends Error {
  readonly why: 'cancelled' | 'fenced' | 'shutdown'

  constructor(why: Stop['why']) {
    super(`The reply is ${why}.`)
    this.why = why
  }
}

export const getStop = ({ signal }: Pick<Lease, 'signal'>): Stop =>
  signal.reason instanceof Stop ? signal.reason : new Stop('shutdown')

export interface LeaseContext {
  replies: ReplyStore
  cancelHints: CancelSignals
  clock: Clock
  log: Log
}

/** A claimed reply while it is ours. */
export interface Lease {
  /** As it is now: `again` raises the attempt. */
  readonly ref: ReplyRef
  /** The signal is aborted with a `Stop` as its reason. */
  readonly signal: AbortSignal
  /** Another call within the claim. @throws Stop when the reply is no longer ours */
  startNextAttempt(): Promise<ReplyRef>
  /** Renews no more; the reply is finished or given up. */
  end(): void
}

/** Renews the lease until it is ended, and stops the writing when the row says so, the fence, or a shutdown. */
export function startLease(ctx: LeaseContext, claimed: ReplyRef, shutdown: AbortSignal): Lease {
  const stopped = new AbortController()
  const ended = new AbortController()
  let ref = claimed
  let changing = false

  const stop = (why: Stop['why']) => stopped.abort(new Stop(why))
  const look = async (): Promise<void> => {
    const asked = ref
    const { held, cancel_requested } = await ctx.replies.renew(asked, LEASE_MS)
    if (changing || asked !== ref || ended.signal.aborted) return // it spoke of an attempt that is over
    if (!held) stop('fenced')
    else if (cancel_requested) stop('cancelled')
  }
  /** A store that doesn't answer doesn't end the writing: at the finish the fence decides. */
  const tryLook = () =>
    look().catch((cause) => ctx.log.error('EngineerChat.lease_not_renewed', { message_id: ref.message_id }, cause))

  const renew = async () => {
    while (!ended.signal.aborted) {
      await ctx.clock.sleep(RENEW_MS, ended.signal)
      await tryLook()
    }
  }
  renew().catch(() => {}) // ended while it slept
  const hints = ctx.cancelHints.watch(claimed.message_id, () => void tryLook())
  const onShutdown = () => stop('shutdown')
  if (shutdown.aborted) onShutdown()
  shutdown.addEventListener('abort', onShutdown, { once: true })

  return {
    get ref() {
      return ref
    },
    signal: stopped.signal,
    async startNextAttempt() {
      changing = true
      const next = await ctx.replies.startNextAttempt(ref, LEASE_MS)
      changing = false
      if (!next) throw new Stop('fenced')
      ref = next
      return next
    },
    end() {
      ended.abort(ENDED)
      hints.stop()
      shutdown.removeEventListener('abort', onShutdown)
    },
  }
}
