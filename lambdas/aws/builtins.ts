/*
 * What a quick start takes of Node's own modules, in whose place this stands in the bundle
 * (docs/decisions/0017): an ES module that imports one asks for all that it exports, WebCrypto
 * among it, and loads what is never needed.
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
