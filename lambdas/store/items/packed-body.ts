const LARGEST_PACKED_BYTES = 350_000

/**
 * How many first bytes of a body are kept: up to the limit, as far as they fit into one item of 400
 * KB. Most bodies are short enough to fit in any case; the others are compressed to see.
 * @param limit of bytes; infinity for all
 */
export function keptBytes(body: Uint8Array, limit: number): number {
  const wanted = body.subarray(0, limit)
  const fits =
    wanted.length <= LARGEST_PACKED_BYTES || packed(wanted).length <= LARGEST_PACKED_BYTES
  return fits ? wanted.length : LARGEST_PACKED_BYTES
}

/**
 * Compresses with Brotli at a low level: bodies are text of a few kilobytes, and each ping that has
 * one waits for this.
 */
export function packed(body: Uint8Array): Uint8Array {
  const { brotliCompressSync, constants } = zlib()
  return brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } })
}

export function unpacked(body: Uint8Array): Uint8Array {
  return new Uint8Array(zlib().brotliDecompressSync(body))
}

/** Loads zlib when it is needed. Most pings have no body, and each cold start would wait for it. */
function zlib() {
  return process.getBuiltinModule('node:zlib')
}
