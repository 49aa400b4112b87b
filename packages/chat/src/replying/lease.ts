import type { Clock, Log, ReplyRef } from '../shared/index.ts'
import type { CancelSignals } from './cancel-signals.ts'
import type { ReplyStore } from './reply-store.ts'

export const LEASE_MS = 8_000
const RENEW_INTERVAL_MS = 2_500

/** All leases share this reason, because an abort without a reason creates an error with a stack each time. */
const ENDED = new Error('The lease has ended.')

/** Says why writing has to stop before the reply is done. */
export class ReplyStoppedError extends Error {
  readonly reason: 'cancelled' | 'fenced' | 'shutdown' | 'postponed'

  constructor(reason: ReplyStoppedError['reason']) {
    super(`The reply is ${reason}.`)
    this.reason = reason
  }
}

/** Returns the reason why the writing has to stop. It is called only after the signal was aborted. */
export const getStoppedError = ({ signal }: Pick<Lease, 'signal'>): ReplyStoppedError => signal.reason

export interface LeaseContext {
  replies: ReplyStore
  cancelSignals: CancelSignals
  clock: Clock
  log: Log
}

/** Represents a claimed reply while this worker owns it. */
export interface Lease {
  /** This is the current reference; `startNextAttempt` raises its attempt. */
  readonly ref: ReplyRef
  /** If the writing has to stop, the signal is aborted with a `ReplyStoppedError` as its reason. */
  readonly signal: AbortSignal
  /** Raises the attempt for another call within the claim. @throws ReplyStoppedError if another worker has the reply */
  startNextAttempt(): Promise<ReplyRef>
  /** Stops the renewals, when the reply is finished or released. */
  end(): void
}

/**
 * Renews the lease until `end` is called. Stops the writing if the reply is cancelled or another worker claims it, and
 * on a shutdown.
 */
export function startLease(ctx: LeaseContext, claimed: ReplyRef, shutdown: AbortSignal): Lease {
  const stopped = new AbortController()
  const ended = new AbortController()
  let ref = claimed
  let isChangingAttempt = false

  const stop = (reason: ReplyStoppedError['reason']) => stopped.abort(new ReplyStoppedError(reason))
  const renewLease = async (): Promise<void> => {
    const renewedRef = ref
    const { held, cancel_requested } = await ctx.replies.renew(renewedRef, LEASE_MS)
    // The result says nothing about the present attempt if another one has begun meanwhile.
    if (isChangingAttempt || renewedRef !== ref || ended.signal.aborted) return
    if (!held) stop('fenced')
    else if (cancel_requested) stop('cancelled')
  }
  /** Logs a failure of the store and continues the writing, because the fence token decides at the finish. */
  const tryRenew = () =>
    renewLease().catch((cause) =>
      ctx.log.error('EngineerChat.lease_not_renewed', { message_id: ref.message_id }, cause),
    )

  const keepRenewing = async () => {
    while (!ended.signal.aborted) {
      await ctx.clock.sleep(RENEW_INTERVAL_MS, ended.signal)
      await tryRenew()
    }
  }
  keepRenewing().catch(() => {}) // The sleep rejects when the lease ends.
  // A renewal also reads whether the reply is cancelled.
  const cancelWatch = ctx.cancelSignals.watch(claimed.message_id, () => void tryRenew())
  const onShutdown = () => stop('shutdown')
  if (shutdown.aborted) onShutdown()
  shutdown.addEventListener('abort', onShutdown, { once: true })

  return {
    get ref() {
      return ref
    },
    signal: stopped.signal,
    async startNextAttempt() {
      isChangingAttempt = true
      const nextRef = await ctx.replies.startNextAttempt(ref, LEASE_MS)
      isChangingAttempt = false
      if (!nextRef) throw new ReplyStoppedError('fenced')
      ref = nextRef
      return nextRef
    },
    end() {
      ended.abort(ENDED)
      cancelWatch.stop()
      shutdown.removeEventListener('abort', onShutdown)
    },
  }
}
