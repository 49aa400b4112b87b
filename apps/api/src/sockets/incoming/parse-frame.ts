import { ClientFrame } from '@engineer-chat/protocol'
import { Compile } from 'typebox/compile'

const clientFrame = Compile(ClientFrame)

/** Undefined for whatever isn't a frame of the protocol. Fields it doesn't know are left for newer clients. */
export function parseFrame(text: string): ClientFrame | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return clientFrame.Check(value) ? value : undefined
  } catch {
    return undefined
  }
}
