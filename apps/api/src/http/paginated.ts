import { Nullable } from '@engineer-chat/protocol'
import { type TSchema, Type } from 'typebox'

/** Lists of things. */
export const Paginated = <T extends TSchema>(item: T) =>
  Type.Object({ items: Type.Array(item), next_cursor: Nullable(Type.String()) })
