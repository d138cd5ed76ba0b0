/** A mail to a person who uses the dashboard. It is not sent any more once it has expired. */
export type PersonalMail = SignInMail | WelcomeMail

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

/** The mail that tells somebody where the dashboard is, and what may be done there. */
export type WelcomeMail = {
  readonly kind: 'welcome'
  readonly to: string
  /** Where the dashboard is. */
  readonly link: string
  /** As in `owner of all projects`. */
  readonly part: string
  readonly expiresAt: number
}
