import type { Clock, Log, ReplyRef } from '../shared/index.ts'
import type { CancelSignals } from './cancel-signals.ts'
import type { ReplyStore } from './reply-store.ts'

export const LEASE_MS = 8_000
const RENEW_INTERVAL_MS = 2_500

/**
 * `end` stops the loop of renewals with this abort reason. All leases share it, because each abort without a reason
 * would create a new error with its stack.
 */
const LEASE_ENDED = new Error('The lease has ended.')

/** Says why writing has to stop before the reply is done. */
export class ReplyStoppedError extends Error {
  readonly reason: 'cancelled' | 'fenced' | 'shutdown' | 'postponed'

  constructor(reason: ReplyStoppedError['reason']) {
    super(`The reply is ${reason}.`)
    this.reason = reason
  }
}

/** Returns the error with which the lease's signal was aborted. Call this only after the abort. */
export const getStoppedError = ({ signal }: Pick<Lease, 'signal'>): ReplyStoppedError => signal.reason

export interface LeaseContext {
  replies: ReplyStore
  cancelSignals: CancelSignals
  clock: Clock
  log: Log
}

/** Represents a claimed reply while this worker owns it. */
export interface Lease {
  /** Holds the reply's id and its present attempt, which `startNextAttempt` raises. */
  readonly ref: ReplyRef
  /** If the writing has to stop, the signal is aborted with a `ReplyStoppedError` as its reason. */
  readonly signal: AbortSignal
  /** Raises the attempt for the next call to a model. @throws ReplyStoppedError if another worker has the reply */
  startNextAttempt(): Promise<ReplyRef>
  /** Stops the renewals and the watch for cancellations. It writes nothing. */
  end(): void
}

/**
 * Renews the lease until `end` is called. Aborts the lease's signal in three cases: the reply is cancelled, the reply
 * does not belong to this worker any more, or the process shuts down.
 */
export function startLease(ctx: LeaseContext, claimed: ReplyRef, shutdown: AbortSignal): Lease {
  const stopController = new AbortController()
  const endController = new AbortController()
  let ref = claimed
  let isChangingAttempt = false

  const stop = (reason: ReplyStoppedError['reason']) => stopController.abort(new ReplyStoppedError(reason))
  const renewLease = async (): Promise<void> => {
    const renewedRef = ref
    const { held, cancel_requested } = await ctx.replies.renew(renewedRef, LEASE_MS)
    // If the attempt has changed since the call, the result says nothing about the present attempt.
    if (isChangingAttempt || renewedRef !== ref || endController.signal.aborted) return
    if (!held) stop('fenced')
    else if (cancel_requested) stop('cancelled')
  }
  /**
   * Renews the lease and only logs a failure of the store. The writing may go on after such a failure: if another
   * worker has claimed the reply, the fence token stops the final write.
   */
  const renewOrLog = () =>
    renewLease().catch((cause) =>
      ctx.log.error('EngineerChat.lease_not_renewed', { message_id: ref.message_id }, cause),
    )

  const keepRenewing = async () => {
    while (!endController.signal.aborted) {
      await ctx.clock.sleep(RENEW_INTERVAL_MS, endController.signal)
      await renewOrLog()
    }
  }
  keepRenewing().catch(() => {}) // The sleep rejects when `end` is called.
  // A renewal also reads whether the reply is cancelled.
  const cancelWatch = ctx.cancelSignals.watch(claimed.message_id, () => void renewOrLog())
  const onShutdown = () => stop('shutdown')
  if (shutdown.aborted) onShutdown()
  shutdown.addEventListener('abort', onShutdown, { once: true })

  return {
    get ref() {
      return ref
    },
    signal: stopController.signal,
    async startNextAttempt() {
      isChangingAttempt = true
      const nextRef = await ctx.replies.startNextAttempt(ref, LEASE_MS)
      isChangingAttempt = false
      if (!nextRef) throw new ReplyStoppedError('fenced')
      ref = nextRef
      return nextRef
    },
    end() {
      endController.abort(LEASE_ENDED)
      cancelWatch.stop()
      shutdown.removeEventListener('abort', onShutdown)
    },
  }
}
