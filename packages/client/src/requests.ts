import type { ApiRequest } from './http-request.ts'

export interface CursorPage<T> {
  items: T[]
  next_cursor: string | null
}

export type Query = Record<string, string | number | undefined>
export type WriteMethod = 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** Sends requests of the signed-in user. @throws ApiProblem, ConnectionFailedError; the signal's reason */
export interface Requests {
  /** Resolves to the response's body. */
  get<T>(path: string, query?: Query, signal?: AbortSignal): Promise<T>
  /** Resolves to the response's body. */
  write<T>(method: WriteMethod, path: string, body?: unknown): Promise<T>
  /** Resolves to a successful response, whose body is still unread. */
  fetchResponse(request: ApiRequest): Promise<Response>
}

/** Builds a path from a template whose values are ids, and escapes these: toPath`/api/events/${event_id}`. */
export const toPath = (parts: TemplateStringsArray, ...ids: string[]): string =>
  parts.map((part, index) => part + encodeURIComponent(ids[index] ?? '')).join('')
