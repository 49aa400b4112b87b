import { TLP_LABELS, type Tlp } from '@engineer-chat/protocol'

/** A document of an event is never shared more widely than its event. */
export const getEffectiveTlp = (own: Tlp, ofEvent: Tlp | null): Tlp =>
  ofEvent === null ? own : chooseStricterTlp(own, ofEvent)

export const chooseStricterTlp = (one: Tlp, other: Tlp): Tlp => (isStricterTlp(other, one) ? other : one)

export const isStricterTlp = (one: Tlp, other: Tlp): boolean => TLP_LABELS.indexOf(one) > TLP_LABELS.indexOf(other)
