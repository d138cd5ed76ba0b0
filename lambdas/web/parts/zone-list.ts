import { timeZoneNames } from '../../domain/schedule/zone-data.ts'
import { type Html, html } from '../html.ts'

/** The id by which fields name the list. */
export const zoneListId = 'zones'

/** What a browser proposes in a field for a time zone. */
export function zoneList(): Html {
  return html`<datalist id="${zoneListId}">
    ${timeZoneNames().map((name) => html`<option value="${name}"></option>`)}
  </datalist>`
}
