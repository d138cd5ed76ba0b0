import type { ToldStatus } from '../../domain/telling/message.ts'

/** How mails look, whatever they tell. */
export const background: Readonly<Record<ToldStatus, string>> = {
  DOWN: '#b3261e',
  'STILL DOWN': '#b3261e',
  UP: '#1e7d34',
}

/**
 * Paler than the text in any colour, because a mail program may show the mail on white or on black.
 */
export const quiet = 'opacity:0.65'

export const line = 'rgba(128,128,128,0.35)'

export const font =
  "font-family:-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"
