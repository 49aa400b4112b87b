import { ClientFrame } from '@engineer-chat/protocol'
import { Compile } from 'typebox/compile'

const clientFrame = Compile(ClientFrame)

/** Returns undefined if the text is not a frame of the protocol. Fields that only newer clients know are accepted. */
export function parseFrame(text: string): ClientFrame | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return clientFrame.Check(value) ? value : undefined
  } catch {
    return undefined
  }
}
