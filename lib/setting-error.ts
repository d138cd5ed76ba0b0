/** A setting that is missing or malformed; the message is for the person who gave it. */
export class SettingError extends Error {}
