import { type Static, Type } from 'typebox'
import { EventId, MessageId, Nullable, Timestamp, UserId, Visibility } from './scalars.ts'

export const FilterFindingKind = Type.Enum(
  ['remote_image', 'misleading_link', 'indicator_link', 'unsafe_link', 'secret_in_link', 'html', 'mark_repeated'],
  {
    description:
      'It names what the output filter found in an answer. `mark_repeated` means that the answer repeats the random marker around texts of others in the prompt.',
  },
)
export type FilterFindingKind = Static<typeof FilterFindingKind>

export const FilterFinding = Type.Object({
  kind: FilterFindingKind,
  count: Type.Integer({ minimum: 1 }),
  examples: Type.Array(Type.String(), {
    description:
      'They are defanged. The list is empty for another user’s private session, unless a setting shows these to admins.',
  }),
  in_reasoning: Type.Optional(
    Type.Boolean({ description: 'True means that the finding is in the model’s reasoning, not in its answer.' }),
  ),
})
export type FilterFinding = Static<typeof FilterFinding>

export const Verdict = Type.Enum(['harmless', 'wrong', 'harmful'])
export type Verdict = Static<typeof Verdict>

export const FlaggedReply = Type.Object(
  {
    message_id: MessageId,
    event_id: EventId,
    user_id: Type.Union([UserId, Type.Null()], { description: 'It is the id of the asker.' }),
    visibility: Visibility,
    model: Nullable(Type.String()),
    prompt_version: Nullable(Type.String()),
    hits: Type.Array(FilterFinding),
    text: Nullable(
      Type.String({
        description:
          'It is the flagged answer. It is null if the reply was retried after it was flagged. It is also null for another user’s private session, unless a setting shows these to admins.',
      }),
    ),
    verdict: Nullable(Verdict),
    note: Nullable(Type.String()),
    reviewed_by: Nullable(UserId),
    reviewed_at: Nullable(Timestamp),
    created_at: Timestamp,
  },
  { $id: 'FlaggedReply' },
)
export type FlaggedReply = Static<typeof FlaggedReply>

/** A reply matches if every given field matches. */
export const FlaggedReplyFilter = Type.Object({
  verdict: Type.Optional(
    Type.Enum(['none', 'harmless', 'wrong', 'harmful'], { description: '`none` selects replies without a verdict.' }),
  ),
  kind: Type.Optional(FilterFindingKind),
})
export type FlaggedReplyFilter = Static<typeof FlaggedReplyFilter>

export const JudgeReply = Type.Object({
  verdict: Verdict,
  note: Type.Optional(Type.String({ maxLength: 2_000 })),
})
export type JudgeReply = Static<typeof JudgeReply>
