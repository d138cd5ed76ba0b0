/** The mail by which somebody signs in. */
export type SignInMail = {
  readonly kind: 'sign-in'
  /** Absent when the address is nobody's: then nothing is sent, after the same work as else. */
  readonly to?: string
  readonly link: string
  readonly code: string
  /** Who asked: from which address of the internet, with which browser in words. */
  readonly address: string
  readonly browser: string
  readonly askedAt: number
  readonly expiresAt: number
}
