/** A request of DynamoDB's protocol. Binary values, `{"B": "…"}` in Base64, become bytes. */
export function fromWire(text: string): unknown {
  return text.includes('"B":"') ? JSON.parse(text, withBytes) : JSON.parse(text)
}

export function toWire(value: unknown): string {
  return JSON.stringify(value, asText)
}

function withBytes(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('B' in value) || typeof value.B !== 'string')
    return value
  return { B: new Uint8Array(Buffer.from(value.B, 'base64')) }
}

function asText(_: string, value: unknown): unknown {
  return value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value
}
