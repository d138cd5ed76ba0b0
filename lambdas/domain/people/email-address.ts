/**
 * An e-mail address as SES takes it, as recipient and as sender, without a display name: narrower
 * than RFC 5322, and nothing that could end a line or begin another address.
 */
export const emailAddress =
  /^(?=.{1,254}$)[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?=.{1,253}$)(?:[a-zA-Z0-9-]{1,63}\.)+[a-zA-Z0-9-]{2,63}$/
