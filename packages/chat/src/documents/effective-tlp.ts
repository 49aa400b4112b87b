import { TLP_LABELS, type Tlp } from '@engineer-chat/protocol'

/** A document of an event is never shared more widely than its event. */
export const getEffectiveTlp = (ownLabel: Tlp, eventLabel: Tlp | null): Tlp =>
  eventLabel === null ? ownLabel : chooseStricterTlp(ownLabel, eventLabel)

export const chooseStricterTlp = (one: Tlp, other: Tlp): Tlp => (isStricterTlp(other, one) ? other : one)

/** Returns true if label `one` is stricter than label `other`. */
export const isStricterTlp = (one: Tlp, other: Tlp): boolean => TLP_LABELS.indexOf(one) > TLP_LABELS.indexOf(other)
