/*
 * Stands in the bundle in place of Node's own modules (docs/decisions/0017). An ES module that
 * imports one of those asks for all its exports, and so loads WebCrypto, which is never needed.
 */
export const {
  createHash,
  createHmac,
  createSecretKey,
  hash,
  randomBytes,
  randomUUID,
  timingSafeEqual,
} = process.getBuiltinModule('node:crypto')
export const { isIP } = process.getBuiltinModule('node:net')
