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
  const abort = () => reject(signal.reason)
  signal.addEventListener('abort', abort, { once: true })
  const requested = request(url, { ...options, signal })
  try {
    return await Promise.race([requested, aborted])
  } catch (error) {
    requested.then(discardBody, () => {})
    throw error
  } finally {
    signal.removeEventListener('abort', abort)
  }
}

function discardBody({ body }: Pick<Dispatcher.ResponseData, 'body'>): void {
  body.on('error', () => {})
  body.destroy()
}
