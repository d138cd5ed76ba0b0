/**
 * A terminal that remembers: `bytes` is what was answered, `out` the same as text, `err` what was
 * told beside it.
 */
export function makeTerminal() {
  const answered: Uint8Array[] = []
  let err = ''
  return {
    answer: (text: string | Uint8Array) =>
      void answered.push(typeof text === 'string' ? Buffer.from(`${text}\n`) : text),
    note: (text: string) => void (err += `${text}\n`),
    seen() {
      const bytes = Buffer.concat(answered)
      return { bytes, out: bytes.toString(), err }
    },
  }
}
