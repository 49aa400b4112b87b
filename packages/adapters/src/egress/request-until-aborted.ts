import { type Dispatcher, request } from 'undici'

type RequestOptions = NonNullable<Parameters<typeof request<null>>[1]>

/**
 * Sends a request, and rejects with the signal's reason as soon as the signal is aborted. undici alone would first wait
 * for the connection, which a proxy may delay until `connectTimeout`.
 */
export async function requestUntilAborted(
  url: string,
  { signal, ...options }: RequestOptions & { signal: AbortSignal },
): Promise<Dispatcher.ResponseData> {
  signal.throwIfAborted()
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const rejectWithReason = () => reject(signal.reason)
  signal.addEventListener('abort', rejectWithReason, { once: true })
  const response = request(url, { ...options, signal })
  try {
    return await Promise.race([response, aborted])
  } catch (error) {
    response.then(discardBody, () => {}) // A response may still arrive, and nobody reads it.
    throw error
  } finally {
    signal.removeEventListener('abort', rejectWithReason)
  }
}

function discardBody({ body }: Pick<Dispatcher.ResponseData, 'body'>): void {
  body.on('error', () => {})
  body.destroy()
}
